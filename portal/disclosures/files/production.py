"""Making a file, and ending it when its term is over."""

from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select

from portal.core import audit
from portal.core.clock import AMSTERDAM, now, today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.db.statistics import joined_as_sets
from portal.disclosures.files import selection as selecting
from portal.disclosures.formats import content_of, media_type_of
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.queries import count_learners, get_disclosure, list_learner_ids
from portal.policy.queries import current_policy
from portal.purposes.queries import lock_consents

ENDED = (DisclosureState.READY, DisclosureState.DISCLOSED)


def wanted_of(disclosure: Disclosure) -> selecting.Wanted:
    """Return what a file is to hold, by the policy in force now."""
    policy = current_policy()
    return selecting.wanted_for(
        policy,
        policy.template(disclosure.template),
        disclosure.starts_on,
        disclosure.ends_on,
        disclosure.client_id,
    )


def make_file(disclosure_id: UUID, *, progress: Callable[[int], None]) -> None:
    """Make a file that waits: who may be in it is decided now, and its content is encrypted before it touches a disk.

    Where a learner in it takes her consent back meanwhile, it is written again without her.
    Safe to run again: a file that is no longer waiting is left alone.
    """
    disclosure = get_disclosure(disclosure_id)
    if disclosure.state is not DisclosureState.WAITING:
        return
    wanted = wanted_of(disclosure)
    stored = _write(disclosure, wanted, progress)
    while not _all_agree_still(disclosure, wanted):
        remove_content(disclosure)
        stored = _write(disclosure, wanted, progress)
    disclosure.state = DisclosureState.READY
    session.flush()
    audit.record(
        "disclosures.file_made",
        learner_ids=list_learner_ids(disclosure.id),
        subject=("disclosure", disclosure.id),
        facts={"bytes": stored.size, "recipient": disclosure.recipient, "purpose": disclosure.purpose},
    )


def _write(disclosure: Disclosure, wanted: selecting.Wanted, progress: Callable[[int], None]) -> files.StoredFile:
    _keep_learners(disclosure, wanted)
    end = datetime.combine(wanted.template.kept.after(today()), time.max, AMSTERDAM)
    disclosure.file_id = files.store(
        content_of(disclosure.format, wanted, _learners_in(disclosure), progress),
        media_type=media_type_of(disclosure.format),
        expires_at=end,
    )
    stored = files.get_file(disclosure.file_id)
    disclosure.file_digest = stored.digest
    disclosure.gone_at = end
    session.flush()
    return stored


def _all_agree_still(disclosure: Disclosure, wanted: selecting.Wanted) -> bool:
    """Say whether all in the file agree still, and let nobody take that back before the file is ready (LB-09).

    Who did so while it was written is seen here; who does from now on waits, and then finds a file to void.
    """
    if wanted.consent_purpose is None:
        return True
    agreeing = lock_consents(wanted.consent_purpose, _learners_in(disclosure))
    return len(agreeing) == count_learners(disclosure.id)


def _learners_in(disclosure: Disclosure) -> Select[UUID]:
    return select(DisclosureLearner.learner_id).where(
        DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
    )


@joined_as_sets()
def _keep_learners(disclosure: Disclosure, wanted: selecting.Wanted) -> None:
    """Keep who is in the file, and count who is left out and why."""
    everyone = selecting.candidates(wanted)
    counts = session.execute(
        select(everyone.c.reason, func.count()).where(everyone.c.reason.is_not(None)).group_by(everyone.c.reason)
    ).all()
    disclosure.left_out = {str(row[0]): row[1] for row in counts}
    session.execute(
        delete(DisclosureLearner).where(
            DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
        )
    )
    ids = list(session.scalars(selecting.included(wanted)))
    if ids:
        session.execute(
            insert(DisclosureLearner),
            [{"id": new_id(), "disclosure_id": disclosure.id, "learner_id": learner_id} for learner_id in ids],
        )


def end_terms() -> int:
    """End the files whose term is over; returns how many."""
    over = session.scalars(
        select(Disclosure).where(
            Disclosure.school_id == current_school_id(), Disclosure.state.in_(ENDED), Disclosure.gone_at <= now()
        )
    ).all()
    for disclosure in over:
        remove_content(disclosure)
        disclosure.state = DisclosureState.GONE
        audit.record("disclosures.file_ended", subject=("disclosure", disclosure.id))
    session.flush()
    return len(over)


def remove_content(disclosure: Disclosure) -> None:
    """Remove a file's content; what is known of it stays."""
    if disclosure.file_id is not None:
        files.remove(disclosure.file_id)
        disclosure.file_id = None
