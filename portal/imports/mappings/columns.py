"""Where the columns of a workbook's sheets go: proposed from their labels and from the last time, then chosen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.imports.workbooks.counters import is_counter
from portal.imports.workbooks.headers import Header
from portal.imports.workbooks.tables import Columns, Table, find_tables
from portal.imports.workbooks.targets import IDENTIFYING, TARGETS
from portal.imports.workbooks.vocabulary import nearly, plain, targets_of
from portal.imports.workbooks.workbook import Cell, Sheet, Workbook
from portal.policy.schema import Policy


@dataclass
class SheetColumns:
    """The columns of one sheet: targets by position; `refused` are those whose field the school doesn't keep.

    `doubtful` are those whose label is known while what stands under it doesn't read as such, or is known only nearly;
    `counted` those that count the rows, which are no learners' numbers; `is_settled` says that a person chose before,
    for this header. A sheet with several tables has its columns for each: `until` is the last row of one, `title` the
    group that stands over it, and `follows` the place of an earlier one with the same labels, whose choices it takes.
    """

    name: str
    first_row: int
    last_row: int
    labels: list[str]
    fingerprint: str
    targets: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    is_group: bool = False
    is_used: bool = True
    doubtful: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    is_settled: bool = False
    until: int | None = None
    title: str | None = None
    follows: int | None = None

    @property
    def header(self) -> Header:
        """The header, as rows are read under it."""
        return Header(self.name, self.first_row, self.last_row, tuple(self.labels))

    @property
    def columns(self) -> Columns:
        """The columns, as rows are read with them."""
        return Columns(self.header, self.targets, self.is_group, self.until, self.title)

    def holds(self, sheet: str, row: int) -> bool:
        """Say whether a row of a sheet stands under this header."""
        return self.name == sheet and self.last_row < row and (self.until is None or row <= self.until)

    def follow(self, leader: "SheetColumns") -> None:
        """Take over the choices for the same labels in another order."""
        chosen = {plain(label): leader.targets.get(at) for at, label in enumerate(leader.labels) if label}
        wanted = {at: chosen.get(plain(label)) for at, label in enumerate(self.labels)}
        self.targets = {at: target for at, target in wanted.items() if target}
        self.refused, self.doubtful, self.counted = {}, [], []
        self.is_used, self.is_settled, self.is_group = leader.is_used, leader.is_settled, leader.is_group

    @property
    def labels_by_target(self) -> dict[str, str]:
        """The label of each target's column."""
        return {target: self.labels[position] for position, target in reversed(self.targets.items())}

    @property
    def is_ready(self) -> bool:
        """Say whether a row can be told whose it is."""
        return bool(IDENTIFYING & set(self.targets.values()))

    def is_led_by(self, sheet: str, fingerprint: str) -> bool:
        """Say whether a later table of this sheet with this header goes along with this one."""
        return self.follows is None and self.name == sheet and self.fingerprint == fingerprint

    def as_json(self) -> dict[str, Any]:
        """Return the columns as JSON keeps them."""
        kept = {name: value for name, value in vars(self).items() if name not in {"targets", "refused"}}
        return {**kept, "targets": _texts(self.targets), "refused": _texts(self.refused)}


def _texts(by_position: Mapping[int, str]) -> dict[str, str]:
    return {str(position): key for position, key in by_position.items()}


def from_json(stored: Mapping[str, Any]) -> SheetColumns:
    """Return the columns that `as_json` kept."""
    found = SheetColumns(**{**stored, "targets": {}, "refused": {}})
    found.targets = {int(position): key for position, key in sorted(stored["targets"].items(), key=_position)}
    found.refused = {int(position): key for position, key in sorted(stored["refused"].items(), key=_position)}
    return found


def _position(item: tuple[str, str]) -> int:
    return int(item[0])


@dataclass(frozen=True)
class Remembered:
    """Where the columns under a header went the last time: target by the plain form of the label."""

    targets: Mapping[str, str]
    is_group: bool
    is_used: bool


def is_kept(target: str, policy: Policy) -> bool:
    """Say whether the school keeps what this target fills (LB-02)."""
    return all(policy.allows(name) for name in TARGETS[target].fields)


def column_field(sheet: int, position: int) -> str:
    """Return the name of the choice for one column: it is also beside which a refusal stands."""
    return f"s{sheet}c{position}"


def propose(workbook: Workbook, policy: Policy, remembered: Mapping[str, Remembered]) -> list[SheetColumns]:
    """Return a proposal for every table in which learners stand; none when no sheet has such a header."""
    tables = [(sheet, table) for sheet in workbook.sheets for table in find_tables(sheet)]
    tables = tables or [(sheet, table) for sheet in workbook.sheets for table in find_tables(sheet, of_names=True)]
    alike = Counter(fingerprint for _name, fingerprint in {(each.name, of.header.fingerprint) for each, of in tables})
    found: list[SheetColumns] = []
    for sheet, table in tables:
        fingerprint = table.header.fingerprint
        leader = next((at for at, each in enumerate(found) if each.is_led_by(sheet.name, fingerprint)), None)
        columns = _proposal(table, policy, remembered.get(fingerprint), is_one_of_many=alike[fingerprint] > 1)
        columns.follows = leader
        found.append(columns)
    for sheet in workbook.sheets:
        name_nameless(sheet, [columns for columns in found if columns.name == sheet.name])
    separate_counters(workbook, found)
    for columns in found:
        if columns.follows is not None:
            columns.follow(found[columns.follows])
    return found


def _proposal(table: Table, policy: Policy, before: Remembered | None, *, is_one_of_many: bool) -> SheetColumns:
    header = table.header
    found = SheetColumns(header.sheet, header.first_row, header.last_row, list(header.labels), header.fingerprint)
    found.until, found.title = table.until, table.title
    proposed = targets_of(header.labels)
    for position, label in enumerate(header.labels):
        target = before.targets.get(plain(label)) if before is not None else proposed[position]
        if before is None and target is None and (target := nearly(label)) is not None:
            found.doubtful.append(position)
        target = _free(target, set(found.targets.values()))
        if target:
            (found.targets if is_kept(target, policy) else found.refused)[position] = target
    found.doubtful = [position for position in found.doubtful if position in found.targets]
    if before is not None:
        found.is_group, found.is_used, found.is_settled = before.is_group, before.is_used, True
    else:
        found.is_group = is_one_of_many and "group.name" not in found.targets.values()
        found.is_used = found.is_ready
    return found


def separate_counters(workbook: Workbook, found: Sequence[SheetColumns]) -> None:
    """Leave a column that counts the rows out of the proposals, unless nothing else names anyone.

    It was perhaps chosen before, for a list that had numbers there: so it is asked anew. All sheets of a workbook are
    seen together, for a count may go on from one to the next.
    """
    asked = [(columns, at) for columns in found for at, key in columns.targets.items() if key == "learner.number"]
    at_of = {id(columns): at for columns, at in asked}
    rows = ((columns, row) for sheet in workbook.sheets if asked for columns, row in _rows_under(sheet, found))
    if not is_counter(row[at] for columns, row in rows if (at := at_of.get(id(columns), len(row))) < len(row)):
        return
    for columns, position in asked:
        if IDENTIFYING & {key for at, key in columns.targets.items() if at != position}:
            del columns.targets[position]
            columns.counted.append(position)
        else:
            columns.doubtful.append(position)


def _rows_under(sheet: Sheet, tables: Sequence[SheetColumns]) -> Iterator[tuple[SheetColumns, list[Cell]]]:
    """Yield each row of a sheet that stands under one of its headers, with the columns of that table."""
    waiting = [columns for columns in tables if columns.name == sheet.name]
    for number, row in sheet.rows():
        while waiting and waiting[0].until is not None and number > waiting[0].until:
            waiting.pop(0)
        if waiting and number > waiting[0].last_row:
            yield waiting[0], row


def name_nameless(sheet: Sheet, tables: Sequence[SheetColumns]) -> None:
    """Call columns that hold something and have no label by their letter, so that they are listed and can be chosen."""
    for columns, row in _rows_under(sheet, tables):
        labels = columns.labels
        if len(row) > len(labels) or "" in labels:
            labels += [""] * (len(row) - len(labels))
            for position, cell in enumerate(row):
                if not labels[position] and str(cell).strip():
                    labels[position] = f"({_letters(position)})"
    for columns in tables:
        while columns.labels and not columns.labels[-1]:
            columns.labels.pop()


def _letters(position: int) -> str:
    """Return how a spreadsheet program calls a column, counted from 0."""
    first, last = divmod(position, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def _free(target: str | None, taken: set[str]) -> str | None:
    """Return a target that no earlier column has; a second phone number is another."""
    if target in taken:
        target = "learner.phone_other" if target == "learner.phone" else None
    return None if target in taken else target


def refused_columns(sheets: Iterable[SheetColumns]) -> list[tuple[SheetColumns, str, str]]:
    """Return sheet, label and target of each column that the school doesn't keep."""
    return [
        (sheet, sheet.labels[position], target)
        for sheet in sheets
        if sheet.is_used and sheet.follows is None
        for position, target in sheet.refused.items()
    ]
