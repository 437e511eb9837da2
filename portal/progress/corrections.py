"""What a learner may ask to correct of her progress: levels, results, evaluations and the notes that she sees."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString, format_date

from portal.core import audit
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _l
from portal.learners.corrections.kinds import Correctable, let_correct
from portal.learners.record.fields import RecordField, fields_in
from portal.learners.record.labels import CHOICES, LABELS
from portal.learners.record.models import Source
from portal.learners.record.storage import log_pair, store_entry_origins
from portal.progress.labels import PARTS, WORDS
from portal.progress.models import Evaluation, ExamResult, Level, Note, Rung

# What a correction can be about, with what it is called; who entered it and when is not hers to change.
_FIELDS: dict[str, LazyString] = {
    "level.level": _l("Niveau"),
    "level.found_on": _l("Datum van het niveau"),
    "exam_result.is_passed": _l("Geslaagd"),
    "exam_result.taken_on": _l("Datum van het examen"),
    "exam_result.score": _l("Score"),
    "evaluation.body": _l("Evaluatie"),
    "evaluation.held_on": _l("Datum van de evaluatie"),
    "note.body": _l("Notitie"),
}


def _change(row: Any, field: RecordField, value: Any, by: Actor) -> None:
    old = getattr(row, field.column)
    before = keys.unseal(row.learner_id, field.key, old) if field.sealed else old
    setattr(row, field.column, keys.seal(row.learner_id, field.key, value) if field.sealed else value)
    session.flush()
    store_entry_origins(row, {field.key: value}, source=Source.LEARNER, channel="portal")
    audit.record(
        f"progress.{field.table}_corrected",
        learner_id=row.learner_id,
        subject=(field.table, row.id),
        changes={field.key: log_pair(field, before, value)},
        by=by,
    )


def _may_be_corrected(
    model: type[Base],
    slug: str,
    one: LazyString,
    name: Callable[[Any], str],
    is_seen: Callable[[Any], bool] = lambda _row: True,
) -> None:
    fields = tuple(field for field in fields_in(model) if field.key in _FIELDS)
    let_correct(Correctable(slug, model, one, fields, _change, name, is_seen))


def _on(words: object, day: Any) -> str:
    return f"{words}, {format_date(day, 'long')}"


def register() -> None:
    """Let learners ask to correct levels, results, evaluations and notes; called where the features are wired."""
    LABELS.update(_FIELDS)
    CHOICES[Rung] = {rung: LazyString(str, rung.value) for rung in Rung}
    _may_be_corrected(Level, "niveaus", _l("niveau"), lambda row: _on(WORDS[row.skill], row.found_on))
    _may_be_corrected(ExamResult, "uitslagen", _l("uitslag"), lambda row: _on(PARTS[row.part], row.taken_on))
    _may_be_corrected(Evaluation, "evaluaties", _l("evaluatie"), lambda row: _on(WORDS[row.kind], row.held_on))
    _may_be_corrected(
        Note,
        "notities",
        _l("notitie"),
        lambda row: _on(row.written_by_name, row.written_at),
        lambda row: bool(row.is_visible),
    )
