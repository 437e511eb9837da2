"""How a learner is found and put in order: names without accents, sorted the Dutch way (Berg, van der)."""

from collections.abc import Mapping
from typing import Any

from portal.core.crypto import keys
from portal.learners.search.plain_text import fold
from portal.learners.search.sounds import sounds_of

SORT_LENGTH = 280


def found_by(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what a learner with these values (by column) is sorted and found by, sounds included, by column."""
    given, prefix, family = (values.get(name) or "" for name in ("given_name", "name_prefix", "family_name"))
    words = (given, prefix, family, values.get("number"), values.get("email"))
    return {
        "sort_name": f"{fold(family)}  {fold(given)} {fold(prefix)}".strip()[:SORT_LENGTH],
        "search_text": " ".join(fold(str(word)) for word in words if word),
        **sounds_of(given, family),
    }


def bsn_digest(bsn: str) -> bytes:
    """Return the keyed digest by which a BSN is compared inside this school; the number itself stays sealed."""
    return keys.digest(bsn, "learner.bsn")
