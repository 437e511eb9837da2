"""A copy as a PDF: the same as its page, to print."""

from pathlib import Path
from typing import Any

from portal.core.clock import local
from portal.core.http.languages import _, _n, comma, direction
from portal.disclosures.formats.pdf import compile_pdf
from portal.disclosures.glyphs import printable
from portal.requests.copies.contents.assembly import (
    Contents,
    CopiedCategory,
    CopiedRow,
    CopiedTable,
    given_to_nobody,
)
from portal.requests.copies.contents.log import Look
from portal.requests.copies.labels import KIND_LABELS
from portal.requests.copies.models import CopyKind

LAYOUT = Path(__file__).resolve().parents[4] / "templates" / "requests" / "pdf" / "copy.typ"
_FEW = 3
_MOST_COLUMNS = 9


def pdf_of(copy: Contents) -> bytes:
    """Return a copy on paper. A character that no font has stands as a sign."""
    data: dict[str, object] = {
        "title": str(KIND_LABELS[CopyKind.ACCESS]),
        "name": copy.name,
        "number": copy.number,
        "school": copy.school,
        "made": f"{_('Gemaakt op')} {_moment(copy.made_at)}",
        "lang": copy.language,
        "rtl": direction(copy.language) == "rtl",
        "blacked_out": copy.blacked_out,
        "blacked_words": _("Zwart gemaakt"),
        "categories": [*(_category(each) for each in copy.categories), *_of_who_works(copy), *_of_all(copy)],
    }
    return compile_pdf(LAYOUT, _printable(data))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _category(category: CopiedCategory) -> dict[str, Any]:
    why = [
        (_("Waarom"), category.why),
        (_("Waarvoor, en waarom dat mag"), "; ".join(category.purposes)),
        (_("Wie het kan krijgen"), ", ".join(category.recipients) or _("niemand buiten de school")),
        (_("Hoe lang"), category.term),
    ]
    return {
        "title": category.title,
        "why": [list(each) for each in why if each[1]],
        "tables": [_table(each) for each in category.tables],
    }


def _table(table: CopiedTable) -> dict[str, Any]:
    columns = table.columns
    if len(table.rows) <= _FEW or table.name == "learner" or len(columns) > _MOST_COLUMNS:
        return {"title": table.title, "lists": [_pairs(row) for row in table.rows]}
    ends = [_("Van wie")] if table.has_origins else []
    rows = [[row.texts[name] for name, __ in columns] + [row.origin_text] * len(ends) for row in table.rows]
    return {"title": table.title, "headings": [*(label for __, label in columns), *ends], "rows": rows}


def _pairs(row: CopiedRow) -> list[list[str]]:
    pairs = [
        [each.label, f"{each.text} ({each.origin_text})" if each.origin_text else each.text]
        for each in row.values
        if each.text
    ]
    return [*pairs, [_("Van wie"), row.origin_text]] if row.origin_text else pairs


def _of_all(copy: Contents) -> list[dict[str, Any]]:
    return [_looks(copy), _given(copy), _withheld(copy)]


def _of_who_works(copy: Contents) -> list[dict[str, Any]]:
    """Return where somebody who is no learner stands by name, and what she saw and did, where there is any of it."""
    found = []
    if copy.signed:
        lists = [[[each.title, _n("%(num)s keer", "%(num)s keer", each.rows)] for each in copy.signed]]
        found.append({"title": _("Waar uw naam bij staat"), "why": [], "tables": [{"title": "", "lists": lists}]})
    if copy.deeds:
        headings = [_("Wanneer"), _("Wat"), _("Aantal"), _("Cursisten")]
        rows = [[_moment(each.at), each.what, str(each.times), str(each.learners or "")] for each in copy.deeds]
        table = {"title": "", "headings": headings, "rows": rows}
        found.append({"title": _("Wat u zag en deed"), "why": [], "tables": [table]})
    return found


def _looks(copy: Contents) -> dict[str, Any]:
    rows = [
        [
            _moment(each.at),
            _who(each),
            "\n".join([each.what, *(f"{label}: {old or '–'} → {new or '–'}" for label, old, new in each.changes)]),
            str(each.times),
        ]
        for each in copy.looks
    ]
    headings = [_("Wanneer"), _("Wie"), _("Wat"), _("Aantal")]
    return {
        "title": _("Wie keek in uw gegevens"),
        "why": [],
        "tables": [{"title": "", "headings": headings, "rows": rows}] if rows else [],
    }


def _who(look: Look) -> str:
    more = comma().join(each for each in (look.role, look.why) if each)
    return f"{look.who} ({more})" if more else look.who


def _given(copy: Contents) -> dict[str, Any]:
    lists = [
        [
            [_("Wanneer"), _moment(each.at) if each.at else ""],
            [_("Aan wie"), each.to],
            [_("Waarom"), each.why],
            [_("Wat"), ", ".join(each.fields)],
            [_("Over de periode"), each.period],
        ]
        for each in copy.given
    ]
    nobody = _("niemand") if copy.is_of_learner else given_to_nobody()
    none = [[[_("Aan wie"), nobody]]]
    return {"title": _("Wie kreeg uw gegevens"), "why": [], "tables": [{"title": "", "lists": lists or none}]}


def _withheld(copy: Contents) -> dict[str, Any]:
    lists = [[[fields, why]] for fields, why in copy.withheld]
    return {"title": _("Wat niet in deze kopie staat"), "why": [], "tables": [{"title": "", "lists": lists}]}


def _moment(value: Any) -> str:
    return local(value).strftime("%d-%m-%Y %H:%M")
