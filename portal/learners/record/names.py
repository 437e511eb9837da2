"""Names the Dutch way: what stands before a surname, and one column that holds a whole name."""

import re

# Taken as standing before a surname however it is written; longest first.
_DUTCH = (
    "van de la", "voor in 't", "van der", "van den", "van de", "van het", "van 't", "van ter", "van ten", "van",
    "von der", "von den", "von", "in der", "in den", "in de", "in het", "in 't", "op den", "op der", "op de",
    "op het", "op 't", "op ten", "uit den", "uit de", "uit het", "uit 't", "aan den", "aan der", "aan de", "aan het",
    "aan 't", "bij den", "bij de", "bij het", "bij 't", "onder den", "onder de", "onder het", "onder 't", "over den",
    "over de", "over het", "over 't", "voor den", "voor de", "voor 't", "de van der", "de la", "de las", "de los",
    "de het", "de", "den", "der", "ter", "'t", "'s",
)  # fmt: skip
# Elsewhere a surname may begin with these: taken only where they are written small.
_SMALL = ("da", "das", "do", "dos", "di", "del", "della", "du", "des", "la", "le", "les", "ten", "te", "zu", "het", "y")
# Belong to the surname that follows.
_PARTICLES = frozenset(
    {"el", "al", "ait", "aït", "ben", "bin", "bint", "abu", "abou", "ibn", "abd", "mac", "st.", "'t"}
)
# Written before a given name, or behind a name between brackets: who somebody is to an office, and no part of a name.
_TITLE = re.compile(
    r"^(?:de heer|dhr|heer|mevrouw|mevr|mw|mr|mrs|ms|drs|dr|ir|ing|familie|fam)\.?\s+(?=\S)", re.IGNORECASE
)
_BEHIND = re.compile(r"\s*[(\[](?P<what>[^()\[\]]*)[)\]]\s*$")
NO_NAME = "-"
"""Stands in for the name that somebody with one name doesn't have."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


def tidy(text: str) -> str:
    """Return a name with one kind of apostrophe and single spaces."""
    return " ".join(text.translate(_APOSTROPHES).split())


def prefix_at_start(words: list[str]) -> int:
    """Return how many of the first words stand before a surname; at least one word is left over."""
    for count in range(min(3, len(words) - 1), 0, -1):
        written = " ".join(words[:count])
        if written.lower() in _DUTCH or (written in _SMALL):
            return count
    return 0


def is_prefix(text: str) -> bool:
    """Say whether a text is nothing but what stands before a surname."""
    return text.lower() in _DUTCH or text in _SMALL


def without_title(text: str) -> tuple[str, str]:
    """Return a name without a title before it and what stands in brackets behind it, and those: "(v)", "Mevr."."""
    text = tidy(text)
    taken = []
    title = _TITLE.match(text)
    if title is not None and (title[0].rstrip().endswith(".") or " " in text[title.end() :] or "," in text):
        text = text[title.end() :]
        taken.append(title[0].strip())
    behind = _BEHIND.search(text)
    if behind is not None and behind.start() and not is_prefix(behind["what"].strip()):
        text = text[: behind.start()]
        taken.append(behind[0].strip())
    return text.strip(), " ".join(taken)


def split_family_name(text: str) -> tuple[str | None, str]:
    """Return what stands before a surname, and the surname: of "Berg, van der", "van der Berg", "Berg (van der)".

    What belongs to the surname goes before it: "Ahmad, al-" is "al-Ahmad", "Idrissi, El" is "El Idrissi".
    """
    text = tidy(text)
    first, comma, rest = text.partition(",")
    if not comma and text.endswith(")"):
        first, comma, rest = text[:-1].partition("(")
    first, rest = first.strip(), rest.strip(" ,")
    if comma and first and _is_particle(rest):
        return None, _joined(rest, first)
    if comma and (not rest or is_prefix(rest)):
        prefix, family = split_family_name(first)
        return (rest.lower() if rest else prefix), family
    words = text.split(" ")
    count = prefix_at_start(words)
    return (" ".join(words[:count]).lower() or None), " ".join(words[count:])


def split_name_fields(given: str | None, prefix: str | None, family: str) -> tuple[str | None, str | None, str]:
    """Return the three parts of a name as they belong, of what stands in three fields: one rule for every way in.

    What stands before a surname moves out of its field, and out of the given name's end, where the prefix is empty.
    """
    found, rest = split_family_name(family)
    if prefix:
        prefix = tidy(prefix).lower()
        return given, prefix, rest if found == prefix else tidy(family)  # "van der" and "van der Berg"
    family = rest
    if found is None and given:
        words = tidy(given).split(" ")
        for start in range(1, len(words)):
            last = " ".join(words[start:])
            if last.lower() in _DUTCH and " " not in family:
                return " ".join(words[:start]), last.lower(), family
    return given, found, family


def split_full_name(text: str) -> tuple[str, str | None, str]:
    """Return given name, what stands before the surname, and surname, of a name in one column.

    "Berg, Fatima van der", "van der Berg, Fatima", "Berg, van der, Fatima", "Jan de Vries", "Fatima El Amrani";
    without a comma and without such words the last word is the surname. "" for a part that isn't there.
    """
    text = tidy(text)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 1:
        return _split_at_commas(parts)
    words = text.strip(" ,").split(" ")
    for start in range(len(words)):
        count = prefix_at_start(words[start:])
        if count:
            end = start + count
            return " ".join(words[:start]), " ".join(words[start:end]).lower(), " ".join(words[end:])
        if start and _is_particle(words[start]) and start < len(words) - 1:
            return " ".join(words[:start]), None, " ".join(words[start:])
    return " ".join(words[:-1]), None, words[-1]


def _split_at_commas(parts: list[str]) -> tuple[str, str | None, str]:
    """Return the parts of a name whose surname stands first: what stands before it follows it, or ends the name."""
    family, rest = parts[0], parts[1:]
    between = next((part for part in rest if is_prefix(part) or _is_particle(part)), None)
    if between is not None and len(rest) > 1:
        rest.remove(between)
        given = " ".join(rest)
        return (given, None, _joined(between, family)) if _is_particle(between) else (given, between.lower(), family)
    if _is_particle(family) and family.endswith("-"):  # "al-, Hodan" is one name
        return "", None, _joined(family, " ".join(rest))
    words = " ".join(rest).split(" ")
    for start in range(1, len(words)):
        last = " ".join(words[start:])
        if is_prefix(last):
            return " ".join(words[:start]), last.lower(), family
        if start == len(words) - 1 and _is_particle(last) and (last.islower() or last.endswith("-")):
            return " ".join(words[:start]), None, _joined(last, family)
    prefix, family = split_family_name(family)
    return " ".join(words), prefix, family


def _is_particle(text: str) -> bool:
    """Say whether a text is a word that belongs to the surname that follows: "El", "al-"."""
    return text.lower().rstrip("-") in _PARTICLES and not is_prefix(text)


def _joined(particle: str, family: str) -> str:
    return particle + family if particle.endswith(("-", "'")) else f"{particle} {family}"
