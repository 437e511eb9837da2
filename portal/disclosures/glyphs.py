"""Which characters the fonts that come with the portal have, and what stands on paper for one that they have not."""

import unicodedata

REPLACEMENT = "[?]"
# First and last code points of the scripts in those fonts (Noto Sans, Noto Sans CJK); what is not assigned has none.
_RANGES = (
    (0x20, 0x3E1),  # Latin, Greek
    (0x3F0, 0x6FF),  # Cyrillic, Armenian, Hebrew, Arabic
    (0x750, 0x77F),
    (0x870, 0xEDF),  # Arabic, the scripts of India and Sri Lanka, Thai, Lao
    (0x1000, 0x1399),  # Myanmar, Georgian, Hangul, Ethiopic
    (0x1780, 0x17F9),  # Khmer
    (0x1C80, 0x1CBF),
    (0x1D00, 0x1DF9),
    (0x1DFB, 0x20C0),  # Latin, Greek, punctuation, currencies
    (0x2C60, 0x2C7F),
    (0x2D00, 0x2D2D),
    (0x2D80, 0x31BB),  # Ethiopic, Cyrillic, kana, Bopomofo, radicals
    (0x31F0, 0x31FF),
    (0x3400, 0x4DB5),  # ideographs
    (0x4E00, 0x9FEF),
    (0xA640, 0xA69F),
    (0xA700, 0xA7FF),
    (0xAB01, 0xAB6B),
    (0xAC00, 0xD7A3),  # Hangul
    (0xF900, 0xFA6D),
    (0xFB00, 0xFDFF),
    (0xFE20, 0xFEFC),
    (0x1F600, 0x1F64F),  # faces
)


def _has_glyph(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _RANGES) and unicodedata.category(character) != "Cn"


def is_printable(text: str) -> bool:
    """Say whether every character of a text can stand on paper."""
    return text.isascii() or all(map(_has_glyph, text))


def printable(text: str) -> str:
    """Return a text in which REPLACEMENT stands for each run of characters that no font has."""
    if is_printable(text):
        return text
    kept: list[str] = []
    for character in text:
        if _has_glyph(character):
            kept.append(character)
        elif not kept or kept[-1] != REPLACEMENT:
            kept.append(REPLACEMENT)
    return "".join(kept)
