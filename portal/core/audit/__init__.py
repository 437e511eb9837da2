"""The audit: one entry for each view, change, refusal, sign-in, disclosure and job, added and never altered.

    audit.record("learners.corrected", learner_id=learner.id, changes={"learner.phone": (old, new)})
    audit.saw([learner.id], "learners.record")

The worker seals the entries of each school in a chain within a minute; `portal audit verify` checks it.
"""

from portal.core.audit.entries import ADDED, entry, forget_views, record, refused, saw, set_origin, write_views
from portal.core.audit.models import AuditEvent, AuditLearner, AuditSeal, AuditUnsealed, whom

__all__ = [
    "ADDED", "AuditEvent", "AuditLearner", "AuditSeal", "AuditUnsealed", "entry", "forget_views", "record", "refused",
    "saw", "set_origin", "whom", "write_views",
]  # fmt: skip
