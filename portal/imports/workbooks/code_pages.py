"""Which of the code pages that schools have a text was written in, judged by how its words read in each."""

import re

# In the order of how often they occur: what reads equally well in two is taken as the first.
CODE_PAGES = ("cp1252", "cp1254", "cp850", "cp1250", "mac_roman")
_SAMPLE = 256 * 1024
_WORD = re.compile(rb"[A-Za-z\x80-\xff'.-]*[\x80-\xff][A-Za-z\x80-\xff'.-]*")
_QUOTES = frozenset("‘’“”–—…€°´·•")
# Letters that no name in a Dutch list has, which a wrong code page makes of those that it has.
_RARE = frozenset("ðþÐÞýÝÿŸµªºƒ")
_MOST_WORDS = 2_000


def best_code_page(data: bytes) -> str:
    """Return the code page in which the words of a text that isn't UTF-8 read best."""
    words = list(dict.fromkeys(_WORD.findall(data[:_SAMPLE])))[:_MOST_WORDS]
    return max(CODE_PAGES, key=lambda page: sum(_reads(word, page) for word in words))


def _reads(word: bytes, page: str) -> int:
    """Say how well a word reads in a code page: letters that fit their neighbours count for it, signs against it."""
    text = word.decode(page, "replace")
    return sum(_fits(text, at) for at, letter in enumerate(text) if ord(letter) > 127)


def _fits(text: str, at: int) -> int:
    letter = text[at]
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    if letter in _RARE:
        return -1
    if letter.isalpha():
        if letter.islower() and behind.islower() and not before.isalpha():
            return 1  # names begin with a capital: "Łukasz" rather than "úukasz"
        is_odd = (letter.isupper() and before.islower()) or (letter.isupper() and behind.islower() and before.isalpha())
        return -2 if is_odd else 2
    if letter in _QUOTES:
        return 2 if letter in "‘’" or not (before.isalpha() and behind.isalpha()) else -2
    return -4
