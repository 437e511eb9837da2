"""Counts of people whose data is past a term."""

from portal.assurance.figures.keys import Count
from portal.core.clock import today
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.policy.schema import Policy
from portal.retention.forecast.queries import count_endings


def count_past_term(policy: Policy, subject: str) -> Count:
    """Return of how many people nothing is past this term, of all of whom the school holds something (LB-12)."""
    day = today()
    categories = {category.key for category in policy.categories if category.term == subject}
    good = total = 0
    for kind in PersonKind:
        found = count_endings(kind, day, SYSTEM, until=day)
        late = max((found.overdue.by_category.get(each, 0) for each in categories), default=0)
        good, total = good + found.people - late, total + found.people
    return Count(good, total)


def count_contacts_past_term(_policy: Policy, _subject: str) -> Count:
    """Return of how many contacts nothing is past its term (LL-02, LL-09)."""
    day = today()
    found = count_endings(PersonKind.CONTACT_PERSON, day, SYSTEM, until=day)
    return Count(found.people - found.overdue.people, found.people)
