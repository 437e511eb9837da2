"""Draws made-up people; the same seed gives the same people."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from unicodedata import combining, normalize

from portal.demo.names import COUNTRIES, EDUCATION, PREFIXED, STREETS, WORK, Country

_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "ø": "o", "ß": "ss", "đ": "d"})


@dataclass(frozen=True)
class Person:
    """A made-up learner, before a school's policy says what of her is kept."""

    given_name: str
    name_prefix: str | None
    family_name: str
    gender: str
    country: Country
    birth_place: str
    birth_date: date
    email: str
    phone: str
    street: str
    house_number: str
    postcode: str
    education: str
    work: str | None
    bsn: str


def plain(text: str) -> str:
    """Letters without accents, in small letters, nothing else."""
    bare = normalize("NFD", text.translate(_LETTERS))
    return "".join(letter for letter in bare if letter.isascii() and letter.isalpha() and not combining(letter)).lower()


def _bsn(number: int) -> str | None:
    """A citizen service number that passes the eleven-test, from the range that is never given out."""
    digits = f"9999{number:04d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    return None if rest == 10 else digits + str(rest)


def iban_of(number: int) -> str:
    """The account of the person with this number, at a bank INZA that doesn't exist, with the right check digits."""
    account = f"{1_000_000 + number:010d}"
    check = 98 - int(f"18233510{account}232100") % 97
    return f"NL{check:02d}INZA{account}"


def _birth_date(random: Random, today: date, *, child: bool) -> date:
    years = random.uniform(13, 15.8) if child else min(max(random.gauss(36, 11), 18.2), 71)
    return today - timedelta(days=int(years * 365.25))


def draw_people(random: Random, count: int, today: date, *, children: int = 0) -> list[Person]:
    """Draw this many people; the last few are under sixteen."""
    numbers = [bsn for bsn in map(_bsn, range(10_000)) if bsn is not None]
    random.shuffle(numbers)
    weights = [country.weight for country in COUNTRIES]
    people = []
    for at in range(count):
        country = random.choices(COUNTRIES, weights)[0]
        is_woman = random.random() < 0.58
        given = random.choice(country.women if is_woman else country.men)
        prefix, family = _family(random, country, is_woman=is_woman)
        people.append(
            Person(
                given_name=given,
                name_prefix=prefix,
                family_name=family,
                gender="female" if is_woman else "male",
                country=country,
                birth_place=random.choice(country.places),
                birth_date=_birth_date(random, today, child=at >= count - children),
                email=f"{plain(given)}.{plain(family)}.{at + 1}@cursist.example",
                phone=f"+3161234{at % 10_000:04d}",
                street=random.choice(STREETS),
                house_number=f"{random.randint(1, 180)}{random.choice(['', '', '', 'a', 'b', '-2'])}",
                postcode=f"{random.randint(1011, 9999)} {random.choice('ABCDEGHJKL')}{random.choice('ABCDEGHJKL')}",
                education=random.choice(EDUCATION),
                work=random.choice(WORK) if random.random() < 0.7 else None,
                bsn=numbers[at % len(numbers)],
            )
        )
    return people


def _family(random: Random, country: Country, *, is_woman: bool) -> tuple[str | None, str]:
    if is_woman and random.random() < 0.12:
        return random.choice(PREFIXED)
    family = random.choice(country.families)
    prefix, space, rest = family.partition(" ")
    if space and prefix in ("al", "el"):
        return prefix, rest
    if family.startswith("de la "):
        return "de la", family.removeprefix("de la ")
    return None, family
