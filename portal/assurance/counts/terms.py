"""Counts of what is past a term: people by the day they left, and rows of contacts by their own days."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, false, func, not_, true

from portal.assurance.counts.rows import count_rows
from portal.assurance.figures.keys import Count
from portal.contacts.messages.models import ContactMessage
from portal.core.audit.models import AuditEvent, Chain
from portal.core.clock import start_of, today
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.intakes.applications.models import IntakeApplication
from portal.policy.schema import Policy
from portal.policy.schema.categories import Term
from portal.policy.schema.periods import Anchor
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.ends.terms import InSql, has_ended_in_sql, terms_of_kind
from portal.retention.ends.visitors import DAYS_OF_APPLICATION, DAYS_OF_QUESTION, IS_HANDLED
from portal.retention.forecast.queries import count_endings

ROUND = timedelta(days=1)
"""For so long something may be past its term: what erases it comes round at least once in that time."""
_OF_QUESTION: frozenset[Anchor] = frozenset({"handled", "archived"})


def count_past_term(policy: Policy, subject: str) -> Count:
    """Return of how many people and rows that have this term none is past it (LB-12).

    Who works or worked here is with the term of accounts, though hers may be shorter.
    """
    return _sum(_past(policy, policy.term(subject)))


def count_contacts_past_term(policy: Policy, subject: str) -> Count:
    """Return how many of what is held of contacts for this reason is within its term (LL-02, LL-08, LL-09, LL-12)."""
    use = policy.contact_use(subject)
    if use is None:
        return Count(0, 0)
    term = policy.term(use.term)
    match use.key:
        case "relation":
            return _of_people(PersonKind.CONTACT_PERSON, None)
        case "question":
            return _of_questions(term)
        case "enquiry":
            return _of_applications(term)


def count_gone_records(policy: Policy, _subject: str) -> Count:
    """Return how many records that name nobody, or whose person nobody here knows, are within their own terms (LB-12).

    They are certificates, closed requests and complaints, what is kept without names, and entries of the audit.
    """
    proof_since = policy.accountability_term.kept_since(today()) - ROUND
    log_since = start_of(policy.audit.term.kept_since(today()) - ROUND)
    requests = and_(DataRequest.closed_at.is_not(None), not_(DataRequest.is_of_known_person))
    complaints = and_(Complaint.closed_on.is_not(None), not_(Complaint.is_of_known_person))
    parts = (
        (ErasureCertificate, true(), ErasureCertificate.made_on >= proof_since),
        (DataRequest, requests, DataRequest.closed_at >= start_of(proof_since)),
        (Complaint, complaints, Complaint.closed_on >= proof_since),
        (DeidentifiedRow, true(), DeidentifiedRow.kept_until >= today() - ROUND),
        (AuditEvent, AuditEvent.chain == Chain.MAIN, AuditEvent.at >= log_since),
    )
    return _sum(count_rows(*part) for part in parts)


def _past(policy: Policy, term: Term) -> Iterator[Count]:
    categories = {category.key for category in policy.categories if category.term == term.key}
    uses = {use.key for use in policy.contacts if use.term == term.key}
    for kind in (PersonKind.LEARNER, PersonKind.REPRESENTATIVE):
        held = {category for each in terms_of_kind(policy, kind) for category in each.categories}
        if held & categories:
            yield _of_people(kind, categories)
    if "account" in categories:
        yield _of_people(PersonKind.STAFF, None)
    if "relation" in uses:
        yield _of_people(PersonKind.CONTACT_PERSON, None)
    if "question" in uses or ("correspondence" in categories and _counts_from(term, _OF_QUESTION)):
        yield _of_questions(term)
    if "enquiry" in uses:
        yield _of_applications(term)


def _counts_from(term: Term, anchors: frozenset[Anchor]) -> bool:
    return any(anchors & set(stage.counted_from) for stage in term.stages)


def _of_people(kind: PersonKind, categories: Collection[str] | None) -> Count:
    """Return of how many of these people nothing of these categories is past its term; None where all have one term."""
    day = today() - ROUND
    found = count_endings(kind, day, SYSTEM, until=day)
    if categories is None:
        return Count(found.people - found.overdue.people, found.people)
    late = max((found.overdue.by_category.get(each, 0) for each in categories), default=0)
    return Count(found.people - late, found.people)


def _of_questions(term: Term) -> Count:
    """Return how many handled questions are within this term, that of the archived ones where they are."""
    return _of_rows(ContactMessage, IS_HANDLED, term, DAYS_OF_QUESTION)


def _of_applications(term: Term) -> Count:
    """Return how many sign-ups for an intake are within this term, from the day they came in."""
    return _of_rows(IntakeApplication, true(), term, DAYS_OF_APPLICATION)


def _of_rows(model: Any, among: Any, term: Term, days: InSql) -> Count:
    is_over = func.coalesce(has_ended_in_sql(term.stages, days, today() - ROUND), false())
    return count_rows(model, among, not_(is_over))


def _sum(counts: Iterator[Count]) -> Count:
    found = list(counts)
    return Count(sum(each.good for each in found), sum(each.total for each in found))
