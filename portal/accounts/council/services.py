"""Recording what the works council said of following and naming staff."""

from datetime import date

from portal.accounts.council.models import CouncilAnswer, CouncilDecision, CouncilSubject
from portal.accounts.council.queries import list_council_decisions
from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.permissions import Permission


def record_council_decision(
    subject: CouncilSubject, answer: CouncilAnswer, *, decided_on: date | None, reference: str | None, by: Actor
) -> None:
    """Record whether the works council consented to following or naming staff, or that there is none.

    What is so already stays. Raises Invalid for a consent without a day, or on a day to come.
    """
    by.must(Permission.SCHOOL_SET)
    is_given = answer is CouncilAnswer.GIVEN
    if is_given and decided_on is None:
        raise Invalid("decided_on", "day_missing")
    if is_given and decided_on is not None and decided_on > today():
        raise Invalid("decided_on", "day_to_come")
    said = (answer, decided_on if is_given else None, (reference or "").strip() or None)
    if any((each.answer, each.decided_on, each.reference) == said for each in list_council_decisions(subject)[:1]):
        return
    row = CouncilDecision(
        subject=subject,
        answer=answer,
        decided_on=said[1],
        reference=said[2],
        recorded_at=now(),
        recorded_by=by.account_id,
        recorded_by_name=by.name,
    )
    session.add(row)
    session.flush()
    facts = {"about": subject, "answer": answer}
    audit.record("accounts.council_recorded", subject=("council_decision", row.id), facts=facts, by=by)
