"""What somebody takes along (AVG art. 20): what she gave and what was observed of her, under consent or contract.

Of a learner the findings of the school and notes only where she asks for them; never a BSN, never what is about
somebody else. Of who works here what she gave for her contract; of a representative what she gave to agree with the
school for a learner. A contact person takes nothing along: what is held of her rests on no consent or contract of hers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from portal.core.personal_data import PersonKind
from portal.learners.record.models import OWN_RECORD, Source
from portal.policy.queries import current_policy
from portal.progress.can_do.models import CanDoSource
from portal.requests.copies.contents.rows import HeldRow

_ALL: tuple[str, ...] = ()
_IDENTITY = frozenset({"number", "given_name", "name_prefix", "family_name"})
_NEVER = frozenset({"learner.bsn", "learner.account_id", "trajectory.client_manager_id", "appointment.with_whom"})
_OWN: Mapping[str, tuple[str, ...]] = {
    "absence_notice": _ALL,
    "account": ("name", "email", "language"),
    "attendance_mark": _ALL,
    "correction": ("proposed", "remark", "proposed_at"),
    "goal": _ALL,
    "joint_evaluation": ("kind", "learner_answers", "learner_remark", "learner_agreed_at"),
    "waiting_entry": ("course_id", "wish", "since_on"),
}
"""Tables that hold what she gave or what was observed, with the columns that do where not all of them do."""
_FINDINGS = frozenset(
    {"can_do", "evaluation", "exam_result", "intake", "joint_evaluation", "level", "mark_note", "note", "signal"}
)
_GIVEN: Mapping[PersonKind, Mapping[str, tuple[str, ...]]] = {
    PersonKind.STAFF: {"account": ("name", "email", "language", "helps_with", "help_phone")},
    PersonKind.REPRESENTATIVE: {"account": ("name", "email", "language"), "representative": ("name", "email")},
    PersonKind.CONTACT_PERSON: {},
}
"""What who is no learner gave, by table."""
_BASES = frozenset({"consent", "contract"})


def portable_rows(rows: Iterable[HeldRow], kind: PersonKind, *, includes_findings: bool) -> list[HeldRow]:
    """Return of these rows what is hers to take along."""
    held = list(rows)
    if kind is not PersonKind.LEARNER:
        return [row for row in (_given_by(row, kind) for row in held) if row.values]
    given = {
        (row.beside["entry_id"], row.beside["field"])
        for row in held
        if row.table.name == "field_origin" and row.values.get("source") == Source.LEARNER
    }
    kept = (_portable(row, given, includes_findings) for row in held)
    return [row for row in kept if row.values]


def _given_by(row: HeldRow, kind: PersonKind) -> HeldRow:
    columns = _GIVEN[kind].get(row.table.name, ())
    values = {name: value for name, value in row.values.items() if name in columns and value is not None}
    return replace(row, values=values, beside={})


def _portable(row: HeldRow, given: set[tuple[UUID, str]], includes_findings: bool) -> HeldRow:
    table = row.table.name
    if table == "learner":
        columns = {name for name in row.values if name in _IDENTITY or (OWN_RECORD, f"learner.{name}") in given}
    elif includes_findings and table in _FINDINGS:
        columns = set(row.values)
    elif table in _OWN:
        columns = set(_OWN[table] or row.values)
    elif row.values.get("source") in {Source.LEARNER, CanDoSource.LEARNER} and table != "field_origin":
        columns = set(row.values)
    else:
        columns = set()
    return replace(row, values={name: value for name, value in row.values.items() if _may_go(table, name, columns)})


def _may_go(table: str, column: str, columns: set[str]) -> bool:
    key = f"{table}.{column}"
    if column not in columns or key in _NEVER or column.endswith("learner_id"):
        return False
    return column in _IDENTITY or _rests_on_her(key)


def _rests_on_her(key: str) -> bool:
    """Say whether a field is kept under consent or contract, by a purpose of its category."""
    policy = current_policy()
    category = policy.category_of(key)
    return category is not None and any(policy.purpose(each).basis in _BASES for each in category.purposes)
