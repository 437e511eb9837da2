"""Reads of copies: one of her own, those of a request, and the passages that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.core.jobs import find_job, trouble
from portal.core.personal_data import OWN_TABLE
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.representation.models import Representative
from portal.requests.copies.contents.log import list_entries_about
from portal.requests.copies.contents.other_people import list_other_people
from portal.requests.copies.contents.passages import LOGGED, Passage, Place, find_passages
from portal.requests.copies.contents.rows import list_rows
from portal.requests.copies.contents.subjects import subject_of
from portal.requests.copies.models import CopyPassage, CopyState, DataCopy
from portal.requests.data_requests.desk import must_see_whole, withheld_from


@dataclass(frozen=True)
class FlaggedPassage:
    """A passage that was flagged, with its sentence as it stands now: None where it is there no more."""

    row: CopyPassage
    found: Passage | None


def get_copy(copy_id: UUID, scope: Scope, *, lock: bool = False) -> DataCopy:
    """Return a copy as it stands now: of a learner within reach, of oneself, or at the desk; raises NotFound.

    With `lock` nothing of whose it is can be erased before the commit: she is held before her copy, as erasures do.
    """
    statement = select(DataCopy).where(DataCopy.school_id == current_school_id(), DataCopy.id == copy_id)
    fresh = statement.execution_options(populate_existing=True)
    found = session.scalars(fresh).one_or_none()
    if found is not None and lock:
        _hold_person(found)
        found = session.scalars(fresh.with_for_update()).one_or_none()
    if found is None or not _reaches(found, scope):
        raise NotFound("data_copy")
    return found


def _hold_person(copy: DataCopy) -> None:
    """Let whose copy it is be there until the commit, with all that is held of her; others may change it."""
    if copy.person_kind is not None:
        own = Base.metadata.tables[OWN_TABLE[copy.person_kind]]
        hers = select(own.c.id).where(own.c.school_id == current_school_id(), own.c.id == copy.known_person_id)
        session.execute(hers.with_for_update(read=True, key_share=True))


def _reaches(copy: DataCopy, scope: Scope) -> bool:
    if copy.learner_id is not None:
        return is_in_reach(copy.learner_id, scope)
    return scope.reach is Reach.SCHOOL or is_of_account(copy, scope.account_id)


def is_of_account(copy: DataCopy, account_id: UUID | None) -> bool:
    """Say whether a copy is of who has this account, as who works here or as who represents somebody."""
    if account_id is None or copy.representative_id is None:
        return account_id is not None and copy.account_id == account_id
    acting = session.get(Representative, (current_school_id(), copy.representative_id))
    return acting is not None and acting.account_id == account_id


def list_copies_of_request(request_id: UUID, scope: Scope) -> Sequence[DataCopy]:
    """Return the copies made for a request that one reaches, the newest first."""
    return session.scalars(
        select(DataCopy)
        .where(
            DataCopy.school_id == current_school_id(),
            DataCopy.request_id == request_id,
            or_(DataCopy.learner_id.is_(None), reaches_learner(scope, DataCopy.learner_id)),
        )
        .order_by(DataCopy.asked_at.desc(), DataCopy.id.desc())
    ).all()


def find_copy_of_request(request_id: UUID, scope: Scope) -> DataCopy | None:
    """Return the newest copy made for a request, for the request's page; None where there is none."""
    return next(iter(list_copies_of_request(request_id, scope)), None)


def get_copy_of_request(request_id: UUID, scope: Scope) -> DataCopy:
    """Return the newest copy made for a request; raises NotFound."""
    found = find_copy_of_request(request_id, scope)
    if found is None:
        raise NotFound("data_copy")
    return found


def list_passages(copy: DataCopy) -> list[CopyPassage]:
    """Return the passages of a copy that were flagged, in the order in which they were found."""
    statement = select(CopyPassage).where(CopyPassage.school_id == current_school_id(), CopyPassage.copy_id == copy.id)
    return list(session.scalars(statement.order_by(CopyPassage.id)))


def list_flagged(copy: DataCopy, by: Actor) -> list[FlaggedPassage]:
    """Return the flagged passages of a copy with their sentences, read from the rows in which they stand.

    Without those in what is complained of whoever looks, where another may decide on them. Raises NotAllowed for who
    doesn't see all of whose copy it is.
    """
    must_see_whole(copy, by)
    withheld = withheld_from(copy, by)
    passages = [each for each in list_passages(copy) if each.row_id not in withheld]
    if not passages:
        return []
    subject = subject_of(copy)
    rows = list_rows(subject, tables={each.field.partition(".")[0] for each in passages})
    rows = [each for each in rows if each.id not in withheld]
    is_logged = any(each.field == LOGGED for each in passages)
    entries = list_entries_about(subject, rows) if is_logged else []
    unread = {each.id for each in entries if each.subject_id in withheld}
    passages = [each for each in passages if each.row_id not in unread]
    with revealed():  # others who restricted their data are looked for all the same
        people = list_other_people(subject)
    found = {each.place: each for each in find_passages(rows, entries, people)}
    return [FlaggedPassage(each, found.get(Place(each.field, each.row_id, each.digest))) for each in passages]


def why_not_made(copy: DataCopy) -> str | None:
    """Return what is said of a copy that waits and that the worker gave up on, with its number; else None."""
    return trouble(find_job(copy.job_id)) if copy.state is CopyState.WAITING else None
