"""A learner's own record, whole: every field that the school keeps, with source, date and what waits for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, Select, Uuid, bindparam, cast, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from portal.core.clock import local, now
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.languages import language
from portal.core.http.scope import Scope
from portal.courses.models import LearnerGroup
from portal.learners.corrections.kinds import find_field
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.sealed_texts import open_texts
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.learners.entries.kinds import KINDS, EntryKind
from portal.learners.entries.presenters import EntryView, show_entries
from portal.learners.entries.queries import Held, list_held
from portal.learners.origins.queries import Noted, noted_of, origins_of
from portal.learners.record.fields import RecordField, kept_fields
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source
from portal.learners.record.values import values_of
from portal.policy.queries import current_policy, kept_by_policy
from portal.policy.schema import Policy

# A learner can't propose another one: the school gives it out.
_SCHOOLS_OWN = frozenset({"learner.number"})
_SCHOOL, _LEARNER = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())
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
        return self.state in {CorrectionState.CONTESTED, CorrectionState.PROPOSED}

    @property
    def answer_by(self) -> date | None:
        """Return by when the school answers what she says against a finding; None where it waits as a correction."""
        if self.state is not CorrectionState.CONTESTED:
            return None
        return current_policy().checked.answer_within.added_to(local(self.proposed_at).date())


@dataclass(frozen=True, eq=False)
class FieldFace:
    """What a field looks like for everyone at a school. `is_checked`: a change waits for the school.

    `condition` says in the school's words when it may be kept at all, `consent` names the purpose on which it rests
    (OP-02).
    """

    field: RecordField
    label: str
    is_checked: bool
    may_change: bool
    condition: str
    consent: str | None


@dataclass(frozen=True, eq=False)
class CategoryFace:
    """A category of one's own record: its title and why the school keeps it, in the reader's language; its fields."""

    key: str
    title: str
    why: str
    fields: tuple[FieldFace, ...]


class OwnField(NamedTuple):
    """A field as its owner sees it. `text` is "" where nothing is filled in; a BSN and IBAN are masked.

    `value` is None where it is sealed. `waiting`: the proposal that waits. `answered`: the last answer, for 30 days.
    """

    face: FieldFace
    text: str
    value: Any
    origin: Noted | None
    waiting: CorrectionView | None
    answered: CorrectionView | None

    @property
    def key(self) -> str:
        """The name by which the policy calls it."""
        return self.face.field.key

    @property
    def typed(self) -> str:
        """What fills the form; "" for what is masked."""
        field = self.face.field
        if field.is_secret:
            return ""
        return self.text if field.sealed else field.typed(self.value)


class OwnCategory(NamedTuple):
    """A category with what stands in its fields."""

    face: CategoryFace
    fields: list[OwnField]


@dataclass(frozen=True)
class OwnEntries:
    """The entries of one kind in one's own record."""

    kind: EntryKind
    category: str
    title: str
    entries: list[EntryView]


class OwnGroup(NamedTuple):
    """A group that she is, will be or was in, and where the school has that from."""

    name: str
    starts_on: date
    ends_on: date | None
    end_reason: EndReason | None
    statement_shown_at: datetime | None
    source: Source
    channel: str | None
    since_on: date


@dataclass(frozen=True)
class OwnRecord:
    """All that a learner's own record holds: fields by category, entries by kind, her groups.

    `row` has what was asked of her besides.
    """

    categories: list[OwnCategory]
    entries: list[OwnEntries]
    groups: list[OwnGroup]
    last_contact_on: date
    row: Any


@kept_by_policy
def _statement(policy: Policy, models: tuple[Any, ...], besides: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """What the school keeps in a learner's row, where it came from, her groups, and what else there is of her."""
    columns = [Learner.__table__.c[name] for name in _columns(policy)]
    of = {
        model: (model.school_id == _SCHOOL, model.learner_id == _LEARNER)
        for model in (*models, FieldOrigin, Correction, Enrolment)
    }
    noted = func.json_agg(func.json_build_array(*(getattr(FieldOrigin, name) for name in Noted._fields)))
    in_group = func.json_build_array(LearnerGroup.name, *(getattr(Enrolment, name) for name in OwnGroup._fields[1:]))
    in_order = aggregate_order_by(in_group, Enrolment.starts_on.desc(), Enrolment.id.desc())
    groups = select(func.json_agg(in_order)).join(
        LearnerGroup, (LearnerGroup.school_id == Enrolment.school_id) & (LearnerGroup.id == Enrolment.group_id)
    )
    proposed = exists().where(*of[Correction], Correction.state != CorrectionState.WITHDRAWN)
    return select(
        *columns,
        select(noted).where(*of[FieldOrigin]).scalar_subquery().label("origins"),
        groups.where(*of[Enrolment]).scalar_subquery().label("groups"),
        proposed.label("has_corrections"),
        cast(array([exists().where(*of[model]) for model in models]), ARRAY(Boolean)).label("held"),
        *besides,
    ).where(Learner.school_id == _SCHOOL, Learner.id == _LEARNER)


def get_whole_record(scope: Scope, *, besides: tuple[ColumnElement[Any], ...] = (), **values: Any) -> OwnRecord:
    """Return all that the school keeps of the learner of this scope: a statement, one more for entries, for proposals.

    `besides` are columns that are asked with it, made once and labelled, with their `values`; they may name :school
    and :learner. Categories that the scope doesn't show stay out. Raises NotFound.
    """
    policy, learner_id = current_policy(), scope.get_own_learner_id()
    kept = tuple(kind for kind in _kept_kinds(policy) if kind.category in scope.sees)
    models = tuple(kind.model for kind in kept)
    row = read(
        _statement(policy, models, besides), {"school": current_school_id(), "learner": learner_id, **values}
    ).one_or_none()
    if row is None:
        raise NotFound("learner")
    origins = [noted_of(each) for each in row.origins or ()]
    held = list_held(
        kept, learner_id, scope, [model for model, is_there in zip(models, row.held, strict=True) if is_there]
    )
    return OwnRecord(
        categories=_categories(row, origins, scope),
        entries=[_of_kind(kind, held, origins) for kind in kept if kind.model in held.rows],
        groups=[_group_of(each) for each in row.groups or ()] if _shows_groups(policy, scope) else [],
        last_contact_on=row.last_contact_on,
        row=row,
    )


def _columns(policy: Policy) -> list[str]:
    return list(dict.fromkeys(["id", "last_contact_on", *(field.column for field in kept_fields(policy))]))


@kept_by_policy
def _kept_kinds(policy: Policy) -> tuple[EntryKind, ...]:
    """Return the kinds of entries that a policy keeps."""
    return tuple(kind for kind in KINDS.values() if policy.category(kind.category) is not None and kind.is_kept(policy))


def _group_of(held: list[Any]) -> OwnGroup:
    name, starts, ends, reason, shown, source, channel, since = held
    return OwnGroup(
        name,
        date.fromisoformat(starts),
        date.fromisoformat(ends) if ends else None,
        EndReason(reason) if reason else None,
        datetime.fromisoformat(shown) if shown else None,
        Source(source),
        channel,
        date.fromisoformat(since),
    )


def _of_kind(kind: EntryKind, held: Held, origins: list[Noted]) -> OwnEntries:
    policy = current_policy()
    category = policy.category(kind.category)
    title = str(policy.text(category.title, language())) if category is not None else str(kind.title)
    return OwnEntries(kind, kind.category, title, show_entries(kind, held.rows[kind.model], held.names, origins))


def _shows_groups(policy: Policy, scope: Scope) -> bool:
    category = policy.category_of("enrolment.starts_on")
    return category is not None and category.key in scope.sees


def get_own_record(scope: Scope) -> list[OwnCategory]:
    """Return the fields of the record that this scope opens, by category. Raises NotFound."""
    return get_whole_record(scope).categories


def _categories(row: Any, origins: list[Noted], scope: Scope) -> list[OwnCategory]:
    faces = [face for face in _faces(current_policy(), language()) if face.key in scope.sees]
    noted = origins_of(origins)
    values = values_of(row, [face.field for category in faces for face in category.fields], learner_id=row.id)
    corrections = _answered(scope) if row.has_corrections else []
    waiting = {view.field.key: view for view in corrections if view.is_waiting}
    answered = {view.field.key: view for view in reversed(corrections) if not view.is_waiting}

    def own(face: FieldFace) -> OwnField:
        field = face.field
        key, value = field.key, values[field.key]
        plain = None if field.sealed else value
        return OwnField(face, field.show(value), plain, noted.get(key), waiting.get(key), answered.get(key))

    return [OwnCategory(category, [own(face) for face in category.fields]) for category in faces]


def _answered(scope: Scope) -> list[CorrectionView]:
    """Return the proposals on her own row that wait, and those that were answered in the last 30 days."""
    recent = now() - _ANSWER_SHOWN
    views = views_of(row for row in list_corrections_of(scope) if row.entry_id == OWN_RECORD)
    return [view for view in views if view.is_waiting or (view.decided_at is not None and view.decided_at > recent)]


@kept_by_policy
def _faces(policy: Policy, lang: str) -> tuple[CategoryFace, ...]:
    """Return the categories of the record that a policy keeps, in a language."""
    return tuple(_made_faces(policy, lang))


def _made_faces(policy: Policy, lang: str) -> Iterable[CategoryFace]:
    fields: dict[str, list[FieldFace]] = {}
    for field in kept_fields(policy):
        fields.setdefault(field.category, []).append(
            FieldFace(
                field=field,
                label=str(field.label),
                is_checked=field.key in policy.checked_fields,
                may_change=field.key not in _SCHOOLS_OWN,
                condition=" ".join(str(policy.text(each.why, lang)) for each in policy.conditions_of(field.key)),
                consent=policy.consent_for_field(field.key),
            )
        )
    for category in policy.categories:
        if category.key in fields:
            title, why = str(policy.text(category.title, lang)), str(policy.text(category.why, lang))
            yield CategoryFace(category.key, title, why, tuple(fields[category.key]))


def list_corrections_of(scope: Scope) -> list[Correction]:
    """Return the proposals of the learner of this scope but for those that she took back, the newest first."""
    rows = session.scalars(
        select(Correction)
        .where(
            Correction.school_id == current_school_id(),
            Correction.learner_id == scope.get_own_learner_id(),
            Correction.state != CorrectionState.WITHDRAWN,
        )
        .order_by(Correction.proposed_at.desc(), Correction.id.desc())
    )
    return list(rows)


def views_of(rows: Iterable[Correction]) -> list[CorrectionView]:
    """Return proposals in words, opened with one look-up of keys."""
    found = list(rows)
    texts = iter(open_texts(found))
    return [_view_of(row, *next(texts)) for row in found]


def _view_of(row: Correction, old: str | None, proposed: str | None, remark: str | None) -> CorrectionView:
    field = find_field(row.field)
    if field is None:
        raise NotFound("field")
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
