"""Restricting a learner's data, using them on a ground meanwhile, telling her, and lifting it (AVG art. 18, ST-08).

Who may do so is asked at the door of the request that leads here.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from portal.core import audit, jobs, mail
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import reveal, revealed
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.personal_data import CATEGORIES
from portal.core.ports import Port
from portal.learners.record.models import Learner
from portal.learners.record.services import lock_learner
from portal.purposes.objections.services import COUNT_FIGURES
from portal.purposes.restrictions.models import Restriction, RestrictionGround, RestrictionUse, UseGround
from portal.purposes.restrictions.queries import get_restriction, list_restrictions
from portal.schools.queries import current_school

RESTRICTABLE = tuple(category for category in CATEGORIES if category not in {"name", "account", "activity"})
"""What may be restricted by itself. Her name and how she signs in stand in too much: they go with the whole."""
VOID_FILES = "disclosures.void_restricted"
"""The job that makes files anew which hold what was restricted before anybody fetched them."""
LIFTED: Port[Callable[[Restriction, Actor], None]] = Port("purposes.restriction_lifted")
"""Called with a restriction that was lifted, and by whom: who was told of it hears that as well (AVG art. 19)."""
LIFT = "purposes.lift_restriction"
"""The job that lifts a restriction of which she was told."""
_READS_FIRST = timedelta(days=1)
"""How long after the mail a restriction is lifted by itself: she is told before that, and can answer (AVG 18(3))."""
LONGEST_WHY, LONGEST_PLACE = 2000, 200


def restrict(
    learner_id: UUID,
    *,
    ground: RestrictionGround,
    categories: Collection[str] = (),
    data_request_id: UUID | None = None,
    by: Actor,
) -> Restriction:
    """Restrict a learner's data, all of it or these categories; it is hidden from the next transaction on.

    Files that hold it and weren't fetched are made anew. Raises Invalid for a category that can't be restricted by
    itself, NotFound for a learner out of reach. What the same request restricted so far is returned, and stays; without
    a request, what anybody did.
    """
    wanted = sorted(set(categories))
    if not set(wanted) <= set(RESTRICTABLE):
        raise Invalid("categories", "not_restrictable")
    with revealed(learner_id):
        learner = lock_learner(learner_id, by)
    there = next(
        (
            each
            for each in list_restrictions(learner.id, by.scope)
            if sorted(each.categories) == wanted and data_request_id in {None, each.data_request_id}
        ),
        None,
    )
    if there is not None:
        there.told_at = None
        return there
    restriction = Restriction(
        learner_id=learner.id,
        categories=wanted,
        ground=ground,
        started_at=now(),
        started_by=by.account_id,
        data_request_id=data_request_id,
    )
    session.add(restriction)
    session.flush()
    # By her id: a backup from before knows nothing of the restriction's own row, and hides all of hers then.
    record_ending(Ending.RESTRICTION, learner.id)
    jobs.ask(VOID_FILES, {"restriction_id": str(restriction.id)}, unique=str(restriction.id))
    jobs.ask(COUNT_FIGURES, {}, unique=str(restriction.id))
    _record("purposes.restricted", restriction, by, ground=ground.value, categories=wanted)
    return restriction


def tell_of_lifting(restriction_id: UUID, *, by: Actor) -> Restriction:
    """Record that she is told before her restriction is lifted (art. 18(3)), and mail her where she has an address.

    Where she has none the school tells her by letter or in person. A second time changes nothing. Raises NotFound, and
    Conflict("lifted").
    """
    restriction = get_restriction(restriction_id, by.scope, lock=True)
    if not restriction.is_in_force:
        raise Conflict("lifted")
    if restriction.told_at is not None:
        return restriction
    restriction.told_at = now()
    with revealed(restriction.learner_id):
        _mail(session.get_one(Learner, (restriction.school_id, restriction.learner_id)))
    _record("purposes.lifting_announced", restriction, by)
    return restriction


def release_restriction(restriction: Restriction, *, by: Actor) -> None:
    """Mail her that a restriction stops whose reason is gone, and let the worker lift it the day after (art. 18(3)).

    Of who has no address it stays until the desk told her and lifts it.
    """
    with revealed(restriction.learner_id):
        learner = session.get_one(Learner, (restriction.school_id, restriction.learner_id))
    if learner.email is not None:
        tell_of_lifting(restriction.id, by=by)
        jobs.ask(
            LIFT,
            {"restriction_id": str(restriction.id)},
            unique=str(restriction.id),
            run_after=now() + _READS_FIRST,
        )


def stop_restriction(restriction: Restriction, *, by: Actor) -> None:
    """Lift a restriction that she ends herself: so she knows it before. A second time changes nothing."""
    if restriction.is_in_force:
        restriction.told_at = restriction.told_at or now()
        lift_restriction(restriction.id, by=by)


def _mail(learner: Learner) -> None:
    if learner.email is None:
        return
    mail.send(
        learner.email,
        "purposes/restriction_lifting",
        account_id=learner.account_id,
        learner_id=learner.id,
        language=learner.preferred_language,
        name=learner.full_name,
        school=current_school().name,
    )


def lift_restriction(restriction_id: UUID, *, by: Actor) -> Restriction:
    """Lift a restriction: from the next transaction on its data is seen and used again. A second time changes nothing.

    Raises NotFound, and Conflict("not_told") where she wasn't told before (`tell_of_lifting`).
    """
    restriction = get_restriction(restriction_id, by.scope, lock=True)
    if not restriction.is_in_force:
        return restriction
    if restriction.told_at is None:
        raise Conflict("not_told")
    restriction.lifted_at, restriction.lifted_by = now(), by.account_id
    _record("purposes.restriction_lifted", restriction, by)
    for follow in LIFTED.all:
        follow(restriction, by)
    return restriction


def lift_told_restriction(restriction_id: UUID, *, by: Actor) -> None:
    """Lift a restriction if she was told, and it wasn't asked anew since. Raises NotFound."""
    if get_restriction(restriction_id, by.scope, lock=True).told_at is not None:
        lift_restriction(restriction_id, by=by)


def allow_use(
    restriction_id: UUID, *, ground: UseGround, why: str, used_for: str, article: str | None = None, by: Actor
) -> RestrictionUse:
    """Record that restricted data is used on a ground of art. 18(2), and see it to the end of this request or job.

    Raises NotFound, Conflict("lifted"), and Invalid where `why` or `used_for` says nothing or too much, or a public
    interest names no article.
    """
    restriction = get_restriction(restriction_id, by.scope)
    if not restriction.is_in_force:
        raise Conflict("lifted")
    use = RestrictionUse(
        restriction_id=restriction.id,
        learner_id=restriction.learner_id,
        ground=ground,
        article=_said("article", article, LONGEST_PLACE) if ground is UseGround.PUBLIC_INTEREST else None,
        why=_said("why", why, LONGEST_WHY),
        used_for=_said("used_for", used_for, LONGEST_PLACE),
        used_at=now(),
        used_by=by.account_id,
        used_by_name=by.name,
    )
    session.add(use)
    _record("purposes.restricted_used", restriction, by, ground=ground.value, use=str(use.id))
    reveal(restriction.learner_id)
    return use


def _said(field: str, value: str | None, longest: int) -> str:
    said = (value or "").strip()
    if not said:
        raise Invalid(field, "missing")
    if len(said) > longest:
        raise Invalid(field, "too_long", most=longest)
    return said


def _record(event: str, restriction: Restriction, by: Actor, **facts: object) -> None:
    session.flush()
    subject = ("restriction", restriction.id)
    audit.record(event, learner_id=restriction.learner_id, subject=subject, facts=facts, by=by)
