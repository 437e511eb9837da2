"""Text without what people leave out as they type: accents, capitals, apostrophes."""

import unicodedata

from portal.core.digits import latin_digits

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)
_DROPPED = frozenset("'’‘`´ʼʻ\"")
_KEPT = frozenset("@._+")
# What becomes of each letter of ASCII, in which most names and all headers are: the same, by one look-up.
_PLAIN = {code: chr(code).lower() if chr(code).isalnum() or chr(code) in _KEPT else " " for code in range(128)}
_PLAIN |= {ord(sign): "" for sign in _DROPPED if sign.isascii()}


def fold(text: str) -> str:
    """Return a text in small letters without accents, apostrophes and signs that nobody sees, others as single spaces.

    The signs of an e-mail address stay, so that one can be looked for by a part of it.
    """
    if text.isascii():
        return " ".join(text.translate(_PLAIN).split())
    bare = unicodedata.normalize("NFKD", latin_digits(text).casefold().translate(_LETTERS))
    letters = (
        letter if letter.isalnum() or letter in _KEPT else " "
        for letter in bare
        if not unicodedata.combining(letter) and letter not in _DROPPED and unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(letters).split())
