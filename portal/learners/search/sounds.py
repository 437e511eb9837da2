"""How names sound, as keys that are stored and found by `=`, and how much two names are alike.

Libraries of sounds read names as one language does, mostly English. The classes here are of what Dutch, Arabic, Slavic
and Turkish names swap when somebody writes them down by ear (Darwish, Darwisch, Derviş). Vowels count in the ranking
alone, which is RapidFuzz's.
"""

import re
from collections.abc import Iterator, Sequence

from portal.learners.search.plain_text import fold

KEY_LENGTH = 12
_CLASSES = "FGHJKLMNPRST"
_DUTCH = ("van", "der", "den", "de", "het", "ter", "ten", "te")
_PARTICLES = frozenset({*_DUTCH, "von", "la", "le", "da", "di", "dos", "el", "al", "bin", "ben", "ibn", "bint", "abu"})
_SPELLED = str.maketrans({"ş": "sh", "š": "sh", "ç": "tsj", "č": "tsj", "ć": "tsj", "ž": "zh"})
_SOUNDS = (
    (r"tsch|tsj|tch|tsh|sch|sh|sj|sz|cz|zh|ts|tz", "S"),
    (r"dsch|dzj|dzh|dj|dz", "J"),
    (r"kh|ch", "H"),
    (r"gh", "G"),
    (r"ph", "F"),
    (r"th|dh|dt", "T"),
    (r"ck|qu", "K"),
    (r"rh", "R"),
    (r"bh", "P"),
    (r"x", "KS"),
    (r"c(?=[eiy])", "S"),
    (r"h$", ""),
    (r"y(?=[aeou])|(?<=[aeou])y(?=[aeou])", "J"),
    (r"[sz]", "S"),
    (r"[kqc]", "K"),
    (r"[dt]", "T"),
    (r"[bp]", "P"),
    (r"[fvw]", "F"),
    (r"[ghjlmnr]", None),
)
_SOUND = re.compile("|".join(f"({pattern})" for pattern, _sound in _SOUNDS))
_VOWELS = ((r"ou|oe|oo|ow|u", "u"), (r"ie|ee|ei|ij|ay|ai|y|e", "i"), (r"aa|ah", "a"), (r"o", "u"))
_AMBIGUOUS = ((r"ch", "H", "S"), (r"sh|sch|sj", "S", "H"), (r"c(?=[eiy])", "S", "J"), (r"j", "J", "S"))


def name_parts(name: str) -> list[str]:
    """Return the words of a name in plain small letters, without particles such as van der and al."""
    words = re.sub(r"[^a-z ]", " ", fold(name.casefold().translate(_SPELLED))).split()
    return [word for word in words if word not in _PARTICLES] or words


def sound_of(word: str) -> str:
    """Return the key of one word: its consonants by class, doubles as one, of at most `KEY_LENGTH` characters."""
    found = "".join(_class_of(match) for match in _SOUND.finditer(word))
    return re.sub(r"(.)\1+", r"\1", found)[:KEY_LENGTH]


def _class_of(match: re.Match[str]) -> str:
    sound = _SOUNDS[(match.lastindex or 1) - 1][1]
    return match[0].upper() if sound is None else sound


def sounds_of(given_name: str, family_name: str) -> dict[str, str | None]:
    """Return what a learner is found by when her name is written by ear: the keys of two words of each name."""
    given, family = ([sound_of(word) for word in name_parts(name)] for name in (given_name, family_name))
    found = [*[*given, "", ""][:2], *[*family, "", ""][:2]]
    return dict(zip(SOUND_COLUMNS, (key or None for key in found), strict=True))


SOUND_COLUMNS = ("sound_given", "sound_given_second", "sound_family", "sound_family_second")


def same_sounds(word: str) -> set[str]:
    """Return the keys of a word as it may be said: its own, and those of letters that stand for two sounds."""
    return {sound_of(word), *(sound_of(variant) for variant in _variants(word))} - {""}


def near_sounds(word: str) -> set[str]:
    """Return the keys of a word that was heard or typed amiss: its own, and those that differ in one class."""
    keys = same_sounds(word)
    return keys | {near for key in keys for near in _one_off(key)} - {""}


def _variants(word: str) -> Iterator[str]:
    """Yield a word with a letter that stands for two sounds as the other one."""
    letters = {"H": "h", "S": "s", "J": "j"}
    for pattern, _usual, other in _AMBIGUOUS:
        if re.search(pattern, word):
            yield re.sub(pattern, letters[other], word)


def _one_off(key: str) -> Iterator[str]:
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        yield from (head + each + tail for each in _CLASSES)
        if tail:
            yield head + tail[1:]
            yield from (head + each + tail[1:] for each in _CLASSES)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _as_heard(word: str) -> str:
    """Return a word by sounds, vowels included."""
    text = word
    for pattern, sound in _VOWELS:
        text = re.sub(pattern, sound, text)
    heard = _SOUND.sub(_class_of, text)
    return re.sub(r"(.)\1+", r"\1", heard)


def _word_likeness(one: str, other: str) -> float:
    from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler  # megabytes, for who finds nobody as it is written

    spelled = max(JaroWinkler.similarity(one, other), DamerauLevenshtein.normalized_similarity(one, other))
    heard = JaroWinkler.similarity(_as_heard(one), _as_heard(other))
    return (spelled + heard) / 2


def likeness(typed: Sequence[str], words: Sequence[str]) -> float:
    """Say how much what was typed is like a name, both in words: 1 where each typed word is a word of the name."""
    if not typed or not words:
        return 0
    whole = _word_likeness("".join(typed), "".join(words))
    return max(whole, sum(max(_word_likeness(each, word) for word in words) for each in typed) / len(typed))
