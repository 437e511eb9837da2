"""A learner's own record, whole: every field that the school keeps, with source, date and what waits for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import keys
from portal.core.clock import now
from portal.core.database import current_school_id, session
from portal.core.errors import NotFound
from portal.core.i18n import language
from portal.learners.correctable import find_field
from portal.learners.entries import KINDS, EntryKind
from portal.learners.fields import RecordField, kept_fields
from portal.learners.models import (
    OWN_RECORD,
    Correction,
    CorrectionState,
    Enrolment,
    FieldOrigin,
    Learner,
    Representative,
    Source,
)
from portal.learners.queries.entries import Held, list_held
from portal.learners.queries.reach import find_learner
from portal.learners.queries.record import EntryView, FieldView, show_entries, views_of
from portal.learners.queries.values import list_all_origins, origins_of
from portal.policy.queries import current_policy

# A learner can't propose another one: the school gives it out.
_SCHOOLS_OWN = frozenset({"learner.number"})
_ANSWER_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class CorrectionView:
    """What a learner proposed for a field, and the answer where there is one."""

    id: UUID
    field: RecordField
    state: CorrectionState
    old_text: str | None
    old: str
    proposed_text: str | None
    proposed: str
    remark: str
    proposed_at: datetime
    decided_at: datetime | None
    decided_by_name: str | None
    answer: str | None

    @property
    def is_waiting(self) -> bool:
        """Say whether the school hasn't answered yet."""
        return self.state is CorrectionState.PROPOSED


@dataclass(frozen=True)
class OwnField:
    """A field as its owner sees it. `shown` is "" where nothing is filled in; a BSN and IBAN are masked.

    `is_checked`: a change waits for the school. `waiting`: the proposal that does. `answered`: the last answer, for 30
    days. `typed` fills the form; it is "" for what is masked. `condition` says in the school's words when the field may
    be kept at all, `consent` names the purpose whose consent it rests on (OP-02).
    """

    key: str
    label: str
    kind: str
    shown: str
    typed: str
    source: Source | None
    channel: str | None
    since_on: date | None
    ground: str | None
    is_checked: bool
    may_change: bool
    condition: str
    consent: str | None
    waiting: CorrectionView | None
    answered: CorrectionView | None


@dataclass(frozen=True)
class OwnCategory:
    """A category of one's own record: its title and why the school keeps it, in the reader's language."""

    key: str
    title: str
    why: str
    fields: list[OwnField]


@dataclass(frozen=True)
class OwnEntries:
    """The entries of one kind in one's own record."""

    kind: EntryKind
    category: str
    title: str
    entries: list[EntryView]


@dataclass(frozen=True)
class OwnRecord:
    """All that a learner's own record holds: fields by category, entries by kind, her groups, who may act for her."""

    categories: list[OwnCategory]
    entries: list[OwnEntries]
    enrolments: list[Enrolment]
    representatives: list[Representative]
    last_contact_on: date


def get_whole_record(learner_id: UUID) -> OwnRecord:
    """Return all that the school keeps of a learner in her record, in five statements. Raises NotFound."""
    learner, policy = _get_learner(learner_id), current_policy()
    origins = list_all_origins(learner_id)
    kept = [kind for kind in KINDS.values() if policy.category(kind.category) is not None and kind.is_kept(policy)]
    held = list_held(kept, learner_id)
    return OwnRecord(
        categories=_categories(learner, origins),
        entries=[_of_kind(kind, held, origins) for kind in kept if kind.model in held.rows],
        enrolments=held.rows.get(Enrolment, []),
        representatives=held.rows.get(Representative, []),
        last_contact_on=learner.last_contact_on,
    )


def _of_kind(kind: EntryKind, held: Held, origins: list[FieldOrigin]) -> OwnEntries:
    policy = current_policy()
    category = policy.category(kind.category)
    title = str(policy.text(category.title, language())) if category is not None else str(kind.title)
    return OwnEntries(kind, kind.category, title, show_entries(kind, held.rows[kind.model], held.names, origins))


def get_own_record(learner_id: UUID) -> list[OwnCategory]:
    """Return everything that the school keeps of a learner in her record's fields, by category, in three statements.

    Raises NotFound.
    """
    return _categories(_get_learner(learner_id), list_all_origins(learner_id))


def _get_learner(learner_id: UUID) -> Learner:
    learner = find_learner(learner_id)
    if learner is None:
        raise NotFound("learner")
    return learner


def _categories(learner: Learner, origins: list[FieldOrigin]) -> list[OwnCategory]:
    policy = current_policy()
    views = views_of(learner, kept_fields(policy), origins_of(origins))
    corrections = [view_of(row) for row in list_corrections_of(learner.id) if row.entry_id == OWN_RECORD]
    waiting = {view.field.key: view for view in corrections if view.is_waiting}
    recent = now() - _ANSWER_SHOWN
    decided = [view for view in reversed(corrections) if view.decided_at is not None and view.decided_at > recent]
    answered = {view.field.key: view for view in decided}
    return [
        OwnCategory(
            key=category.key,
            title=str(policy.text(category.title, language())),
            why=str(policy.text(category.why, language())),
            fields=[_own(learner, view, waiting, answered) for view in views[category.key]],
        )
        for category in policy.categories
        if category.key in views
    ]


def _own(
    learner: Learner, view: FieldView, waiting: Mapping[str, CorrectionView], answered: Mapping[str, CorrectionView]
) -> OwnField:
    field, policy = view.field, current_policy()
    plain = None if field.sealed else getattr(learner, field.column)
    return OwnField(
        key=field.key,
        label=view.label,
        kind=field.kind,
        shown=view.shown,
        typed="" if field.is_secret else field.typed(plain) if not field.sealed else view.shown,
        source=view.source,
        channel=view.channel,
        since_on=view.since_on,
        ground=view.ground,
        is_checked=field.key in policy.checked_fields,
        may_change=field.key not in _SCHOOLS_OWN,
        condition=" ".join(str(policy.text(each.why, language())) for each in policy.conditions_of(field.key)),
        consent=policy.consent_for_field(field.key),
        waiting=waiting.get(field.key),
        answered=answered.get(field.key),
    )


def list_corrections_of(learner_id: UUID) -> list[Correction]:
    """Return a learner's proposals but for those that she took back, the newest first."""
    rows = session.scalars(
        select(Correction)
        .where(
            Correction.school_id == current_school_id(),
            Correction.learner_id == learner_id,
            Correction.state != CorrectionState.WITHDRAWN,
        )
        .order_by(Correction.proposed_at.desc(), Correction.id.desc())
    )
    return list(rows)


def view_of(row: Correction) -> CorrectionView:
    """Return a proposal in words."""
    field = find_field(row.field)
    if field is None:
        raise NotFound("field")
    owner = row.learner_id
    old, proposed, remark = (
        keys.unseal_many([(owner, blob)], purpose)[0]
        for blob, purpose in (
            (row.old, "correction.old"),
            (row.proposed, "correction.proposed"),
            (row.remark, "correction.remark"),
        )
    )
    return CorrectionView(
        id=row.id,
        field=field,
        state=row.state,
        old_text=old,
        old=field.show(field.read(old)),
        proposed_text=proposed,
        proposed=field.show(field.read(proposed)),
        remark=remark or "",
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decided_by_name=row.decided_by_name,
        answer=row.answer,
    )
