"""Rows and columns of a run in words, for its pages and the workbook of refused rows. Not here: HTML."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import format_date

from portal.imports.forms import SKIPPED, note_text, reason, target_label
from portal.imports.mappings.columns import SheetColumns, column_field
from portal.imports.plans.rules import row_key
from portal.imports.results.choices import asks_which
from portal.imports.results.labels import result_text
from portal.imports.workbooks.vocabulary import target_of
from portal.learners.record.fields import FIELDS
from portal.progress.labels import WORDS
from portal.progress.models import LevelSource

_DATED = re.compile(r"\d{1,2}(?:-\d{1,2}(?:-\d{2,4})?)?$")
"""A column with a day or a week for a label holds who was there, which no import takes over."""


@dataclass(frozen=True)
class ChangeView:
    """A value before and after, as people read it; of a result its day and test, and whether it is there already."""

    label: str
    old: str
    new: str
    detail: str = ""
    is_there: bool = False


@dataclass(frozen=True)
class KeptView:
    """A value that stays as the learner put it, since when, and what the file has instead."""

    label: str
    stays: str
    sheet: str
    since_on: date


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview; `candidates` are id and name of whom it looks like.

    Of a row with results `is_of` says whose they are, and `asks_which` whether they contradict what stands there.
    """

    sheet: str
    row: int
    who: str
    number: str
    learner: str | None
    changes: list[ChangeView]
    stays: list[KeptView]
    reasons: list[tuple[str, str]]
    notes: list[tuple[str, str]]
    candidates: list[tuple[str, str]]
    is_of: str = ""
    asks_which: bool = False

    @property
    def key(self) -> str:
        """By which a decision about it is kept."""
        return row_key(self.sheet, self.row)

    @property
    def learners(self) -> list[UUID]:
        """Who is shown in it: whom it is about, and whom it looks like."""
        return [UUID(each) for each in (self.learner, *(key for key, _name in self.candidates)) if each]


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
        notes=[(column, note_text(code, facts)) for column, code, facts in kept["notes"]],
        candidates=[(key, name) for key, name in kept["candidates"]],
        is_of=kept.get("is_of", ""),
        asks_which=asks_which(kept),
    )


@dataclass(frozen=True)
class SharedReason:
    """Why several rows are refused, said once: how many, in which column, and what for all of them would solve it."""

    rows: int
    column: str
    text: str
    solved_by: str


_SOLVED_BY = {"needs_reporting_trajectory": "act", "manager_needs_client": "client"}


def present_reasons(refused: Sequence[Mapping[str, Any]]) -> list[SharedReason]:
    """Return the reasons of refused rows that several share, or that one choice solves; the most frequent first."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in refused:
        for column, code, facts in row["problems"]:
            found.setdefault((column, code), []).append(facts)
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    return [
        SharedReason(len(facts), column, reason(code, facts[0]), _SOLVED_BY.get(code, ""))
        for (column, code), facts in ordered
        if len(facts) > 1 or code in _SOLVED_BY
    ]


@dataclass(frozen=True)
class SkippedRow:
    """A row, or a sheet as a whole, that holds something and no learner: what it says, and why it is left out."""

    sheet: str
    row: int
    text: str
    why: str
    learners: tuple[UUID, ...] = ()


def present_skipped(kept: Mapping[str, Any]) -> SkippedRow:
    """Return what was left out, in words."""
    return SkippedRow(kept["sheet"], kept["row"], kept["text"], str(SKIPPED[kept["code"]]))


def _change(field: str, old: str | None, new: str | None, about: Mapping[str, str] | None = None) -> ChangeView:
    if about is not None:
        detail = f"{WORDS[LevelSource(about['source'])]}, {format_date(date.fromisoformat(about['on']), 'medium')}"
        return ChangeView(
            label=str(target_label(field)),
            old=result_text(old) if old is not None else "",
            new=result_text(new) if new is not None else "",
            detail=detail,
            is_there="is_there" in about,
        )
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
    """A column to choose for: the name of its choice, what stands under it, and whether that is at odds or counts."""

    name: str
    example: str
    is_doubtful: bool
    is_unfit: bool
    is_counter: bool


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
            is_doubtful, is_counter = position in sheet.doubtful, position in sheet.counted
            is_unfit = is_doubtful and target_of(label) is not None
            column = ColumnChoice(name, example, is_doubtful, is_unfit, is_counter)
            if name in wrong or is_doubtful or is_counter:
                found.asked.append(column)
            elif position in sheet.targets:
                found.recognised.append(column)
            else:
                is_known = (
                    _DATED.match(label) is not None
                    or sheet.is_settled
                    or position in sheet.refused
                    or not sheet.is_used
                )
                (found.asked if example and not is_known else found.left_out).append(column)
    return found
