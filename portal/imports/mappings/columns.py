"""Where the columns of a workbook's sheets go: proposed from their labels and from the last time, then chosen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.imports.workbooks.headers import Header, find_header
from portal.imports.workbooks.records import Columns
from portal.imports.workbooks.targets import IDENTIFYING, TARGETS
from portal.imports.workbooks.vocabulary import plain, target_of
from portal.imports.workbooks.workbook import Workbook
from portal.policy.schema import Policy


@dataclass
class SheetColumns:
    """The columns of one sheet: targets by position; `refused` are those whose field the school doesn't keep.

    `doubtful` are those whose label is known while what stands under it doesn't read as such; `is_settled` says that a
    person chose before, for this header.
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
    is_settled: bool = False

    @property
    def header(self) -> Header:
        """The header, as rows are read under it."""
        return Header(self.name, self.first_row, self.last_row, tuple(self.labels))

    @property
    def columns(self) -> Columns:
        """The columns, as rows are read with them."""
        return Columns(self.header, self.targets, is_group=self.is_group)

    @property
    def labels_by_target(self) -> dict[str, str]:
        """The label of each target's column."""
        return {target: self.labels[position] for position, target in reversed(self.targets.items())}

    @property
    def is_ready(self) -> bool:
        """Say whether a row can be told whose it is."""
        return bool(IDENTIFYING & set(self.targets.values()))

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


def propose(workbook: Workbook, policy: Policy, remembered: Mapping[str, Remembered]) -> list[SheetColumns]:
    """Return a proposal for every sheet in which learners stand; none when no sheet has such a header."""
    headers = [header for sheet in workbook.sheets if (header := find_header(sheet)) is not None]
    alike = Counter(header.fingerprint for header in headers)
    return [
        _proposal(header, policy, remembered.get(header.fingerprint), is_one_of_many=alike[header.fingerprint] > 1)
        for header in headers
    ]


def _proposal(header: Header, policy: Policy, before: Remembered | None, *, is_one_of_many: bool) -> SheetColumns:
    found = SheetColumns(header.sheet, header.first_row, header.last_row, list(header.labels), header.fingerprint)
    for position, label in enumerate(header.labels):
        target = before.targets.get(plain(label)) if before is not None else target_of(label)
        target = _free(target, set(found.targets.values()))
        if target:
            (found.targets if is_kept(target, policy) else found.refused)[position] = target
    if before is not None:
        found.is_group, found.is_used, found.is_settled = before.is_group, before.is_used, True
    else:
        found.is_group = is_one_of_many and "group.name" not in found.targets.values()
        found.is_used = found.is_ready
    return found


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
        if sheet.is_used
        for position, target in sheet.refused.items()
    ]
