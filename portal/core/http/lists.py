"""Lists of staff: in the order that an address asks for, a page at a time, and as a file."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from flask import Response, request
from wtforms import RadioField

from portal.core.errors import Invalid
from portal.core.http.forms import Form, InputRequired, choices
from portal.core.http.languages import _l
from portal.core.spreadsheets import Cell, csv_of, xlsx_of

Row = TypeVar("Row")
PER_PAGE = 50


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """The rows on one page of a list, and how many there are in all."""

    rows: list[Row]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


class ListFormat(StrEnum):
    """What a list is written as."""

    XLSX = "xlsx"
    CSV = "csv"


_MEDIA_TYPES = {
    ListFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ListFormat.CSV: "text/csv; charset=utf-8",
}
_MOST_TITLE = 31


class ListFileForm(Form):
    """As what a list is taken."""

    vorm = RadioField(
        _l("Soort bestand"),
        choices=choices([(ListFormat.XLSX.value, "Excel (.xlsx)"), (ListFormat.CSV.value, "CSV (.csv)")]),
        default=ListFormat.XLSX.value,
        validators=[InputRequired(_l("Kies een soort bestand."))],
    )

    @property
    def format(self) -> ListFormat:
        """What was chosen."""
        return ListFormat(self.vorm.data)


def order_asked(orders: Collection[str], default: str) -> str:
    """Return the order that an address asks for; one that begins with "-" is the other way round.

    Raises Invalid for an order that there isn't.
    """
    asked = request.args.get("volgorde") or default
    if asked.removeprefix("-") not in orders:
        raise Invalid("volgorde", "unknown_order")
    return asked


def in_order(rows: Iterable[Row], order: str, keys: Mapping[str, Callable[[Row], Any]]) -> list[Row]:
    """Return rows in an order that was asked; those that are the same in it stay as they stood."""
    return sorted(rows, key=keys[order.removeprefix("-")], reverse=order.startswith("-"))


def format_asked() -> ListFormat:
    """Return as what the form in hand asks a list; raises Invalid for what there isn't."""
    try:
        return ListFormat(request.form.get("vorm", ""))
    except ValueError:
        raise Invalid("vorm", "unknown_format") from None


def send_list(title: str, wanted: ListFormat, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with a list as a file that the browser keeps."""
    made = csv_of(headings, rows) if wanted is ListFormat.CSV else xlsx_of(title[:_MOST_TITLE], headings, rows)
    response = Response(made, content_type=_MEDIA_TYPES[wanted])
    response.headers.set("Content-Disposition", "attachment", filename=f"{title.lower()}.{wanted.value}")
    return response
