"""A learner's own row under the headings that the import of a school on this portal reads: her file taken in there."""

import csv
from io import StringIO

from flask_babel import force_locale

from portal.core.spreadsheets import guarded
from portal.learners.record.fields import FIELDS, RecordField
from portal.requests.copies.contents.assembly import Contents, CopiedValue

_LEFT_OUT = frozenset({"learner.number", "learner.bsn"})
"""The other school gives a number of its own."""


def import_sheet_of(copy: Contents) -> bytes:
    """Return her row as CSV with Dutch headings and values as one types them; the other school keeps what it may.

    What a spreadsheet would take for a formula has an apostrophe before it, which the import takes off again.
    """
    tables = (table for category in copy.categories for table in category.tables if table.name == "learner")
    values = [value for table in tables for row in table.rows[:1] for value in row.values]
    kept = [value for value in values if value.key in FIELDS and value.key not in _LEFT_OUT]
    out = StringIO(newline="")
    writer = csv.writer(out)
    with force_locale("nl"):
        writer.writerow([str(FIELDS[value.key].label) for value in kept])
        writer.writerow([guarded(_typed(FIELDS[value.key], value)) for value in kept])
    return out.getvalue().encode("utf-8-sig")


def _typed(field: RecordField, value: CopiedValue) -> str:
    read = field.read(value.raw) if isinstance(value.raw, str) else value.raw
    return str(field.choices[read]) if field.choices else field.typed(read)
