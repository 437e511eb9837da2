"""How a learner is found and put in order: names without accents, sorted the Dutch way (Berg, van der)."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from portal.core.crypto import keys
from portal.core.digits import latin_digits

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)
_DROPPED = frozenset("'’‘`´ʼʻ\"")
_KEPT = frozenset("@._+")
SORT_LENGTH = 280


def fold(text: str) -> str:
    """Return a text in small letters without accents and apostrophes, other signs as single spaces.

    The signs of an e-mail address stay, so that one can be looked for by a part of it.
    """
    bare = unicodedata.normalize("NFKD", latin_digits(text).casefold().translate(_LETTERS))
    letters = (
        letter if letter.isalnum() or letter in _KEPT else " "
        for letter in bare
        if not unicodedata.combining(letter) and letter not in _DROPPED
    )
    return " ".join("".join(letters).split())


def found_by(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what a learner with these values (by column) is sorted and found by: `sort_name` and `search_text`."""
    given, prefix, family = (values.get(name) or "" for name in ("given_name", "name_prefix", "family_name"))
    words = (given, prefix, family, values.get("number"), values.get("email"))
    return {
        "sort_name": f"{fold(family)}  {fold(given)} {fold(prefix)}".strip()[:SORT_LENGTH],
        "search_text": " ".join(fold(str(word)) for word in words if word),
    }


def bsn_digest(bsn: str) -> bytes:
    """Return the keyed digest by which a BSN is compared inside this school; the number itself stays sealed."""
    return keys.digest(bsn, "learner.bsn")
