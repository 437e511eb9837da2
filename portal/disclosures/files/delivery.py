"""Giving a file: it counts from its first download, and never holds a learner who took consent back before that."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import files
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.queries import get_disclosure, is_open, list_learner_ids
from portal.permissions import Permission
from portal.purposes.queries import closed_because
from portal.purposes.statutes.queries import is_owed

FRESH = timedelta(minutes=5)


def give_file(disclosure_id: UUID, *, signed_in_at: datetime, by: Actor) -> tuple[Disclosure, Iterator[bytes]]:
    """Return a file and its content for a download by somebody who signed in anew within five minutes.

    The first one makes it a disclosure, with an entry that each learner in it sees. Raises NotFound, and Conflict:
    `sign_in_anew`, `void` where a learner in it withdrew, or restricted what it holds, before the first download,
    `gone` after its term and where one did so after that download: it is not given a second time.
    """
    by.must(Permission.FILE_MAKE)
    if now() - signed_in_at > FRESH:
        raise Conflict("sign_in_anew")
    disclosure = session.scalars(
        select(Disclosure)
        .where(Disclosure.school_id == current_school_id(), Disclosure.id == get_disclosure(disclosure_id, by.scope).id)
        .options(joinedload(Disclosure.client))
        .with_for_update(of=Disclosure)
        .execution_options(populate_existing=True)
    ).one()
    if disclosure.state is DisclosureState.VOID:
        raise Conflict("void")
    if not is_open(disclosure) or disclosure.file_id is None or _is_over(disclosure):
        raise Conflict("gone")
    if count_withdrawn(disclosure) or _holds_hidden(disclosure):
        raise Conflict("void" if disclosure.first_downloaded_at is None else "gone")
    if disclosure.first_downloaded_at is None:
        disclosure.first_downloaded_at = now()
        disclosure.state = DisclosureState.DISCLOSED
        session.flush()
    audit.record(
        "disclosures.file_given",
        learner_ids=list_learner_ids(disclosure),
        subject=("disclosure", disclosure.id),
        facts={"recipient": disclosure.recipient, "purpose": disclosure.purpose},
        by=by,
    )
    return disclosure, files.open_file(disclosure.file_id)


def _holds_hidden(disclosure: Disclosure) -> bool:
    """Say whether somebody in a file restricted what it holds since it was made: it isn't given until that is lifted.

    The worker makes it anew without her where nobody fetched it.
    """
    hidden = frozenset().union(*(hidden_learners(category) for category in (None, *disclosure.categories)))
    if not hidden:
        return False
    with revealed(*hidden):
        return not hidden.isdisjoint(list_learner_ids(disclosure))


def _is_over(disclosure: Disclosure) -> bool:
    return disclosure.gone_at is not None and disclosure.gone_at <= now()


def count_withdrawn(disclosure: Disclosure) -> int:
    """Return of how many learners in a file the data may no longer be used for its purpose: no consent in force, where
    it needs one, or an objection (LB-09, ST-09).
    """
    whose = DisclosureLearner.learner_id.expression
    owed = is_owed(disclosure.purpose, whose, disclosure.client_id, disclosure.starts_on, disclosure.ends_on)
    closed = closed_because(disclosure.purpose, whose, owed=owed)
    if not closed:
        return 0
    return (
        session.scalar(
            select(func.count()).where(
                DisclosureLearner.school_id == current_school_id(),
                DisclosureLearner.disclosure_id == disclosure.id,
                or_(*(condition for condition, _code in closed)),
            )
        )
        or 0
    )
