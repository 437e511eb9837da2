"""Where the columns of a list of results go: proposed from their labels and from the last time this header was seen."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice

from portal.imports.mappings.columns import Remembered, SheetColumns, is_kept, name_nameless, separate_counters
from portal.imports.results.vocabulary import heading_of
from portal.imports.workbooks.headers import LOOKED_AT, Header
from portal.imports.workbooks.targets import IDENTIFYING, SAYING
from portal.imports.workbooks.vocabulary import plain
from portal.imports.workbooks.workbook import Cell, Sheet, Workbook
from portal.policy.schema import Policy

BORN = "learner.birth_date"


def propose_results(workbook: Workbook, policy: Policy, remembered: Mapping[str, Remembered]) -> list[SheetColumns]:
    """Return a proposal for every sheet in which results stand; none where no sheet has such a header."""
    found = [_proposal(header, policy, remembered) for header in _headers(workbook)]
    for sheet in workbook.sheets:
        name_nameless(sheet, [columns for columns in found if columns.name == sheet.name])
    separate_counters(workbook, found)
    return found


def fingerprint_of(header: Header) -> str:
    """Return by what the choices for a header are remembered: apart from those for a list of learners."""
    return sha256(f"results\n{header.fingerprint}".encode()).hexdigest()


def _headers(workbook: Workbook) -> Iterator[Header]:
    for sheet in workbook.sheets:
        header = _find_header(sheet)
        if header is not None:
            yield header


def _find_header(sheet: Sheet) -> Header | None:
    """Return the first of twenty rows that names whose a result is and what it is; None where none does."""
    for number, row in enumerate(islice(sheet.read(), LOOKED_AT), start=1):
        labels = _labels(row)
        named = {heading_of(label) for label in labels if label}
        if named & IDENTIFYING and named & SAYING:
            return Header(sheet.name, number, number, tuple(labels))
    return None


def _labels(row: Sequence[Cell]) -> list[str]:
    labels = [" ".join(str(cell).split()) for cell in row]
    while labels and not labels[-1]:
        labels.pop()
    return labels


def _proposal(header: Header, policy: Policy, remembered: Mapping[str, Remembered]) -> SheetColumns:
    labels = list(header.labels)
    columns = SheetColumns(header.sheet, header.first_row, header.last_row, labels, fingerprint_of(header))
    before = remembered.get(columns.fingerprint)
    for position, label in enumerate(labels):
        proposed = heading_of(label)
        chosen = before.targets.get(plain(label)) if before is not None else proposed
        target = chosen or (proposed if proposed == BORN else None)  # who chose perhaps sees no birth dates
        if target and target not in columns.targets.values():
            (columns.targets if is_kept(target, policy) else columns.refused)[position] = target
    columns.is_used, columns.is_settled = (before.is_used, True) if before is not None else (columns.is_ready, False)
    return columns
