"""Counts of requests, complaints, withdrawals, documents and versions of the statement."""

from datetime import timedelta

from sqlalchemy import and_, func, or_

from portal.assurance.counts.rows import count_rows, day_of
from portal.assurance.figures.keys import Count
from portal.core.clock import now, today
from portal.identity.documents.models import MaskedDocument
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.schema import Policy
from portal.purposes.models import Withdrawal
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest, Outcome

_MINUTE = timedelta(minutes=1)


def count_answered_requests(_policy: Policy, subject: str) -> Count:
    """Return how many requests of a kind were answered by their day, or still can be (LB-10, ST-08)."""
    ended = func.coalesce(DataRequest.decided_at, DataRequest.withdrawn_at, DataRequest.closed_at)
    in_time = or_(day_of(ended) <= DataRequest.due_on, and_(ended.is_(None), DataRequest.due_on >= today()))
    return count_rows(DataRequest, DataRequest.kind == subject, in_time)


def count_checked_identities(_policy: Policy, _subject: str) -> Count:
    """Return how many granted requests were decided after it was known who asked (LB-11)."""
    granted = DataRequest.outcome.in_((Outcome.GRANTED, Outcome.IN_PART))
    known = and_(DataRequest.identity_check.is_not(None), DataRequest.identity_checked_at <= DataRequest.decided_at)
    return count_rows(DataRequest, and_(granted, DataRequest.asked_for.is_(None)), known)


def count_destroyed_documents(_policy: Policy, _subject: str) -> Count:
    """Return how many documents are gone since the request was decided for which they were shown (ST-10, OP-12)."""
    decided = DataRequest.__table__.select().where(
        DataRequest.school_id == MaskedDocument.school_id,
        DataRequest.id == MaskedDocument.data_request_id,
        or_(DataRequest.decided_at.is_not(None), DataRequest.closed_at.is_not(None)),
    )
    return count_rows(MaskedDocument, decided.exists(), MaskedDocument.file_id.is_(None))


def count_answered_complaints(_policy: Policy, _subject: str) -> Count:
    """Return how many complaints were answered by their day, or still can be (LB-14)."""
    waits = and_(Complaint.closed_on.is_(None), Complaint.due_on >= today())
    in_time = or_(Complaint.closed_on <= Complaint.due_on, waits)
    return count_rows(Complaint, Complaint.due_on.is_not(None), in_time)


def count_done_withdrawals(_policy: Policy, _subject: str) -> Count:
    """Return how many withdrawals were carried out within a minute (LL-05)."""
    asked = Withdrawal.asked_at < now() - _MINUTE
    return count_rows(Withdrawal, asked, Withdrawal.done_at <= Withdrawal.asked_at + _MINUTE)


def count_announced_versions(_policy: Policy, _subject: str) -> Count:
    """Return before how many important versions their notice had gone out when they came into force (LL-01, MN-19)."""
    important = and_(PolicyAnnouncement.in_force_at.is_not(None), PolicyAnnouncement.is_important)
    told = PolicyAnnouncement.told_at <= PolicyAnnouncement.in_force_at
    return count_rows(PolicyAnnouncement, important, told)
