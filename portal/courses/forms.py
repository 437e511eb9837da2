"""What may be submitted about courses, groups, the timetable and single lessons."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import Length, NumberRange, Optional

from portal.core.errors import Refusal
from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices, stripped
from portal.core.http.languages import _, _l
from portal.courses.clashes.labels import describe_clash
from portal.courses.groups.queries import list_courses, list_teaching_accounts
from portal.courses.models import MOST_BREAK, MOST_PLACES, CourseKind, LessonKind, LessonPlace

KINDS: dict[CourseKind, Any] = {
    CourseKind.LITERACY: _l("Alfabetisering"),
    CourseKind.INTEGRATION: _l("Inburgering"),
    CourseKind.NT2: _l("NT2"),
    CourseKind.ONA: _l("ONA"),
    CourseKind.KNM: _l("KNM"),
    CourseKind.OTHER: _l("Anders"),
}
LESSON_KINDS: dict[LessonKind, Any] = {
    LessonKind.NT2: _l("NT2"),
    LessonKind.LITERACY: _l("Alfabetisering"),
    LessonKind.KNM: _l("KNM"),
    LessonKind.ONA: _l("ONA"),
    LessonKind.PARTICIPATION: _l("Participatie"),
}
LESSON_PLACES: dict[LessonPlace, Any] = {
    LessonPlace.SCHOOL: _l("op school"),
    LessonPlace.DISTANCE: _l("op afstand"),
}
WEEKDAYS: tuple[Any, ...] = (
    _l("maandag"),
    _l("dinsdag"),
    _l("woensdag"),
    _l("donderdag"),
    _l("vrijdag"),
    _l("zaterdag"),
    _l("zondag"),
)
_NEEDED = InputRequired(_l("Vul dit in."))
_DAY = 24 * 60


class HourField(TimeField):
    """A time of the day; seconds, which some browsers send along, are left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read hours and minutes; raises ValueError where it isn't a time."""
        super().process_formdata([value[:5] for value in valuelist])


class CoursesForm(Form):
    """The base of these forms: their words."""

    messages: ClassVar[Mapping[str, Any]] = {
        "name_taken": _l("Deze naam bestaat al. Kies een andere."),
        "ends_before_start": _l("Het einde ligt vóór het begin. Kijk beide na."),
        "no_teacher": _l("Deze persoon is geen docent van de school."),
        "substitute_needs_end": _l("Geef aan tot en met welke dag de vervanging duurt."),
        "teaches_already": _l("Deze docent staat in deze periode al bij de groep."),
        "slot_overlaps": _l("De groep heeft op deze dag en tijd al les."),
        "break_too_long": _l("De pauze kan bij deze les hooguit %(longest)s minuten zijn."),
        "past_midnight": _l(
            "De les eindigt vóór het begin. Gaat de les door na middernacht? Maak dan twee lessen: één tot 23:59 en één"
            " vanaf 00:00 op de volgende dag."
        ),
        "hour_skipped": _l(
            "Deze tijd bestaat op deze dag niet: de klok gaat dan een uur vooruit. Kies een andere tijd."
        ),
        "lesson_twice": _l("De groep heeft op dit moment al een les."),
        "lesson_has_marks": _l("In deze les is al presentie ingevuld. Annuleer de les als hij niet doorging."),
        "holiday_too_long": _l("Dat zijn meer dan 100 dagen. Kijk de datums na."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
    }


class BareForm(CoursesForm):
    """Nothing but the protection against forged posts."""


class CourseForm(CoursesForm):
    """A course."""

    name = StringField(_l("Naam"), filters=[stripped], validators=[_NEEDED, Length(max=120)])
    kind = SelectField(_l("Soort"), choices=choices((kind.value, words) for kind, words in KINDS.items()))
    is_active = BooleanField(_l("Deze cursus wordt gegeven"), default=True)

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {"name": self.name.data, "kind": CourseKind(self.kind.data), "is_active": self.is_active.data}


class TaughtForm(CoursesForm):
    """What can be planned at the time of another lesson; `despite` is asked only where it is."""

    despite = BooleanField(_l("Ja, zo is het bedoeld"))

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside its field; of lessons at the same time each is said, with its day and hours."""
        if refusal.code != "at_once":
            super().refuse(refusal)
            return
        said = [describe_clash(clash) for clash in refusal.facts["clashes"]]
        self.despite.errors = [*said, _("Is dat de bedoeling? Zet dan een vinkje en sla opnieuw op.")]


class GroupForm(TaughtForm):
    """A group."""

    name = StringField(_l("Naam"), filters=[stripped], validators=[_NEEDED, Length(max=120)])
    course_id = SelectField(_l("Cursus"), coerce=str, validators=[_NEEDED])
    room = StringField(_l("Lokaal"), filters=[stripped], validators=[Length(max=60)])
    capacity = IntegerField(
        _l("Aantal plaatsen"),
        description=_l("Is de groep vol? Dan vraagt de pagina het na voordat er nog iemand bij komt."),
        validators=[
            Optional(),
            NumberRange(
                1, MOST_PLACES, message=_l("Vul een getal van 1 tot en met %(most)s in, of niets.", most=MOST_PLACES)
            ),
        ],
    )
    starts_on = DayField(_l("Eerste dag"), validators=[_NEEDED])
    ends_on = DayField(
        _l("Laatste dag"),
        description=_l("Vaste lessen na deze dag vervallen, behalve lessen die iemand heeft gewijzigd."),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course_id.choices = named_choices((course.id, course.name) for course in list_courses())

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {
            "name": self.name.data,
            "course_id": UUID(self.course_id.data),
            "room": self.room.data,
            "capacity": self.capacity.data,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "despite": self.despite.data,
        }


class RestoreForm(TaughtForm):
    """A lesson that is put back."""


class TeacherForm(TaughtForm):
    """Who teaches a group, from a day and perhaps until one."""

    account_id = SelectField(_l("Docent"), coerce=str, validators=[_NEEDED])
    starts_on = DayField(_l("Vanaf"), validators=[_NEEDED])
    ends_on = DayField(_l("Tot en met"), validators=[Optional()])
    is_substitute = BooleanField(_l("Dit is een vervanger"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_id.choices = named_choices((account.id, account.name) for account in list_teaching_accounts())

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {
            "account_id": UUID(self.account_id.data),
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "is_substitute": self.is_substitute.data,
            "despite": self.despite.data,
        }


class EndForm(CoursesForm):
    """Until when something lasts."""

    ends_on = DayField(_l("Laatste dag"), validators=[_NEEDED])


class _TimesForm(TaughtForm):
    starts_at = HourField(_l("Begint om"), validators=[_NEEDED])
    ends_at = HourField(_l("Eindigt om"), validators=[_NEEDED])
    break_minutes = IntegerField(
        _l("Pauze in minuten"),
        default=0,
        validators=[
            InputRequired(_l("Vul 0 of meer in.")),
            NumberRange(0, message=_l("Vul 0 of meer in.")),
            NumberRange(
                max=_DAY, message=_l("De pauze kan bij deze les hooguit %(longest)s minuten zijn.", longest=MOST_BREAK)
            ),
        ],
    )
    kind = SelectField(
        _l("Soort les"),
        description=_l("Voor welke uren de les telt."),
        choices=choices((kind.value, label) for kind, label in LESSON_KINDS.items()),
    )
    place = SelectField(_l("Waar"), choices=choices((place.value, label) for place, label in LESSON_PLACES.items()))
    room = StringField(_l("Lokaal"), filters=[stripped], validators=[Length(max=60)])

    def times(self) -> dict[str, Any]:
        """Return the times as the services take them."""
        return {
            "starts_at": self.starts_at.data,
            "ends_at": self.ends_at.data,
            "break_minutes": self.break_minutes.data,
            "kind": LessonKind(self.kind.data),
            "place": LessonPlace(self.place.data),
            "room": self.room.data,
            "despite": self.despite.data,
        }


class SlotForm(_TimesForm):
    """A weekly lesson."""

    weekday = SelectField(_l("Dag"), coerce=int, choices=choices((str(at), day) for at, day in enumerate(WEEKDAYS)))
    from_on = DayField(_l("Vanaf"), validators=[_NEEDED])
    until_on = DayField(_l("Tot en met"), validators=[Optional()])

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {
            "weekday": self.weekday.data,
            "from_on": self.from_on.data,
            "until_on": self.until_on.data,
            **self.times(),
        }


class LessonForm(_TimesForm):
    """A single lesson."""

    held_on = DayField(_l("Datum"), validators=[_NEEDED])
    substitute_id = SelectField(_l("Vervanger voor deze les"), coerce=str, validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(account.id, account.name) for account in list_teaching_accounts()]
        self.substitute_id.choices = [*choices([("", _("niemand"))]), *named_choices(known)]

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        substitute = self.substitute_id.data
        return {
            "held_on": self.held_on.data,
            "substitute_id": UUID(substitute) if substitute else None,
            **self.times(),
        }


class CancelForm(CoursesForm):
    """Why a lesson is cancelled."""

    because = TextAreaField(
        _l("Waarom gaat de les niet door?"),
        description=_l("Cursisten lezen dit bij hun lessen. Schrijf niets over wie er ziek is of waarom."),
        filters=[stripped],
        validators=[_NEEDED, Length(max=300)],
        render_kw={"rows": "2"},
    )


class HolidayForm(CoursesForm):
    """Days without lessons. `seen` is how many lessons the page said would be dropped."""

    name = StringField(_l("Naam"), filters=[stripped], validators=[_NEEDED, Length(max=120)])
    starts_on = DayField(_l("Eerste dag"), validators=[_NEEDED])
    ends_on = DayField(_l("Laatste dag"), validators=[_NEEDED])

    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {"name": self.name.data, "starts_on": self.starts_on.data, "ends_on": self.ends_on.data}

    def must_ask(self, dropped: int) -> bool:
        """Say whether the page has yet to say how many lessons these days drop; from then on it has."""
        said, self.seen.data = self.seen.data or "0", str(dropped)
        return bool(said != self.seen.data)


class TermForm(CoursesForm):
    """A term."""

    name = StringField(_l("Naam"), filters=[stripped], validators=[_NEEDED, Length(max=120)])
    starts_on = DayField(_l("Eerste dag"), validators=[_NEEDED])
    ends_on = DayField(_l("Laatste dag"), validators=[_NEEDED])

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {"name": self.name.data, "starts_on": self.starts_on.data, "ends_on": self.ends_on.data}
