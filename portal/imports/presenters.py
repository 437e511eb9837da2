"""Rows and columns of a run in words, for its pages and the workbook of refused rows. Not here: HTML."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.imports.forms import NOTES, reason, target_label
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import column_field
from portal.imports.plans.rules import row_key
from portal.learners.record.fields import FIELDS


@dataclass(frozen=True)
class ChangeView:
    """A value before and after, as people read it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class KeptView:
    """A value that stays as the learner put it, since when, and what the file has instead."""

    label: str
    stays: str
    sheet: str
    since_on: date


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview; `candidates` are id and name of whom it looks like."""

    sheet: str
    row: int
    who: str
    number: str
    learner: str | None
    changes: list[ChangeView]
    stays: list[KeptView]
    reasons: list[tuple[str, str]]
    notes: list[str]
    candidates: list[tuple[str, str]]

    @property
    def key(self) -> str:
        """By which a decision about it is kept."""
        return row_key(self.sheet, self.row)


def present_row(kept: Mapping[str, Any]) -> PreviewRow:
    """Return a row that was kept in a page of the preview, in words."""
    return PreviewRow(
        sheet=kept["sheet"],
        row=kept["row"],
        who=kept["who"],
        number=kept["number"],
        learner=kept["learner"],
        changes=[_change(*change) for change in kept["changes"]],
        stays=[_kept(*stays) for stays in kept["stays"]],
        reasons=[(column, reason(code, facts)) for column, code, facts in kept["problems"]],
        notes=[str(NOTES[note]) for note in kept["notes"]],
        candidates=[(key, name) for key, name in kept["candidates"]],
    )


def _change(field: str, old: str | None, new: str | None) -> ChangeView:
    return ChangeView(str(target_label(field)), _value(field, old), _value(field, new))


def _kept(field: str, stays: str | None, sheet: str | None, since_on: str) -> KeptView:
    texts = (_value(field, stays), _value(field, sheet))
    return KeptView(str(target_label(field)), *texts, date.fromisoformat(since_on))


def _value(field: str, text: str | None) -> str:
    known = FIELDS.get(field)
    if known is None or text is None or known.kind == "link":
        return text or ""
    return known.show(int(text) if known.kind in {"hours", "whole"} else known.read(text))


@dataclass(frozen=True)
class ColumnChoice:
    """A column to choose for: the name of its choice, what stands under it, and whether that is at odds with it."""

    name: str
    example: str
    is_doubtful: bool


@dataclass(frozen=True)
class ColumnChoices:
    """The columns of a sheet: those that a person must look at, those recognised, and those left out."""

    asked: list[ColumnChoice]
    recognised: list[ColumnChoice]
    left_out: list[ColumnChoice]


def present_columns(index: int, sheet: SheetColumns, samples: Sequence[str], wrong: Container[str]) -> ColumnChoices:
    """Return the columns of a sheet with a label, by whether a person is needed; `wrong` are choices refused."""
    found = ColumnChoices([], [], [])
    for position, label in enumerate(sheet.labels):
        if label:
            name, example = column_field(index, position), samples[position] if samples else ""
            is_doubtful = position in sheet.doubtful
            column = ColumnChoice(name, example, is_doubtful)
            if name in wrong or is_doubtful:
                found.asked.append(column)
            elif position in sheet.targets:
                found.recognised.append(column)
            else:
                is_known = sheet.is_settled or position in sheet.refused or not sheet.is_used
                (found.asked if example and not is_known else found.left_out).append(column)
    return found
