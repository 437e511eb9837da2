"""What is asked when groups are copied: for which days, which groups, and what the new ones are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from flask import request
from wtforms import BooleanField
from wtforms.validators import Optional

from portal.core.errors import Refusal
from portal.core.http.forms import DayField, InputRequired
from portal.core.http.languages import _, _l, written
from portal.courses.copies.services import GroupCopy
from portal.courses.forms import CoursesForm, TaughtForm
from portal.courses.groups.queries import GroupView

_MOST_NAME = 120


@dataclass
class CopyLine:
    """A group that can be copied: whether it is ticked, what the new one is called, and what is wrong with that."""

    group: GroupView
    is_ticked: bool
    name: str
    error: str = ""


class CopyForm(TaughtForm):
    """The days of the new groups, and the lines of the groups that can be copied (`lines`): first those asked for."""

    starts_on = DayField(_l("Eerste dag"), validators=[InputRequired(_l("Vul dit in."))])
    ends_on = DayField(_l("Laatste dag"), validators=[Optional()])
    with_teachers = BooleanField(_l("De docenten gaan mee"), default=True)
    ends_old = BooleanField(
        _l("De oude groepen stoppen de dag ervoor"),
        description=_l(
            "Hun lessen vanaf de eerste dag van de nieuwe groep vervallen. "
            "Cursisten blijven in de oude groep staan tot u hen verplaatst."
        ),
    )

    messages: ClassVar[Mapping[str, Any]] = {
        **CoursesForm.messages,
        "no_group": _l("Kies minstens één groep."),
    }

    def __init__(self, groups: Sequence[GroupView], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = set(request.args.getlist("groep"))
        self.lines = [self._line(group) for group in sorted(groups, key=lambda each: str(each.id) not in asked)]

    def _line(self, group: GroupView) -> CopyLine:
        sent = request.form if request.method == "POST" else request.args
        proposed = name_for(group.name, self.starts_on.data)
        return CopyLine(
            group=group,
            is_ticked=str(group.id) in sent.getlist("groep"),
            name=" ".join(sent.get(f"naam.{group.id}", proposed).replace("\0", "").split()),
        )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the days and the names of what is ticked."""
        holds = super().validate(*args, **kwargs)
        for line in self._ticked():
            if not line.name:
                line.error = _("Vul dit in.")
            elif len(line.name) > _MOST_NAME:
                line.error = _("Gebruik niet meer dan %(most)s tekens.", most=_MOST_NAME)
        return holds and not any(line.error for line in self.lines)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the name it is about, or where the others go."""
        about = refusal.facts.get("group_id")
        if about is None:
            super().refuse(refusal)
            return
        for line in self.lines:
            if line.group.id == about:
                line.error = str(self.messages[refusal.code])

    def _ticked(self) -> list[CopyLine]:
        return [line for line in self.lines if line.is_ticked]

    def copies(self) -> list[GroupCopy]:
        """Return what is ticked, as the service takes it."""
        return [GroupCopy(line.group.id, line.name) for line in self._ticked()]

    def groups_asked(self) -> list[UUID]:
        """Return which groups are ticked."""
        return [line.group.id for line in self._ticked()]


def name_for(name: str, starts_on: date | None) -> str:
    """Propose a name: the old one with the month in which the new group begins, in place of such a month before."""
    if starts_on is None:
        return name
    before, comma, month = name.rpartition(", ")
    base = before if comma and month[-4:].isdecimal() else name
    return f"{base}, {written('month', starts_on)}"[:_MOST_NAME]
