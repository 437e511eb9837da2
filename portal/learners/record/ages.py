"""How old somebody is, and whether a parent decides for her (LL-04; AVG art. 8)."""

from datetime import date

from portal.core.clock import today

AGE_OF_CONSENT = 16


def age_on(day: date, birth_date: date) -> int:
    """Return somebody's age in whole years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_child(birth_date: date | None) -> bool:
    """Say whether somebody is under 16 today; of an unknown age nobody is."""
    return birth_date is not None and age_on(today(), birth_date) < AGE_OF_CONSENT


def youngest_birth_date() -> date:
    """Return the last birth date of those who are 16 today or older."""
    day = today()
    try:
        return day.replace(year=day.year - AGE_OF_CONSENT)
    except ValueError:
        return day.replace(year=day.year - AGE_OF_CONSENT, day=28)
