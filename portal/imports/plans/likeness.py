"""Whether a row and a record may be about one person: names however they are split and written, and what stands by."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import product
from typing import Any

from portal.learners.search.plain_text import fold

_GIVEN = ("learner.given_name",)
_FAMILY = ("learner.name_prefix", "learner.family_name")
_BORN = "learner.birth_date"
_CONTACT = ("learner.phone", "learner.email")
_INITIALS = 3
_NEAR = 0.8
# Stand in many surnames, and say nothing of whose they are.
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "het", "ter", "ten", "te", "in", "op", "aan", "uit", "t", "s", "el", "al", "ait",
     "ben", "bin", "bint", "abu", "abou", "ibn", "abd", "la", "le", "dos", "das", "da", "do", "di", "del", "du", "des",
     "zu"}
)  # fmt: skip

Values = Mapping[str, Any]


def name_parts(values: Values) -> tuple[str, ...]:
    """Return the words of a whole name, folded and in order of the alphabet: however it is split over fields."""
    return tuple(sorted(_parts(values, (*_GIVEN, *_FAMILY))))


def is_named_otherwise(known: Values, here: Values) -> bool:
    """Say whether a row names somebody else: given and family name differ, or a given name within a family.

    Where the family name alone differs somebody may have married; a row without a name contradicts nothing.
    """
    if not here.get("learner.family_name") or not known.get("learner.family_name"):
        return False
    family = _are_near(_telling(known), _telling(here))
    given = _same_given(known, here)
    if given is True or (family and given is None):
        return False
    return not _stands_by(known, here) if family or given is None else True


def may_be_same(known: Values, here: Values) -> bool:
    """Say whether a row without her number may be about somebody known: of one name, or of one birth date and phone.

    Another birth date makes another person, and so do two BSNs.
    """
    if "learner.bsn" in here and "bsn_digest" in known:
        return False
    born, stored = here.get(_BORN), known.get(_BORN)
    if born is not None and stored is not None and born != stored:
        return False
    if name_parts(known) == name_parts(here):
        return True
    return born is not None and born == stored and _shares(known, here, _CONTACT)


def is_same_text(one: object, other: object) -> bool:
    """Say whether two values are the same but for capitals and accents."""
    return one == other or (isinstance(one, str) and isinstance(other, str) and fold(one) == fold(other) != "")


def _same_given(known: Values, here: Values) -> bool | None:
    """Say whether given names agree, by a word or by initials; None where one of them has none."""
    one, other = (_parts(values, _GIVEN) for values in (known, here))
    if not one or not other:
        return None
    if _are_near(one, other):
        return True
    shortest = min((one, other), key=lambda words: max(map(len, words)))
    if max(map(len, shortest)) > _INITIALS and "." not in "".join(shortest):
        return False
    return bool({word[0] for word in one} & {word[0] for word in other})


def _are_near(one: set[str], other: set[str]) -> bool:
    """Say whether two names share a word, or one that is spelled nearly so: "Tesfay" and "Tesfai"."""
    pairs = product(one, other)
    return bool(one & other) or any(SequenceMatcher(None, *pair).ratio() >= _NEAR for pair in pairs)


def _telling(values: Values) -> set[str]:
    """Return the words of a surname that tell it from others."""
    words = _parts(values, _FAMILY)
    return words - _PARTICLES or words


def _stands_by(known: Values, here: Values) -> bool:
    """Say whether something else says that it is one person: birth date, phone or e-mail."""
    return _shares(known, here, (_BORN, *_CONTACT))


def _shares(known: Values, here: Values, keys: tuple[str, ...]) -> bool:
    return any(here.get(key) is not None and here.get(key) == known.get(key) for key in keys)


def _parts(values: Values, keys: tuple[str, ...]) -> set[str]:
    return {word for key in keys for word in fold(str(values.get(key) or "")).split()}
