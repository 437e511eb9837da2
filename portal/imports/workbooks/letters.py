"""Letters that a list lost on its way: what can be made whole again is, and what can't is told."""

import html
import re

_TWICE = re.compile(
    r"[\u00c2-\u00f4](?:[\u0080-\u00bf]|[\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc]"
    r"|[\u2013-\u203a]|\u20ac|\u2122)+"
)
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_LOST = re.compile(r"\ufffd|[^\W\d_]\?+\s?[^\W\d_]|(?:^|\s)\?+[^\W\d_]{2,}")
_LOST_IN_NAME = re.compile(r"\ufffd|\?|[\u2500-\u259f\u00a4\u00a6\u00ac\u00b8\u00bf\u2020\u2021\u2030]")
_ROUNDS = 3


def is_spoilt(text: str, *, is_name: bool) -> bool:
    """Say whether letters are missing: a question mark in a word, or in a name anywhere; the sign for no letter."""
    return (_LOST_IN_NAME if is_name else _LOST).search(text) is not None


def mended(text: str) -> str:
    """Return a text with the letters that can be found again: UTF-8 that was read as Windows-1252, once or twice,
    letters that were written as on a web page (`&uuml;`), and signs that a spreadsheet wrote as numbers (`_x000D_`)."""
    text = _ESCAPED.sub(lambda found: chr(int(found[0][2:6], 16)), text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    for _round in range(_ROUNDS):
        better = _TWICE.sub(_read_right, text)
        if better == text:
            break
        text = better
    return text


def _read_right(found: "re.Match[str]") -> str:
    """Return what these letters are when they are read as UTF-8; themselves where they aren't that."""
    try:
        return b"".join(map(_byte, found[0])).decode()
    except UnicodeError:
        return found[0]


def _byte(letter: str) -> bytes:
    """Return the byte that Windows-1252 shows as a letter; the five that it doesn't show stand for themselves."""
    return letter.encode("latin-1") if "\u0080" <= letter <= "\u009f" else letter.encode("cp1252")
