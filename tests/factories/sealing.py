"""Seals a text as a sealed column of a row holds it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column

from portal.core.crypto import keys
from portal.core.personal_data import sealing_field


def sealed(person_id: UUID, column: Column[Any], row: Mapping[str, Any], text: str) -> bytes:
    """Return a text sealed under the person's key for the category that the column, or the row, says."""
    category = keys.category_of(sealing_field(column, row))
    if column.table.name == "import_row":
        text = json.dumps({"values": {"learner.last_contact_on": text}, "origins": {}, "entries": {}})
    blob = keys.seal_in_category([(person_id, category, text)], f"{column.table.name}.{column.name}")[0]
    assert blob is not None
    return blob
