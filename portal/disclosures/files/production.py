"""Making a file, and ending it when its term is over."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Select, delete, insert, select

from portal.core import audit
from portal.core.clock import AMSTERDAM, now, today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.db.statistics import joined_as_sets
from portal.core.http.access import Actor
from portal.disclosures.files.delivery import count_withdrawn
from portal.disclosures.files.selection import Selection, candidates, selection_of
from portal.disclosures.files.wanted import wanted_for
from portal.disclosures.formats import content_of, media_type_of
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.queries import get_disclosure, list_learner_ids
from portal.policy.queries import current_policy
from portal.purposes.queries import lock_consents

ENDED = (DisclosureState.READY, DisclosureState.DISCLOSED)


def make_file(disclosure_id: UUID, *, by: Actor, progress: Callable[[int], None]) -> None:
    """Make a file that waits: who may be in it is decided now, and its content is encrypted before it touches a disk.

    Where a learner in it takes her consent back meanwhile, it is written again without her.
    Safe to run again: a file that is no longer waiting is left alone.
    """
    disclosure = get_disclosure(disclosure_id, by.scope)
    if disclosure.state is not DisclosureState.WAITING:
        return
    stored = _write(disclosure, _fix_selection(disclosure), progress)
    while not _all_agree_still(disclosure):
        remove_content(disclosure)
        stored = _write(disclosure, _fix_selection(disclosure), progress)
    disclosure.state = DisclosureState.READY
    session.flush()
    audit.record(
        "disclosures.file_made",
        learner_ids=list_learner_ids(disclosure),
        subject=("disclosure", disclosure.id),
        facts={"bytes": stored.size, "recipient": disclosure.recipient, "purpose": disclosure.purpose},
    )


def _write(disclosure: Disclosure, selection: Selection, progress: Callable[[int], None]) -> files.StoredFile:
    end = datetime.combine(selection.wanted.template.kept.added_to(today()), time.max, AMSTERDAM)
    disclosure.file_id = files.store(
        content_of(disclosure.format, selection, progress),
        media_type=media_type_of(disclosure.format),
        expires_at=end,
    )
    stored = files.get_file(disclosure.file_id)
    disclosure.file_digest = stored.digest
    disclosure.gone_at = end
    session.flush()
    return stored


def _all_agree_still(disclosure: Disclosure) -> bool:
    """Say whether all in the file agree still, and let nobody take that back before the file is ready (LB-09).

    Who did so while it was written is seen here; who does from now on waits, and then finds a file to void.
    """
    purpose = current_policy().consent_for_template(disclosure.template)
    if purpose is None:
        return True
    lock_consents(purpose, _learners_in(disclosure))
    return count_withdrawn(disclosure) == 0


def _learners_in(disclosure: Disclosure) -> Select[UUID]:
    return select(DisclosureLearner.learner_id).where(
        DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
    )


@joined_as_sets()
def _fix_selection(disclosure: Disclosure) -> Selection:
    """Decide, by the policy in force now, what the file holds: who is in it, who is left out and why.

    The file is written from what is fixed here, and from nothing else.
    """
    policy, template = current_policy(), current_policy().template(disclosure.template)
    wanted = wanted_for(policy, template, disclosure.starts_on, disclosure.ends_on, disclosure.client_id)
    everyone = candidates(wanted)
    found = session.execute(select(everyone.c.id, everyone.c.reason)).all()
    disclosure.left_out = dict(Counter(row.reason for row in found if row.reason is not None))
    session.execute(
        delete(DisclosureLearner).where(
            DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
        )
    )
    chosen = [
        {"id": new_id(), "disclosure_id": disclosure.id, "learner_id": row.id} for row in found if row.reason is None
    ]
    if chosen:
        session.execute(insert(DisclosureLearner), chosen)
    return selection_of(wanted, _learners_in(disclosure))


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
