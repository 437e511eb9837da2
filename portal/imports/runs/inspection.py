"""Reading a workbook that was handed in: its sheets, its headers, and where its columns would go."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from portal.core import values as typed
from portal.core.clock import today
from portal.core.crypto import files, keys
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.imports.mappings.columns import SheetColumns, propose
from portal.imports.mappings.services import offered_targets
from portal.imports.models import ImportRun, RunState, Subject
from portal.imports.queries import SAMPLES, get_run, remembered
from portal.imports.results.columns import propose_results
from portal.imports.results.queries import get_actor_of
from portal.imports.workbooks.container import refusal
from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.headers import has_people_side_by_side
from portal.imports.workbooks.targets import TARGETS
from portal.imports.workbooks.values import read, text_of
from portal.imports.workbooks.workbook import Cell, Workbook, open_workbook
from portal.learners.record.fields import masked
from portal.policy.queries import current_policy

_SHOWN = 3
_LOOKED_AT = 31
_SAMPLE = 40
_SECRET = frozenset({"learner.bsn", "learner.iban", "learner.document_number"})


def read_workbook(run_id: UUID, *, by: Actor) -> None:
    """Look where headers stand and propose where columns go; a workbook that can't be read is refused, and gone."""
    run = get_run(run_id, by.scope)
    if run.state is not RunState.READING:
        return
    try:
        workbook = workbook_of(run)
        sheets = proposed(workbook, run.subject)
    except Invalid as refused:
        run.refusal, run.refusal_facts = refused.code, refused.facts
        run.state = RunState.REFUSED
        remove_file(run)
        return
    if run.subject is Subject.RESULTS:
        offered = offered_targets(run.subject, get_actor_of(run))
        for sheet in sheets:
            sheet.targets = {position: key for position, key in sheet.targets.items() if key in offered}
    run.sheets = [sheet.as_json() for sheet in sheets]
    run.samples = keys.seal_for_school(json.dumps([_samples(workbook, sheet) for sheet in sheets]), SAMPLES)
    run.state = RunState.MAPPING
    session.flush()


def proposed(workbook: Workbook, subject: Subject = Subject.LEARNERS) -> list[SheetColumns]:
    """Return where the columns of each sheet would go; raises Invalid where no sheet holds learners, or results.

    Then its code is "people_in_columns" for a sheet that has them side by side, else "no_header", of results
    "no_result_header".
    """
    proposal = propose if subject is Subject.LEARNERS else propose_results
    sheets = proposal(workbook, current_policy(), remembered())
    if not any(sheet.is_used for sheet in sheets):
        if subject is Subject.RESULTS:
            raise refusal("no_result_header")
        turned = any(has_people_side_by_side(list(sheet.read())) for sheet in workbook.sheets)
        raise refusal("people_in_columns" if turned else "no_header")
    for sheet in sheets:
        unfit = [] if sheet.is_settled else _unfit(workbook, sheet)
        for position in set(sheet.doubtful) & set(unfit):  # nearly the label, and not what the label says
            del sheet.targets[position]
        sheet.doubtful = sorted(({*sheet.doubtful} ^ {*unfit}) - ({*sheet.doubtful} & {*unfit}))
    return sheets


def workbook_of(run: ImportRun) -> Workbook:
    """Open the workbook of a run; raises NotFound when its file is gone, Invalid when it can't be read."""
    if run.file_id is None:
        raise NotFound("file_gone")
    return open_workbook(b"".join(files.open_file(run.file_id)), run.file_name)


def remove_file(run: ImportRun) -> None:
    """Destroy the file of a run, and the examples taken from it."""
    if run.file_id is not None:
        files.remove(run.file_id)
    run.file_id = run.samples = None
    session.flush()


def _first_rows(workbook: Workbook, sheet: SheetColumns) -> Iterator[list[Cell]]:
    """Yield the first rows under the header."""
    source = next(each for each in workbook.sheets if each.name == sheet.name)
    for number, row in source.rows():
        if number > sheet.last_row + _LOOKED_AT:
            return
        if sheet.holds(source.name, number):
            yield row


def _unfit(workbook: Workbook, sheet: SheetColumns) -> list[int]:
    """Return the columns of which most cells can't be read as what the label says: a person is to look at those."""
    fits: Counter[int] = Counter()
    for row in _first_rows(workbook, sheet):
        for position, target in sheet.targets.items():
            if position < len(row) and _text(row[position]):
                fits[position] += 1 if _reads_as(row[position], target) else -1
    return sorted(position for position, balance in fits.items() if balance < 0)


def _reads_as(cell: Cell, target: str) -> bool:
    try:
        read(TARGETS[target], cell, today=today())
    except Unusable:
        return False
    return True


def _samples(workbook: Workbook, sheet: SheetColumns) -> list[str]:
    """Return for each column a few of the values under it, to choose by."""
    found: list[list[str]] = [[] for _ in sheet.labels]
    chosen = sheet.targets | sheet.refused
    for row in _first_rows(workbook, sheet):
        for position, (column, cell) in enumerate(zip(found, row, strict=False)):
            text = _text(cell)
            example = _example(text, chosen.get(position)) if text else ""
            if example and len(column) < _SHOWN and example not in column:
                column.append(example)
    return [" · ".join(column) for column in found]


def _example(text: str, target: str | None) -> str:
    """Return a value as an example; a BSN, a bank account or the number of a document is masked, in any column."""
    if target in _SECRET or any(_is_one(text, parse) for parse in (typed.parse_bsn, typed.parse_iban)):
        return masked(text)
    return text[:_SAMPLE]


def _is_one(text: str, parse: Callable[[str], str]) -> bool:
    try:
        parse(text)
    except typed.Unusable:
        return False
    return True


def _text(cell: object) -> str:
    try:
        return text_of(cell)  # type: ignore[arg-type]
    except Unusable:
        return ""
