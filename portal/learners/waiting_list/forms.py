"""What may be submitted about who waits for a place."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices, stripped
from portal.core.http.languages import _, _l
from portal.courses.groups.queries import GroupView
from portal.courses.models import Course
from portal.learners.enrolments.forms import JoinForm
from portal.learners.enrolments.queries import Payer
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.trajectories.models import Route
from portal.learners.waiting_list.labels import CHOSEN
from portal.learners.waiting_list.models import LONGEST_WISH, WaitingEnd
from portal.learners.waiting_list.queries import WaitingSearch


class _WaitingForm(Form):
    messages: ClassVar[Mapping[str, Any]] = {
        "to_come": _l("Kies vandaag of een eerdere dag."),
        "another_course": _l("Deze groep volgt een andere cursus. Kies een andere groep, of geen."),
        "waits_already": _l("Deze cursist wacht al op deze cursus."),
        "waits_no_more": _l("Deze cursist staat niet meer op de wachtlijst."),
    }


class WaitForm(FreeTextForm, _WaitingForm):
    """For which course somebody waits, perhaps for which group, since when, and what she wishes."""

    free_texts: ClassVar[Sequence[str]] = ("wish",)

    course_id = SelectField(_l("Cursus"), coerce=str, validators=[InputRequired(_l("Kies een cursus."))])
    group_id = SelectField(_l("Groep"), coerce=str, validators=[Optional()])
    since_on = DayField(_l("Wacht sinds"), validators=[InputRequired(_l("Kies een dag."))])
    wish = StringField(
        _l("Wens of voorrang"),
        description=_l(
            "Bijvoorbeeld: liefst in de avond. De cursist leest dit ook. Schrijf niets over iemands gezondheid."
        ),
        filters=[stripped],
        validators=[Length(max=LONGEST_WISH)],
    )

    def __init__(self, courses: Sequence[Course], groups: Sequence[GroupView], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        first = ("", _("Kies"))
        named = [(course.id, course.name) for course in courses if course.is_active]
        self.course_id.choices = [*choices([first]), *named_choices(named)]
        none = ("", _("maakt niet uit"))
        self.group_id.choices = [*choices([none]), *named_choices((group.id, group.name) for group in groups)]

    def values(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        return {
            "course_id": UUID(self.course_id.data),
            "group_id": UUID(self.group_id.data) if self.group_id.data else None,
            "since_on": self.since_on.data,
            "wish": self.wish.data or None,
        }


class PlaceForm(JoinForm):
    """In which group somebody who waits comes, and from when."""

    messages: ClassVar[Mapping[str, Any]] = {**JoinForm.messages, **_WaitingForm.messages}
    group_id = SelectField(_l("Groep"), coerce=str, validators=[InputRequired(_l("Kies een groep."))])

    def __init__(self, payers: Sequence[Payer], groups: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(payers, **kwargs)
        self.group_id.choices = [*choices([("", _("Kies"))]), *named_choices(groups)]


class TakeOffForm(_WaitingForm):
    """Why somebody waits no more."""

    reason = SelectField(
        _l("Waarom"),
        choices=choices([("", _l("Kies")), *CHOSEN.items()]),
        validators=[InputRequired(_l("Kies waarom."))],
    )

    def chosen(self) -> WaitingEnd:
        """Return what was chosen."""
        return WaitingEnd(self.reason.data)


def waiting_search_of(asked: MultiDict[str, str]) -> WaitingSearch:
    """Return by what an address narrows the list; what isn't there narrows nothing."""
    route = asked.get("leerroute", "")
    return WaitingSearch(
        course_id=asked.get("cursus", type=UUID),
        client_id=asked.get("opdrachtgever", type=UUID),
        route=Route(route) if route in set(Route) else None,
    )


def kept_of(search: WaitingSearch) -> dict[str, str]:
    """Return the search as arguments of an address."""
    given = {"cursus": search.course_id, "opdrachtgever": search.client_id, "leerroute": search.route}
    return {name: str(value) for name, value in given.items() if value}
