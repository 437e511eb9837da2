"""Recording on which day the school decided on its impact assessment."""

from datetime import date

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.permissions import Permission
from portal.policy.impact_assessments.models import Adviser, ImpactAssessment
from portal.policy.impact_assessments.queries import list_assessments
from portal.policy.queries import current_policy


def record_assessment(decided_on: date, adviser: Adviser, *, reference: str | None, by: Actor) -> None:
    """Record on which day the assessment was decided on, who advised, and where it is kept; what is so already stays.

    Raises Invalid for a day to come, and where a school with a privacy officer didn't ask her advice (art. 35(2)).
    """
    by.must(Permission.ASSESSMENT_KEEP)
    if decided_on > today():
        raise Invalid("decided_on", "day_to_come")
    if current_policy().controller.has_privacy_officer and adviser is not Adviser.OFFICER:
        raise Invalid("advised_by", "officer_not_asked")
    said = (decided_on, adviser, (reference or "").strip() or None)
    if any((each.decided_on, each.adviser, each.reference) == said for each in list_assessments()[:1]):
        return
    row = ImpactAssessment(
        decided_on=decided_on,
        adviser=adviser,
        reference=said[2],
        recorded_at=now(),
        recorded_by=by.account_id,
        recorded_by_name=by.name,
    )
    session.add(row)
    session.flush()
    facts = {"decided_on": decided_on.isoformat(), "adviser": adviser.value}
    audit.record("policy.assessment_recorded", subject=("impact_assessment", row.id), facts=facts, by=by)
