"""What the page of a register shows that its rows don't say: how far it is, and each row's state in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.attendance.evidence.queries import is_kept
from portal.attendance.mark_notes.queries import are_kept
from portal.attendance.notices.presenters import told_notice
from portal.attendance.registers.forms import (
    RowInput,
    Segment,
    authorised_code,
    message_for,
    seen_code,
    segment_of,
    told_of_names,
)
from portal.attendance.registers.queries import Mark, RegisterRow, opens_at
from portal.core.clock import now, today
from portal.core.errors import Invalid, Refusal
from portal.core.http.access import require_actor
from portal.core.http.languages import _, _n, comma
from portal.courses.lessons.queries import LessonView
from portal.courses.models import LessonPlace
from portal.learners.names_in_texts.forms import as_told


@dataclass(kw_only=True, slots=True)
class RowView:
    """A row as the page shows it.

    `seen` is what the form sends back as the version and value that were seen; `state` what is stored, in words, with
    the lessons that she missed in a row before this one;
    `chosen` the choice that is marked, with its `label`, `late` and `early` the minutes as typed, and `authorised`
    whether an absence was (yes, no, or empty while nobody said). `was_stored`: by
    what she just did, which `step_id` takes back. `contest_id` is what the learner says against it. `notice` is why she
    said beforehand that she can't come: None where she didn't, empty where she gave no reason. `rival` says what
    another filled in meanwhile, `error` what is wrong; with `asks_reason` it is why the change needs a reason,
    or another one; `told_names` are other learners' names in it that the page told of.
    """

    id: str
    key: str
    name: str
    initials: str
    seen: str
    state: str
    chosen: Segment
    label: str
    late: str
    early: str
    authorised: str
    is_filled: bool
    was_stored: bool
    step_id: UUID | None
    contest_id: UUID | None
    notice: str | None = None
    reason: str = ""
    asks_reason: bool = False
    told_names: str = ""
    rival: str = ""
    error: str = ""


@dataclass(kw_only=True, slots=True)
class RegisterView:
    """A register's rows, how many are open and were just stored, and which step can be taken back in how many rows.

    `is_closed`: nothing can be filled in. `is_past`: the lesson was on an earlier day. `was_refused`: nothing of what
    was sent is stored. `gone`: so many of those who were sent are no longer in the group.
    """

    rows: list[RowView]
    open: int
    stored: int
    step_id: UUID | None
    step_size: int
    is_closed: bool
    is_past: bool
    opens_at: datetime
    was_refused: bool = False
    gone: int = 0

    @property
    def done(self) -> int:
        """How many rows are filled in."""
        return len(self.rows) - self.open


def is_closed(lesson: LessonView) -> bool:
    """Say whether nothing can be filled in: cancelled, or not open yet."""
    return lesson.is_cancelled or opens_at(lesson) > now()


def present_register(
    lesson: LessonView,
    rows: list[RowView],
    *,
    last_step: tuple[UUID, int] | None = None,
    was_refused: bool = False,
    gone: int = 0,
) -> RegisterView:
    """Return a register with what is left to do; where nothing was just stored, `last_step` can be taken back."""
    stored = [row for row in rows if row.was_stored]
    step_id, step_size = (stored[0].step_id, len(stored)) if stored else last_step or (None, 0)
    return RegisterView(
        rows=rows,
        open=sum(1 for row in rows if not row.is_filled),
        stored=len(stored),
        step_id=step_id,
        step_size=step_size,
        is_closed=is_closed(lesson),
        is_past=lesson.held_on < today(),
        opens_at=opens_at(lesson),
        was_refused=was_refused,
        gone=gone,
    )


def present_rows(
    rows: Iterable[RegisterRow],
    missed: Mapping[UUID, int],
    *,
    stored: Iterable[UUID] = (),
    error: str = "",
) -> list[RowView]:
    """Return rows as they are stored; `stored` are the learners whose row she just stored.

    `missed` is how many lessons before this one learners missed in a row.
    """
    labels, just_stored = _segment_labels(), set(stored)
    return [
        _present(row, labels, missed.get(row.learner_id, 0), was_stored=row.learner_id in just_stored, error=error)
        for row in rows
    ]


def present_refused(
    rows: Iterable[RegisterRow], missed: Mapping[UUID, int], inputs: Mapping[UUID, RowInput], refusal: Refusal
) -> list[RowView]:
    """Return rows after a refusal: what was typed stays, a row that another changed shows what she filled in."""
    labels, about = _segment_labels(), set(refusal.facts.get("learner_ids", ()))
    views = [(row, _present(row, labels, missed.get(row.learner_id, 0))) for row in rows]
    return [
        _present_refused(row, view, inputs.get(row.learner_id), refusal, about=about, labels=labels)
        for row, view in views
    ]


def _present_refused(
    row: RegisterRow,
    view: RowView,
    sent: RowInput | None,
    refusal: Refusal,
    *,
    about: set[UUID],
    labels: Mapping[Segment, str],
) -> RowView:
    concerned = row.learner_id in about
    if sent is None or (not sent.is_changed() and not concerned):
        return view
    if refusal.code == "stale" and concerned:
        view.rival = _told_of_rival(row, sent, labels)
        return view
    view.chosen, view.late, view.early, view.reason = sent.segment, sent.late, sent.early, sent.reason
    view.authorised = sent.authorised
    view.asks_reason = concerned and isinstance(refusal, Invalid) and refusal.field == "reason"
    view.error = message_for(refusal) if concerned else ""
    view.told_names = sent.told_names
    names = refusal.facts.get("names", {}).get(row.learner_id)
    if names:
        view.error, view.told_names = told_of_names(names), as_told(names)
    return view


def row_key(learner_id: UUID) -> str:
    """Return the key of the row of somebody who has none any more."""
    return str(learner_id)[-9:]


def _present(
    row: RegisterRow, labels: Mapping[Segment, str], missed: int, *, was_stored: bool = False, error: str = ""
) -> RowView:
    mark, learner_id = row.mark, str(row.learner_id)
    segment = segment_of(mark)
    return RowView(
        id=learner_id,
        key=row.key,
        name=f"{row.name} ({row.apart_by})" if row.apart_by else row.name,
        initials=row.initials,
        seen=seen_code(mark, missed),
        state=_with_note(_with_missed(_detail(mark, labels), missed), row.has_note and takes_notes()),
        chosen=segment,
        label=labels[segment],
        late=str(mark.late_minutes or ""),
        early=str(mark.early_minutes or ""),
        authorised=authorised_code(mark),
        is_filled=not mark.is_open,
        was_stored=was_stored,
        step_id=row.step_id,
        contest_id=row.contest_id,
        notice=told_notice(row.notice) if row.notice is not None else None,
        error=error,
    )


def _with_missed(state: str, missed: int) -> str:
    """Add how many of the last lessons she missed, for whoever is about to mark her."""
    return f"{state} · {_n('%(num)s keer gemist', '%(num)s keer gemist', missed)}" if missed else state


def takes_notes() -> bool:
    """Say whether whoever asks writes notes at marks, and reads them."""
    return are_kept() and "progress" in require_actor().sees


def takes_pictures(lesson: LessonView) -> bool:
    """Say whether a lesson can have pictures as proof of presence, and whoever asks sees them."""
    is_online = lesson.place is LessonPlace.DISTANCE
    return is_online and is_kept() and "evidence" in require_actor().sees


def _with_note(state: str, has_note: bool) -> str:
    return f"{state} · ✎ {_('notitie')}" if has_note else state


def _segment_labels() -> Mapping[Segment, str]:
    return {
        Segment.OPEN: _("nog niet ingevuld"),
        Segment.PRESENT: _("aanwezig"),
        Segment.LATE: _("te laat"),
        Segment.ABSENT: _("afwezig"),
        Segment.EXCUSED: _("afgemeld"),
    }


def _detail(mark: Mark, labels: Mapping[Segment, str]) -> str:
    """Return what a mark says in full: minutes stand for being late, an absence has whether it was authorised."""
    if mark.is_authorised is not None:
        return _with_authorised(labels[segment_of(mark)], is_authorised=mark.is_authorised)
    late = _late(mark.late_minutes) if mark.is_late else ""
    early = _("%(minutes)s minuten eerder weg", minutes=mark.early_minutes) if mark.early_minutes else ""
    return comma().join(part for part in (late, early) if part) or labels[segment_of(mark)]


def _late(minutes: int | None) -> str:
    if minutes is None:
        return _("te laat: hoeveel minuten?")
    return _("%(minutes)s minuten te laat", minutes=minutes)


def _with_authorised(label: str, *, is_authorised: bool) -> str:
    return f"{label}{comma()}{_('geoorloofd') if is_authorised else _('ongeoorloofd')}"


def _chosen(sent: RowInput, labels: Mapping[Segment, str]) -> str:
    """Return what was submitted, as far as it is a choice: an absence with whether it was authorised."""
    label = labels[sent.segment]
    return label if sent.is_authorised is None else _with_authorised(label, is_authorised=sent.is_authorised)


def _told_of_rival(row: RegisterRow, sent: RowInput, labels: Mapping[Segment, str]) -> str:
    value, own = _detail(row.mark, labels), _chosen(sent, labels)
    if row.marked_by is not None and row.marked_by == require_actor().account_id:
        return _(
            "U hebt dit zelf al gewijzigd, in een ander venster, in: %(value)s. Hier koos u: %(own)s. Klopt dat, kies"
            " het dan opnieuw.",
            value=value,
            own=own,
        )
    return _(
        "%(name)s heeft dit intussen gewijzigd in: %(value)s. U koos: %(own)s. Klopt dat, kies het dan opnieuw.",
        name=row.marked_by_name or _("Iemand anders"),
        value=value,
        own=own,
    )
