"""Digits as people type them: an Arabic, Persian or full-width keyboard has its own, which mean the same."""

import unicodedata

# Signs within numbers that the same keyboards have.
_SIGNS = str.maketrans({"٫": ",", "٬": ".", "،": ",", "：": ":", "．": ".", "，": ",", "－": "-", "＋": "+"})


def latin_digits(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9; nothing else changes. What `int` wouldn't take stays."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def latin_number(text: str) -> str:
    """Return what was typed as a number, a date or a time with digits and separators as Dutch has them."""
    return latin_digits(text).translate(_SIGNS)
