"""What is asked when a teacher is away: which days, which groups, and who gives the lessons."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from markupsafe import Markup
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.models import Account
from portal.core.http.forms import DayField, InputRequired, choices
from portal.core.http.languages import _, _l, _n, verbatim
from portal.courses.forms import CoursesForm, TaughtForm
from portal.courses.replacements.queries import GivenGroup

_NEEDED = InputRequired(_l("Kies een dag."))
_WEEK = timedelta(days=6)


class AwayForm(CoursesForm):
    """On which days a teacher is away."""

    starts_on = DayField(_l("Vanaf"), validators=[_NEEDED])
    ends_on = DayField(_l("Tot en met"), validators=[_NEEDED])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the days and their order."""
        sound = super().validate(*args, **kwargs)
        if sound and self.ends_on.data < self.starts_on.data:
            self.ends_on.errors = [str(self.messages["ends_before_start"])]
        return sound and not self.ends_on.errors

    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return self.starts_on.data, self.ends_on.data


def usual_days(day: date) -> dict[str, date]:
    """Return the days that are proposed: a week from a day on."""
    return {"starts_on": day, "ends_on": day + _WEEK}


class ReplacementForm(TaughtForm):
    """Who gives the lessons of these days, to which of the groups."""

    messages: ClassVar[Mapping[str, Any]] = {
        **CoursesForm.messages,
        "no_group": _l("Kies minstens één groep."),
        "in_the_past": _l("Kies vandaag of een latere dag."),
        "too_many_days": _l("Een vervanging duurt ten hoogste een jaar. Draag de groepen anders over."),
        "same_person": _l("Niemand vervangt zichzelf. Kies iemand anders."),
        "teaches_already": _l("Deze docent staat in deze periode al bij %(group)s. Haal daar het vinkje weg."),
    }

    starts_on = DayField(_l("Vanaf"), validators=[_NEEDED])
    ends_on = DayField(_l("Tot en met"), validators=[_NEEDED])
    substitute_id = SelectField(
        _l("Wie geeft deze lessen?"), coerce=str, validators=[InputRequired(_l("Kies een docent."))]
    )
    groups = SelectMultipleField(
        _l("Bij welke groepen?"), coerce=str, widget=ListWidget(), option_widget=CheckboxInput()
    )

    def offer(self, given: Sequence[GivenGroup], teachers: Sequence[Account], busy: Mapping[UUID, int]) -> None:
        """Let the choices be these groups, all ticked unless sent otherwise, and these teachers, the free ones said."""
        self.groups.choices = [
            SelectChoice(str(group.id), Markup("{} ({})").format(verbatim(group.name), _lessons(len(group.lesson_ids))))
            for group in given
        ]
        named = [
            SelectChoice(str(each.id), f"{each.name} ({_standing(busy.get(each.id, 0))})", {"translate": "no"})
            for each in sorted(teachers, key=lambda each: bool(busy.get(each.id)))
        ]
        self.substitute_id.choices = [*choices([("", _("Kies"))]), *named]
        if not self.is_submitted():
            self.groups.data = [str(group.id) for group in given]

    def group_ids(self) -> list[UUID]:
        """Return which groups are ticked."""
        return [UUID(each) for each in self.groups.data or ()]


def _lessons(count: int) -> str:
    return _n("%(num)s les", "%(num)s lessen", count)


def _standing(busy: int) -> str:
    if not busy:
        return _("vrij")
    return _n("geeft bij %(num)s les zelf les", "geeft bij %(num)s lessen zelf les", busy)
