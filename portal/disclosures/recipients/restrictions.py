"""After a restriction: files that hold what was restricted and were not fetched are void, and made anew without it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.recipients.withdrawals import make_anew
from portal.purposes.restrictions.queries import get_restriction


def void_restricted(restriction_id: UUID, *, by: Actor) -> int:
    """Void and remake the files that weren't fetched and hold what this restriction is of; returns how many.

    Asked of who sees it (`reveal`). Safe to run again: a file that is void is left alone.
    """
    restriction = get_restriction(restriction_id, by.scope)
    void = [each for each in _unfetched_with(restriction.learner_id) if _holds(each, restriction.categories)]
    for disclosure in void:
        make_anew(disclosure)
    return len(void)


def _unfetched_with(learner_id: UUID) -> list[Disclosure]:
    holds = exists().where(
        DisclosureLearner.school_id == Disclosure.school_id,
        DisclosureLearner.disclosure_id == Disclosure.id,
        DisclosureLearner.learner_id == learner_id,
    )
    ready = (
        Disclosure.school_id == current_school_id(), Disclosure.state == DisclosureState.READY, holds
    )  # fmt: skip
    locked = select(Disclosure).where(*ready).order_by(Disclosure.made_at).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def _holds(disclosure: Disclosure, categories: Collection[str]) -> bool:
    return not categories or not set(categories).isdisjoint(disclosure.categories)
