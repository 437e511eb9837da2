"""The audit: one entry for each view, change, refusal, sign-in, disclosure and job, added and never altered.

    audit.record("learners.corrected", learner_id=learner.id, changes={"learner.phone": (old, new)})
    audit.saw([learner.id], "learners.record")

The worker seals the entries of each school within a minute, sign-in traces in a chain of their own; what is past the
term of its chain goes (`expiry`). `portal audit verify` checks both.
"""

from portal.core.audit.entries import (
    ADDED,
    entry,
    forget_views,
    record,
    record_all,
    refused,
    refused_way_in,
    saw,
    saw_person,
    set_origin,
    write_views,
)
from portal.core.audit.models import AuditEvent, AuditExpiry, AuditLearner, AuditSeal, AuditUnsealed, Chain, whom

__all__ = [
    "ADDED", "AuditEvent", "AuditExpiry", "AuditLearner", "AuditSeal", "AuditUnsealed", "Chain", "entry",
    "forget_views", "record", "record_all", "refused", "refused_way_in", "saw", "saw_person", "set_origin", "whom",
    "write_views",
]  # fmt: skip
