"""Which change of a policy is important, and which consents it ends until they are given again (LL-01)."""

from collections.abc import Iterable

from portal.policy.schema.categories import Purpose
from portal.policy.schema.differences import Difference
from portal.policy.schema.policy import Policy
from portal.policy.schema.texts import LANGUAGE_CODES, Text

_SECTIONS = frozenset(
    {
        "categories", "purposes", "terms", "recipients", "rights", "deadlines", "sharing",
        "contacts", "staff", "accountability",
    }
)  # fmt: skip
"""Parts of the file of which each change touches what people were promised, who works at the school among them."""


def is_important(changes: Iterable[Difference]) -> bool:
    """Say whether people must hear of these changes.

    So it is where they touch purposes, bases, recipients, categories, terms, rights, deadlines or what consent asks.
    """
    return any(change.kind != "part_changed" or change.entries[0] in _SECTIONS for change in changes)


def changed_consents(older: Policy, newer: Policy) -> tuple[str, ...]:
    """Return the purposes to which a consent given under the older version says nothing under the newer.

    Its question, what a withdrawal stops, its basis, its categories or its recipients are other ones, or it is gone. A
    translation that is added changes nothing for who read another.
    """
    return tuple(
        purpose.key
        for purpose in older.consent_purposes()
        if _is_changed(purpose, _find(newer, purpose.key), older, newer)
    )


def consents_asked_anew(older: Policy, newer: Policy) -> tuple[str, ...]:
    """Return those of the changed consents that the newer version asks again."""
    asked = {purpose.key for purpose in newer.consent_purposes()}
    return tuple(key for key in changed_consents(older, newer) if key in asked)


def new_consents(older: Policy, newer: Policy) -> tuple[str, ...]:
    """Return the purposes that rest on consent in the newer version and didn't in the older."""
    asked = {purpose.key for purpose in older.consent_purposes()}
    return tuple(purpose.key for purpose in newer.consent_purposes() if purpose.key not in asked)


def _find(policy: Policy, key: str) -> Purpose | None:
    return next((purpose for purpose in policy.purposes if purpose.key == key), None)


def _is_changed(was: Purpose, now: Purpose | None, older: Policy, newer: Policy) -> bool:
    return (
        now is None
        or not now.asks_consent
        or _is_reworded(was.question, now.question)
        or _is_reworded(was.withdrawn, now.withdrawn)
        or _categories(older, was.key) != _categories(newer, was.key)
        or _recipients(older, was.key) != _recipients(newer, was.key)
    )


def _is_reworded(was: Text | None, now: Text | None) -> bool:
    if was is None or now is None:
        return was is not now
    texts = ((getattr(was, code), getattr(now, code)) for code in LANGUAGE_CODES)
    return any(old != new for old, new in texts if old is not None and new is not None)


def _categories(policy: Policy, purpose: str) -> dict[str, frozenset[str]]:
    return {each.key: frozenset(each.entries) for each in policy.categories if purpose in each.purposes}


def _recipients(policy: Policy, purpose: str) -> dict[str, tuple[frozenset[str], bool]]:
    getting = (each for each in policy.recipients if purpose in each.purposes)
    return {each.key: (frozenset(each.categories), each.is_in_eea) for each in getting}
