"""What a mistake in a policy file is, and how one is told."""

from collections.abc import Collection
from difflib import get_close_matches

Mistake = tuple[str, str]
"""The key as a path, such as `recipients.duo.purposes`, and what is wrong and wanted."""


def nearest(word: str, known: Collection[str]) -> str:
    """Return `; did you mean "…"?` for the known word nearest to this one, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
