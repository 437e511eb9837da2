"""Words that tell of somebody's health: a school doesn't ask for that, and keeps none of it (GDPR art. 9).

It finds what people write most, not everything: it asks to leave such a word out before anything is stored.
"""

import re
import unicodedata

from portal.core.errors import Invalid

BEGINNINGS: tuple[str, ...] = (
    # Dutch
    "ziek", "griep", "koorts", "verkoud", "hoest", "huisarts", "dokter", "tandarts", "operatie", "geopereerd",
    "zwanger", "bevalling", "miskraam", "kanker", "corona", "covid", "depress", "psych", "medicijn", "medisch",
    "migraine", "burnout", "burn-out", "therap", "diabet", "suikerziekte", "astma", "allergi", "epilep", "besmet",
    "ontstek", "ontstoken", "overgeven", "misselijk", "duizelig", "diarree", "gezondheid", "trauma",
    # English
    "sick", "illness", "fever", "cough", "doctor", "dentist", "hospital", "surgery", "pregnan", "miscarr", "cancer",
    "medic", "headache", "stomachache", "toothache", "vomit", "nausea", "dizz", "asthma", "infect", "diarrh", "health",
    # Arabic
    "مريض", "مرض", "حمى", "سعال", "زكام", "انفلونزا", "طبيب", "دكتور", "مستشفى", "جراحه", "عمليه", "حامل", "ولاده",
    "سرطان", "كورونا", "اكتئاب", "دواء", "ادويه", "علاج", "صداع", "حساسيه", "غثيان", "دوخه", "اسهال", "صحه", "صحت",
    "وجع",
)  # fmt: skip
"""How words about health begin."""
ENDINGS: tuple[str, ...] = ("pijn", "ziekte", "ziekenhuis", "kliniek")
"""How Dutch compounds about health end: *hoofdpijn*, *kinderziekte*."""
WHOLE: tuple[str, ...] = ("ill", "flu", "pain", "arts", "ggz", "adhd", "hiv", "mri", "clinic", "الم", "سكري", "ربو")
"""Words that tell of health only by themselves."""

_MARKS = "\u0300-\u036f\u064b-\u0655\u0670"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+(?:-(?:[^\W\d_]|[{_MARKS}])+)*")
_SAME_LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "\u0640": None})
_BEFORE_ARABIC = re.compile("^[وفبلك]?(?:ال)?")


def find_health_word(text: str) -> str | None:
    """Return the first word of a text that tells of health, as it was typed; None where there is none."""
    return next((word for word in _WORD.findall(text) if _tells(_plain(word))), None)


def check_health_terms(field: str, text: str | None) -> None:
    """Raise Invalid for a text of a field that tells of somebody's health, with the first such word."""
    word = find_health_word(text or "")
    if word is not None:
        raise Invalid(field, "health_word", word=word)


def _plain(word: str) -> str:
    """Return a word in small letters without accents, vowel marks and other forms of one Arabic letter."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each)).translate(_SAME_LETTERS)


_BEGINNINGS, _WHOLE = tuple(map(_plain, BEGINNINGS)), frozenset(map(_plain, WHOLE))


def _tells(word: str) -> bool:
    forms = {word, _BEFORE_ARABIC.sub("", word)}
    return any(form in _WHOLE or form.startswith(_BEGINNINGS) or form.endswith(ENDINGS) for form in forms)
