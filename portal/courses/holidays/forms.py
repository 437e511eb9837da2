"""Which holidays are filled in: of which school year and region, and for each whether, and on which days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Optional

from portal.core.errors import Refusal
from portal.core.http.forms import DayField, Form, choices
from portal.core.http.languages import _, _l, verbatim
from portal.courses.forms import CoursesForm
from portal.courses.holidays.calendar import Closing, span_of
from portal.courses.holidays.queries import find_like
from portal.courses.holidays.services import ChosenHoliday
from portal.courses.models import Holiday
from portal.schools.models import HolidayRegion

REGIONS: dict[HolidayRegion, Any] = {
    HolidayRegion.NORTH: _l("Noord"),
    HolidayRegion.MIDDLE: _l("Midden"),
    HolidayRegion.SOUTH: _l("Zuid"),
}


class LineForm(CoursesForm):
    """One holiday of the list. `seen` is how many lessons the page said would be dropped."""

    class Meta(Form.Meta):
        """Protected against forged posts with the form that it stands in."""

        csrf = False

    chosen = BooleanField(_l("Vul in"))
    starts_on = DayField(_l("Eerste dag"), validators=[Optional()])
    ends_on = DayField(_l("Laatste dag"), validators=[Optional()])
    seen = HiddenField()


@dataclass
class Line:
    """A holiday of the list: what it is, its fields, the one that is there already, and the lessons it drops."""

    closing: Closing
    form: LineForm
    there: Holiday | None
    dropped: int = 0
    kept: int = 0

    @property
    def is_chosen(self) -> bool:
        """Say whether it is ticked, and can be."""
        return self.there is None and bool(self.form.chosen.data)

    def check(self, year: int) -> bool:
        """Say whether its days can be stored; what isn't ticked is not looked at."""
        sound = self.form.validate()
        if self.is_chosen and sound:
            self._check_days(*span_of(year))
        elif not self.is_chosen:
            for field in self.form:
                field.errors = []
        return not any(field.errors for field in self.form)

    def _check_days(self, first: date, last: date) -> None:
        form = self.form
        days = [form.starts_on, form.ends_on] if self.closing.is_school_holiday else [form.starts_on]
        for field in days:
            if field.data is None:
                field.errors = [_("Vul dit in.")]
            elif not first <= field.data <= last:
                school_year = f"{first.year}-{last.year}"
                field.errors = [_("Deze dag valt niet in het schooljaar %(year)s. Kijk het jaar na.", year=school_year)]
        if not any(field.errors for field in days) and days[-1].data < days[0].data:
            days[-1].errors = [str(form.messages["ends_before_start"])]

    def must_ask(self, *, dropped: int, kept: int) -> bool:
        """Say whether the page has yet to say how many lessons this drops; from then on it has."""
        self.dropped, self.kept = dropped, kept
        said, self.form.seen.data = self.form.seen.data or "0", str(dropped)
        return bool(said != self.form.seen.data)

    def value(self) -> ChosenHoliday:
        """Return it as the service takes it."""
        return ChosenHoliday(
            key=self.closing.key, name=self.closing.name, starts_on=self.form.starts_on.data, ends_on=self._last()
        )

    def _last(self) -> date:
        last: date = self.form.ends_on.data if self.closing.is_school_holiday else self.form.starts_on.data
        return last


class FillForm(CoursesForm):
    """The school year and the region, and the lines that these give (`lines`)."""

    messages: ClassVar[Mapping[str, Any]] = {
        **CoursesForm.messages,
        "nothing_chosen": _l("Kies minstens één vakantie of feestdag."),
    }

    year = SelectField(_l("Schooljaar"), coerce=int)
    region = SelectField(_l("Regio"))

    def __init__(self, years: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[Line] = []
        self.year.choices = choices((str(year), verbatim(f"{year}-{year + 1}")) for year in years)
        self.region.choices = choices((region.value, words) for region, words in REGIONS.items())

    def add_lines(self, closings: Sequence[Closing], *, there: Sequence[Holiday], planned: Mapping[date, int]) -> None:
        """Make a line of each holiday: ticked where schools are closed then as a rule, and it isn't over."""
        for closing in closings:
            drops = sum(count for on, count in planned.items() if closing.covers(on))
            usual = {
                "chosen": closing.is_usual and closing.ends_on is not None and not closing.is_over,
                "starts_on": closing.starts_on,
                "ends_on": closing.ends_on,
                "seen": str(drops),
            }
            line = LineForm(prefix=f"{closing.key}-", data=usual)
            if not closing.is_school_holiday:
                line.starts_on.label.text = _("Dag")
            self.lines.append(Line(closing, line, there=_find(closing, there), dropped=drops))

    def asked_region(self) -> HolidayRegion:
        """Return the region that was chosen."""
        return HolidayRegion(self.region.data)

    def check_lines(self) -> bool:
        """Say whether all that is ticked can be stored; where not, the form says so above its fields."""
        wrong = [line.closing.name for line in self.lines if not line.check(self.year.data)]
        if wrong:
            self.form_errors.append(_("Kijk de datums na van: %(names)s.", names=", ".join(wrong)))
        return not wrong

    @property
    def school_holidays(self) -> list[Line]:
        """Return the lines of the ministry's school holidays."""
        return [line for line in self.lines if line.closing.is_school_holiday]

    @property
    def national_days(self) -> list[Line]:
        """Return the lines of the days that are the same everywhere."""
        return [line for line in self.lines if not line.closing.is_school_holiday]

    def chosen(self) -> list[Line]:
        """Return the lines that are ticked."""
        return [line for line in self.lines if line.is_chosen]

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the holiday it is about, or above the form."""
        line = next((each for each in self.lines if each.closing.key == refusal.facts.get("key")), None)
        if line is None:
            super().refuse(refusal)
        else:
            line.form.refuse(refusal)


def _find(closing: Closing, there: Sequence[Holiday]) -> Holiday | None:
    if closing.starts_on is None or closing.ends_on is None:
        return next((each for each in there if each.name == closing.name), None)
    return find_like(there, name=closing.name, starts_on=closing.starts_on, ends_on=closing.ends_on)


def find_region(code: str | None) -> HolidayRegion | None:
    """Return the region of a code, or None."""
    return next((region for region in HolidayRegion if region.value == code), None)
