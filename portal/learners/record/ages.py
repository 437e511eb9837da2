"""How old somebody is, whether a parent decides for her (LL-04; AVG art. 8), and whether she is of age (BW 1:233)."""

from datetime import date

from portal.core.clock import today

AGE_OF_CONSENT = 16
AGE_OF_MAJORITY = 18


def age_on(day: date, birth_date: date) -> int:
    """Return somebody's age in whole years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def sixteen_on(birth_date: date) -> date:
    """Return the day on which somebody turns 16; who was born on 29 February does so on 1 March in a year without."""
    try:
        return birth_date.replace(year=birth_date.year + AGE_OF_CONSENT)
    except ValueError:
        return date(birth_date.year + AGE_OF_CONSENT, 3, 1)


def is_child_on(day: date, birth_date: date | None) -> bool:
    """Say whether somebody is under 16 on a day; of an unknown age nobody is."""
    return birth_date is not None and age_on(day, birth_date) < AGE_OF_CONSENT


def is_child(birth_date: date | None) -> bool:
    """Say whether somebody is under 16 today."""
    return is_child_on(today(), birth_date)


def is_minor_on(day: date, birth_date: date | None) -> bool:
    """Say whether somebody is under 18 on a day; of an unknown age nobody is."""
    return birth_date is not None and age_on(day, birth_date) < AGE_OF_MAJORITY
