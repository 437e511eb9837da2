"""Before an erasure: workbooks in which somebody stands beside others lose her rows, wherever those are still held."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.personal_data import PersonKind
from portal.imports.models import ImportPage, ImportRun
from portal.imports.queries import PAGES, get_samples
from portal.imports.runs.expiry import OPEN, discard
from portal.imports.runs.inspection import workbook_of
from portal.learners.record.models import Learner

_SHORTEST = 6
"""A shorter value says little: others have the same."""


def take_out_of_runs(kind: PersonKind, ids: Sequence[UUID], _categories: Collection[str] | None) -> None:
    """Take the rows of these learners out of the lists that are kept of runs.

    A workbook of which nothing was stored yet, and in which one of them stands, is thrown away: it holds what is to be
    erased, and would bring it back.
    """
    if kind is not PersonKind.LEARNER:
        return
    here = ImportPage.school_id == current_school_id()
    pages = session.scalars(select(ImportPage).where(here).order_by(ImportPage.id)).all()
    open_runs = session.scalars(
        select(ImportRun).where(ImportRun.school_id == current_school_id(), ImportRun.state.in_(OPEN))
    ).all()
    marks = _marks_of(ids) if pages or open_runs else ()
    for page in pages:
        _take_out(page, marks)
    for run in open_runs:
        if any(_has_any(text, marks) for text in _texts_of(run)):
            discard(run)
    session.flush()


def _marks_of(ids: Sequence[UUID]) -> Collection[str]:
    """Return what tells in a workbook that a row is about one of these people, in small letters."""
    hers = select(Learner).where(Learner.school_id == current_school_id(), Learner.id.in_(ids))
    learners = session.scalars(hers).all()
    numbers = keys.unseal_values((each.id, "learner.bsn", each.bsn) for each in learners)
    marks: set[str] = set()
    for learner, bsn in zip(learners, numbers, strict=True):
        telling = (str(learner.id), learner.number, learner.email, learner.phone, bsn, learner.full_name)
        marks.update(each.lower() for each in telling if each and len(each) >= _SHORTEST)
    return marks


def _take_out(page: ImportPage, marks: Collection[str]) -> None:
    try:
        rows = json.loads(keys.unseal_for_school(page.content, PAGES))
    except keys.CannotOpen:
        return
    kept = [row for row in rows if not _has_any(" ".join(_strings(row)), marks)]
    if len(kept) < len(rows):
        page.content = keys.seal_for_school(json.dumps(kept, ensure_ascii=False), PAGES)


def _texts_of(run: ImportRun) -> Iterator[str]:
    """Yield the rows of a workbook that is open still, each as one text, and the examples that were taken from it."""
    try:
        yield from (" ".join(texts) for texts in get_samples(run))
        for sheet in workbook_of(run).sheets:
            for _, row in sheet.rows():
                yield " ".join(str(cell) for cell in row)
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


def _has_any(text: str, marks: Collection[str]) -> bool:
    said = text.lower()
    return any(mark in said for mark in marks)
