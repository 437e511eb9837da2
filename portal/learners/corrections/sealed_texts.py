"""The texts of a proposal, sealed under the learner's key for the category of the field that it is about."""

from collections.abc import Iterable
from uuid import UUID

from portal.core.crypto import keys
from portal.learners.corrections.models import Correction

_TEXTS = ("old", "proposed", "remark")


def seal_text(learner_id: UUID, field: str, name: str, text: str | None) -> bytes | None:
    """Seal one text (`proposed`) of a proposal about a field; None where there is none."""
    if text is None:
        return None
    return keys.seal_in_category([(learner_id, keys.category_of(field), text)], f"correction.{name}")[0]


def open_texts(corrections: Iterable[Correction]) -> list[tuple[str | None, str | None, str | None]]:
    """Return the old value, the proposed one and the remark of each, opened; None where there is none any more."""
    rows = list(corrections)
    opened = []
    for name in _TEXTS:
        items = ((row.learner_id, keys.category_of(row.field), getattr(row, name)) for row in rows)
        opened.append(keys.unseal_in_category(items, f"correction.{name}"))
    return list(zip(*opened, strict=True))


def open_proposed(correction: Correction) -> str | None:
    """Return what is proposed."""
    return open_texts([correction])[0][1]
