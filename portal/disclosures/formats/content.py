"""From what a file is to hold to its bytes."""

from collections.abc import Callable, Iterator

from portal.core.db.statistics import joined_as_sets
from portal.disclosures.files.selection import Selection
from portal.disclosures.formats.delimited_text import csv_of
from portal.disclosures.formats.pdf import pdf_of
from portal.disclosures.formats.rows import Progress
from portal.disclosures.formats.workbook import xlsx_of
from portal.disclosures.models import FileFormat

_WRITERS: dict[FileFormat, Callable[[Selection, Progress], Iterator[bytes]]] = {
    FileFormat.CSV: csv_of,
    FileFormat.XLSX: xlsx_of,
    FileFormat.PDF: pdf_of,
}
_MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PDF: "application/pdf",
}


def content_of(form: FileFormat, selection: Selection, progress: Progress) -> Iterator[bytes]:
    """Yield the bytes of a file in flat memory; `progress` is told how many rows are written."""
    with joined_as_sets():
        yield from _WRITERS[form](selection, progress)


def media_type_of(form: FileFormat) -> str:
    """Return the media type of a form."""
    return _MEDIA_TYPES[form]
