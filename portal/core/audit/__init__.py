"""The audit: one entry for each view, change, refusal, sign-in, disclosure and job, added and never altered.

    audit.record("learners.corrected", learner_id=learner.id, changes={"learner.phone": (old, new)})
    audit.saw([learner.id], "learners.record")

The worker seals the entries of each school in a chain within a minute; `portal audit verify` checks it.
"""

from portal.core.audit.tables import AuditEvent, AuditLearner, AuditSeal, AuditUnsealed, whom
from portal.core.audit.writing import ADDED, entry, forget_views, record, refused, saw, set_origin, write_views

__all__ = [
    "ADDED", "AuditEvent", "AuditLearner", "AuditSeal", "AuditUnsealed", "entry", "forget_views", "record", "refused",
    "saw", "set_origin", "whom", "write_views",
]  # fmt: skip
