"""What may be submitted in a register, row by row, and the messages for what is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.attendance.models import Status
from portal.attendance.registers.queries import Mark
from portal.core.digits import latin_number
from portal.core.errors import Invalid, Refusal
from portal.core.http.forms import HEALTH_WORD
from portal.core.http.languages import _, _l, comma
from portal.learners.names_in_texts.forms import holds_back, told_of

MESSAGES: Mapping[str, Any] = {
    "reason_needed": _l("Deze les was op een eerdere dag. Schrijf kort op waarom u dit wijzigt."),
    "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
    "health_word": HEALTH_WORD,
    "not_a_number": _l("Vul de minuten in met cijfers, bijvoorbeeld 10."),
    "negative": _l("Minuten kunnen niet minder zijn dan 0."),
    "longer_than_lesson": _l("De les duurt zonder pauze %(longest)s minuten. Vul minder minuten in."),
    "not_in_group": _l("Deze cursist zat die dag niet in de groep."),
    "nothing_to_undo": _l("Dit kan niet meer ongedaan worden gemaakt. Het is intussen gewijzigd."),
}


class Segment(StrEnum):
    """The four choices of a row; *te laat* is presence with minutes."""

    OPEN = ""
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


_SEGMENTS = {segment.value: segment for segment in Segment}
_STATUS = {
    Segment.OPEN: None,
    Segment.PRESENT: Status.PRESENT,
    Segment.LATE: Status.PRESENT,
    Segment.ABSENT: Status.ABSENT,
    Segment.EXCUSED: Status.EXCUSED,
}


_VALUE_DOTS = 3
_AUTHORISED = {"": None, "yes": True, "no": False}


def authorised_code(mark: Mark) -> str:
    """Return what the form calls whether an absence was authorised; empty: nobody said so yet."""
    return next(code for code, value in _AUTHORISED.items() if value is mark.is_authorised)


def segment_of(mark: Mark) -> Segment:
    """Return the choice that shows what a mark says."""
    if mark.status is None:
        return Segment.OPEN
    if mark.is_present:
        return Segment.LATE if mark.is_late else Segment.PRESENT
    return Segment(mark.status.value)


def seen_code(mark: Mark, missed: int) -> str:
    """Return what a row sends back of what was seen: the version and value, and the lessons missed before it."""
    value = f"{segment_of(mark)}.{mark.late_minutes or 0}.{mark.early_minutes}.{authorised_code(mark)}"
    return f"{mark.version}.{value}.{missed}" if missed else f"{mark.version}.{value}"


@dataclass(frozen=True, kw_only=True)
class RowInput:
    """What was submitted for one learner, and the version and value that she who submits it saw.

    `told_names` are the names in the reason that the page told of before. `missed` is what the row said of lessons
    that she missed before, so that the answer to a tap can say it again.
    """

    learner_id: UUID
    segment: Segment
    late: str
    early: str
    authorised: str
    reason: str
    told_names: str
    version: int
    seen: str
    missed: int

    def is_changed(self) -> bool:
        """Say whether anything differs from what was seen."""
        return self.seen != f"{self.segment}.{self.late or 0}.{self.early or 0}.{self.authorised}"

    @property
    def is_authorised(self) -> bool | None:
        """Say whether an absence was chosen to be authorised; None where that wasn't said, or is none."""
        return _AUTHORISED[self.authorised] if self.segment in {Segment.ABSENT, Segment.EXCUSED} else None

    def as_mark(self) -> Mark:
        """Return it as the service takes it; raises Invalid for minutes that are no number."""
        was_there = self.segment in {Segment.PRESENT, Segment.LATE}
        return Mark(
            learner_id=self.learner_id,
            status=_STATUS[self.segment],
            late_minutes=self._minutes("late_minutes", self.late) if self.segment is Segment.LATE else 0,
            early_minutes=self._minutes("early_minutes", self.early) or 0 if was_there else 0,
            is_authorised=self.is_authorised,
            version=self.version,
            reason=self.reason.strip() or None,
        )

    def _minutes(self, name: str, typed: str) -> int | None:
        typed = latin_number(typed).strip()
        if not typed:
            return None
        if not re.fullmatch(r"-?[0-9]{1,4}", typed):
            raise Invalid(name, "not_a_number", learner_ids=[self.learner_id])
        return int(typed)


@dataclass
class RegisterForm:
    """The rows that were submitted: one, or all of a plain form of which only what was changed counts."""

    data: Mapping[str, str]
    rows: dict[UUID, RowInput] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the rows; raises Invalid where an address was made up by hand."""
        names = [self.data["cursist"]] if self.data.get("cursist") else _names(self.data)
        for name in names:
            row = self._read(name)
            self.rows[row.learner_id] = row

    @property
    def only(self) -> UUID | None:
        """The one learner of a single row; None for a plain form."""
        return next(iter(self.rows)) if self.data.get("cursist") else None

    def marks(self) -> list[Mark]:
        """Return what was changed; raises Invalid for minutes that are no number."""
        changed = (each for each in self.rows.values() if self.only or each.is_changed())
        return [each.as_mark() for each in changed]

    def reasons(self) -> dict[UUID, list[str]]:
        """Return why rows were changed, by learner, where something was written."""
        return {
            each.learner_id: [each.reason]
            for each in self.rows.values()
            if each.reason.strip() and (self.only or each.is_changed())
        }

    def tell_of_names(self, names: Mapping[UUID, Sequence[str]]) -> None:
        """Raise Invalid where a reason holds other learners' names of which the page didn't tell before."""
        untold = {key: found for key, found in names.items() if holds_back(found, self.rows[key].told_names)}
        if untold:
            raise Invalid("reason", "other_names", learner_ids=list(untold), names=untold)

    def chosen(self) -> set[UUID]:
        """Return the learners for whom a choice is made, stored or not."""
        return {each.learner_id for each in self.rows.values() if each.segment}

    def missed(self) -> dict[UUID, int]:
        """Return of each row how many lessons before this one it said were missed."""
        return {each.learner_id: each.missed for each in self.rows.values()}

    def _read(self, name: str) -> RowInput:
        version, dot, seen = self.data.get(f"v.{name}", "0..0.0.").partition(".")
        missed = ""
        if seen.count(".") > _VALUE_DOTS:
            seen, _dot, missed = seen.rpartition(".")
        try:
            learner_id, segment = UUID(name), _SEGMENTS[self.data.get(f"s.{name}", "")]
            number, authorised = int(version), self.data.get(f"g.{name}", "")
            _AUTHORISED[authorised]
        except (ValueError, KeyError):
            raise Invalid("learner_id", "not_in_group") from None
        return RowInput(
            learner_id=learner_id,
            segment=segment,
            late=self.data.get(f"l.{name}", ""),
            early=self.data.get(f"e.{name}", ""),
            authorised=authorised,
            reason=self.data.get(f"r.{name}", "") or self.data.get("reden", ""),
            told_names=self.data.get(f"t.{name}", ""),
            version=number,
            seen=seen if dot else "",
            missed=int(missed) if re.fullmatch("[0-9]", missed) else 0,
        )


def told_of_names(names: Sequence[str]) -> str:
    """Return that a reason names other learners, and that it can be stored so."""
    told = _("Er is nog niets opgeslagen. U kunt de tekst aanpassen, of zo opslaan.")
    return f"{told_of(names)} {comma().join(names)}. {told}"


def message_for(refusal: Refusal) -> str:
    """Return the message of a refusal, in the reader's language."""
    message = MESSAGES.get(refusal.code)
    return str(message) % refusal.facts if message is not None else _("Dit kan niet worden bewaard.")


def _names(data: Mapping[str, str]) -> Sequence[str]:
    return [name[2:] for name in data if name.startswith("v.")]
