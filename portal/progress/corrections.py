"""What a learner may ask to correct of her progress: levels, results, evaluations and the notes that she sees."""

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString, format_date

from portal.core import audit
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _l, comma
from portal.learners.conditions.queries import source_taken_over
from portal.learners.corrections.kinds import Correctable
from portal.learners.origins.services import store_entry_origins
from portal.learners.record.fields import RecordField, fields_in
from portal.learners.record.values import log_pair
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.labels import PARTS, WORDS
from portal.progress.levels.queries import list_rungs
from portal.progress.models import Evaluation, ExamResult, Level, Note, Rung
from portal.progress.queries import is_note_read_by

# What a correction can be about, with what it is called; who entered it and when is not hers to change.
_LEVEL = {"level": _l("Niveau"), "found_on": _l("Datum van het niveau")}
_EXAM = {"is_passed": _l("Geslaagd"), "taken_on": _l("Datum van het examen"), "score": _l("Score")}
_EVALUATION = {"body": _l("Evaluatie"), "held_on": _l("Datum van de evaluatie")}
_NOTE = {"body": _l("Notitie")}


def _change(row: Any, values: Sequence[tuple[RecordField, Any]], channel: str, by: Actor) -> None:
    policy, changes = current_policy(), {}
    for field, value in values:
        old = getattr(row, field.column)
        before = keys.unseal(row.learner_id, field.key, old) if field.sealed else old
        setattr(row, field.column, keys.seal(row.learner_id, field.key, value) if field.sealed else value)
        changes[field.key] = log_pair(field, before, value, policy)
    session.flush()
    for field, value in values:
        source = source_taken_over(policy, field.key)
        store_entry_origins(row, {field.key: value}, by.scope, source=source, channel=channel)
    audit.record(
        f"progress.{row.__tablename__}_corrected",
        learner_id=row.learner_id,
        subject=(row.__tablename__, row.id),
        changes=changes,
        by=by,
    )


def _on(label: object, day: Any) -> str:
    return f"{label}{comma()}{format_date(day, 'long')}"


CORRECTABLES: tuple[Correctable, ...] = (
    Correctable(
        "niveaus",
        Level,
        _l("niveau"),
        tuple(
            fields_in(
                Level,
                _LEVEL,
                choices={"level": {rung: LazyString(str, rung.value) for rung in Rung}},
                offers={"level": list_rungs},
            )
        ),
        _change,
        lambda row: _on(WORDS[row.skill], row.found_on),
    ),
    Correctable(
        "uitslagen",
        ExamResult,
        _l("uitslag"),
        tuple(fields_in(ExamResult, _EXAM)),
        _change,
        lambda row: _on(PARTS[row.part], row.taken_on),
    ),
    Correctable(
        "evaluaties",
        Evaluation,
        _l("evaluatie"),
        tuple(fields_in(Evaluation, _EVALUATION)),
        _change,
        lambda row: _on(WORDS[row.kind], row.held_on),
    ),
    Correctable(
        "notities",
        Note,
        _l("notitie"),
        tuple(fields_in(Note, _NOTE)),
        _change,
        lambda row: _on(row.written_by_name, row.written_at),
        lambda row: bool(row.is_visible),
        is_read_by=lambda by: None if by.may(Permission.NOTE_COACHING) else is_note_read_by(by),
    ),
)
FINDINGS = frozenset(kind.table for kind in CORRECTABLES)
"""The tables of what a learner may say something against."""
