"""Before an erasure: workbooks in which somebody stands beside others lose her rows, wherever those are still held."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.bulk import among, among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.personal_data import PersonKind
from portal.core.removal import Part
from portal.imports.models import ImportPage, ImportRow, ImportRun
from portal.imports.queries import PAGES, get_samples
from portal.imports.runs.expiry import OPEN, discard
from portal.imports.runs.inspection import workbook_of
from portal.imports.runs.storage import BEFORE
from portal.learners.record.models import Learner

_SHORTEST = 6
"""A shorter value within a text says little: others have the same."""
_SHORTEST_NUMBER = 4
"""A shorter number of the school is hers only beside a word of her name: hours and ages look the same."""
_WORD = re.compile(r"[^\W\d_]+")
_ABROAD = re.compile(r"^(?:00)?(?:31)?0?")


class _Marks(NamedTuple):
    """What tells that a row is about one of the people who are erased, all in small letters.

    `parts` tell wherever they stand, `numbers` as a whole cell, `digits` as the digits of a cell, `names` as words of
    the row in any order, and `short` numbers as a cell beside a word of the name that comes with them.
    """

    parts: set[str]
    numbers: set[str]
    digits: set[str]
    names: list[frozenset[str]]
    short: list[tuple[str, frozenset[str]]]


def take_out_of_runs(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Take the rows of these learners out of the lists that are kept of runs, and out of what would be put back.

    A workbook of which nothing was stored yet, and in which one of them stands, is thrown away: it holds what is to be
    erased, and would bring it back. Where single fields go, that is of workbooks with such a column.
    """
    if kind is not PersonKind.LEARNER:
        return
    if part is not None:
        _forget_before(ids, part)
    kept = ImportRun.state.in_(OPEN) | ImportRun.id.in_(select(ImportPage.run_id))
    runs = session.scalars(select(ImportRun).where(ImportRun.school_id == current_school_id(), kept)).all()
    having = {run.id: run for run in runs if _may_have(run, part)}
    here = ImportPage.school_id == current_school_id(), among(ImportPage.run_id, having)
    pages = session.scalars(select(ImportPage).where(*here).order_by(ImportPage.id)).all()
    for run in having.values() if part is None else ():
        gone = {str(each) for each in ids}
        run.decisions = {row: chosen for row, chosen in run.decisions.items() if chosen not in gone}
    open_runs = [run for run in having.values() if run.state in OPEN]
    marks = _marks_of(ids) if pages or open_runs else _Marks(set(), set(), set(), [], [])
    for page in pages:
        _take_out(page, marks)
    for run in open_runs:
        if any(_is_about(cells, marks) for cells in _rows_of(run)):
            discard(run)
    session.flush()


def _may_have(run: ImportRun, part: Part | None) -> bool:
    """Say whether a workbook may have something of a part: single fields only where a column goes there."""
    if part is None or part.fields is None or not run.sheets:
        return True
    columns = {key for sheet in run.sheets for name in ("targets", "refused") for key in sheet[name].values()}
    return not columns.isdisjoint(part.fields)


def _forget_before(ids: Sequence[UUID], part: Part) -> None:
    """Let go what an undo would put back of a part of these learners' records."""
    held = select(ImportRow).where(
        ImportRow.school_id == current_school_id(), among_ids(ImportRow.learner_id, ids), ImportRow.before.is_not(None)
    )
    rows = session.scalars(held.order_by(ImportRow.id)).all()
    texts = keys.unseal_values((row.learner_id, BEFORE, row.before) for row in rows)
    kept: list[tuple[ImportRow, str]] = []
    for row, text in zip(rows, texts, strict=True):
        stood = json.loads(text) if text is not None else {"values": {}, "origins": {}}
        going = [key for name in ("values", "origins") for key in stood[name] if part.has(key)]
        for name in ("values", "origins"):
            stood[name] = {key: value for key, value in stood[name].items() if key not in going}
        if going:
            kept.append((row, json.dumps(stood, ensure_ascii=False)))
    sealed = keys.seal_values((row.learner_id, BEFORE, text) for row, text in kept)
    for (row, _text), blob in zip(kept, sealed, strict=True):
        row.before = blob


def _marks_of(ids: Sequence[UUID]) -> _Marks:
    hers = select(Learner).where(Learner.school_id == current_school_id(), among_ids(Learner.id, ids))
    learners = session.scalars(hers).all()
    numbers = keys.unseal_values((each.id, "learner.bsn", each.bsn) for each in learners)
    marks = _Marks(set(), set(), set(), [], [])
    for learner, bsn in zip(learners, numbers, strict=True):
        telling = (str(learner.id), learner.number, learner.email, learner.phone, bsn, learner.full_name)
        marks.parts.update(each.lower() for each in telling if each and len(each) >= _SHORTEST)
        marks.digits.update(_digits(each) for each in (learner.phone, bsn) if each and len(_digits(each)) >= _SHORTEST)
        words = frozenset(_split(f"{learner.given_name} {learner.family_name}"))
        if len(words) > 1:
            marks.names.append(words)
        number = learner.number.strip().lower()
        if len(number) >= _SHORTEST_NUMBER:
            marks.numbers.add(number)
        else:
            marks.short.append((number, words))
    return marks


def _take_out(page: ImportPage, marks: _Marks) -> None:
    try:
        rows = json.loads(keys.unseal_for_school(page.content, PAGES))
    except keys.CannotOpen:
        return
    kept = [row for row in rows if not _is_about(list(_strings(row)), marks)]
    if len(kept) < len(rows):
        page.content = keys.seal_for_school(json.dumps(kept, ensure_ascii=False), PAGES)


def _rows_of(run: ImportRun) -> Iterator[list[str]]:
    """Yield the cells of each row of a workbook that is open still, and the examples that were taken from it."""
    try:
        yield from ([text] for texts in get_samples(run) for text in texts)
        for sheet in workbook_of(run).sheets:
            for _, row in sheet.rows():
                yield [str(cell) for cell in row]
    except (Invalid, NotFound, keys.CannotOpen):
        return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif value is not None:
        yield str(value)


def _is_about(cells: Sequence[str], marks: _Marks) -> bool:
    """Say whether a row is about one of these people."""
    said = [each.strip().lower().removesuffix(".0") for each in cells]
    whole, there = " ".join(said), set(said)
    words = set(_split(whole))
    return (
        any(part in whole for part in marks.parts)
        or not there.isdisjoint(marks.numbers)
        or any(_digits(each) in marks.digits for each in there)
        or any(name <= words for name in marks.names)
        or any(number in there and not words.isdisjoint(name) for number, name in marks.short)
    )


def _split(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _digits(text: str) -> str:
    """Return the digits of a number as one dials or counts it, without what stands before it for abroad."""
    return _ABROAD.sub("", re.sub(r"\D", "", text))
