"""Names the Dutch way: what stands before a surname, and one column that holds a whole name."""

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


def split_family_name(text: str) -> tuple[str | None, str]:
    """Return what stands before a surname, and the surname: of "Berg, van der", "van der Berg", "Berg (van der)"."""
    text = tidy(text)
    first, comma, rest = text.partition(",")
    if not comma and text.endswith(")"):
        first, comma, rest = text[:-1].partition("(")
    rest = rest.strip()
    if comma and (not rest or is_prefix(rest)):
        prefix, family = split_family_name(first.strip())
        return (rest.lower() if rest else prefix), family
    words = text.split(" ")
    count = prefix_at_start(words)
    return (" ".join(words[:count]).lower() or None), " ".join(words[count:])


def split_full_name(text: str) -> tuple[str, str | None, str]:
    """Return given name, what stands before the surname, and surname, of a name in one column.

    "Berg, Fatima van der", "van der Berg, Fatima", "Jan de Vries", "Fatima El Amrani"; without a comma and without
    such words the last word is the surname.
    """
    text = tidy(text)
    family, comma, given = text.partition(",")
    if comma:
        return _split_at_comma(family.strip(), given.strip())
    words = text.split(" ")
    for start in range(len(words)):
        count = prefix_at_start(words[start:])
        if count:
            end = start + count
            return " ".join(words[:start]), " ".join(words[start:end]).lower(), " ".join(words[end:])
        if start and words[start].lower() in _PARTICLES and start < len(words) - 1:
            return " ".join(words[:start]), None, " ".join(words[start:])
    return " ".join(words[:-1]), None, words[-1]


def _split_at_comma(family: str, given: str) -> tuple[str, str | None, str]:
    words = given.split(" ")
    for start in range(1, len(words)):
        last = " ".join(words[start:])
        if is_prefix(last):
            return " ".join(words[:start]), last.lower(), family
    prefix, family = split_family_name(family)
    return given, prefix, family
