"""Signing a review of access: what is decided of each role, and which measures are in place. All or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta

from portal.accounts.members.services import end_role
from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.oversight.access_reviews.models import AccessReview, AttestedMeasure, Measure, ReviewedRole
from portal.oversight.access_reviews.queries import HeldRole, Person, changes_since, list_people
from portal.permissions import Permission, Role

FURTHEST = relativedelta(years=1)
MOST_NOTE = 500


@dataclass(frozen=True)
class Decision:
    """What becomes of a role: it stays, or ends after a last day, or at once where that is None."""

    stays: bool
    last_day: date | None = None


@dataclass(frozen=True)
class Attested:
    """Whether a measure is in place, with a note: of one that isn't, what is done about it."""

    is_in_place: bool
    note: str | None = None


Decisions = Mapping[tuple[UUID, Role], Decision]


def field_of(holder: str, role: Role) -> str:
    """Return how a refusal names the decision on somebody's role."""
    return f"{holder}-{role.value}"


def sign_review(decisions: Decisions, measures: Mapping[Measure, Attested], *, seen: str, by: Actor) -> AccessReview:
    """End what was decided to end, and keep the whole as it was signed (OP-09, LL-17).

    `seen` are the roles that the form showed. Raises Conflict("people_changed") where they are others by now, and
    Invalid beside the role or measure that isn't decided on, or can't be so.
    """
    by.must(Permission.ACCESS_REVIEW_SIGN)
    people = list_people()
    if changes_since(seen, people):
        raise Conflict("people_changed")
    _must_be_attested(measures)
    review = AccessReview(signed_at=now(), signed_by=by.account_id, signed_by_name=by.name, people=len(people))
    rows = [_decide(person, held, decisions, by) for person in people for held in person.roles]
    review.roles, review.ended = len(rows), sum(not row.is_kept for row in rows)
    session.add(review)
    session.flush()
    for row in rows:
        row.review_id = review.id
    attested = [
        AttestedMeasure(review_id=review.id, measure=each, is_in_place=said.is_in_place, note=said.note)
        for each, said in measures.items()
    ]
    session.add_all([*rows, *attested])
    session.flush()
    facts = {"people": review.people, "roles": review.roles, "ended": review.ended}
    audit.record("oversight.access_reviewed", subject=("access_review", review.id), facts=facts, by=by)
    return review


def _must_be_attested(measures: Mapping[Measure, Attested]) -> None:
    for measure in Measure:
        said = measures.get(measure)
        if said is None:
            raise Invalid(measure.value, "required")
        if not said.is_in_place and not said.note:
            raise Invalid(measure.value, "note_missing")
        if len(said.note or "") > MOST_NOTE:
            raise Invalid(measure.value, "too_long", most=MOST_NOTE)


def _decide(person: Person, held: HeldRole, decisions: Decisions, by: Actor) -> ReviewedRole:
    field = field_of(str(held.account_id), held.role)
    decision = decisions.get((held.account_id, held.role))
    if decision is None:
        raise Invalid(field, "required")
    ends_on = held.ends_on
    if not decision.stays:
        if decision.last_day is not None and decision.last_day > today() + FURTHEST:
            raise Invalid(field, "too_far")
        try:
            ends_on = end_role(held.account_id, held.role, last_day=decision.last_day, by=by)
        except Invalid as refusal:
            raise Invalid(field, refusal.code, **refusal.facts) from None
    is_taught = held.role is Role.TEACHER
    return ReviewedRole(
        account_id=held.account_id,
        name=person.name,
        role=held.role,
        starts_on=held.starts_on,
        is_kept=decision.stays,
        ends_on=ends_on,
        categories=list(held.sees),
        groups=list(person.groups) if is_taught else [],
        coached=person.coached if held.role is Role.COACH else 0,
    )
