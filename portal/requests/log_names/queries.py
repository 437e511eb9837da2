"""Whether a learner reads the name of a member of staff who did something with her data, or the role alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts.council.queries import may_name_staff
from portal.core.audit.queries import Entry, list_of_ids, list_of_learner
from portal.core.clock import local
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Scope
from portal.learners.merges.queries import list_merged_ids
from portal.requests.data_requests.models import DataRequest, Outcome, RequestAnswer

MOST_LOOKS = 50
"""How many of the latest entries can be asked about on one page."""
_Same = tuple[UUID | None, str, str | None, date]


@dataclass(frozen=True)
class ReadableNames:
    """Whose names are shown: of all staff, as policy and staff agreed, or in entries of which she asked it."""

    of_all: bool
    of_these: frozenset[_Same] = frozenset()

    def name_of(self, entry: Entry) -> str | None:
        """Return the name of the member of staff who did what an entry says; None where it isn't shown."""
        is_shown = entry.actor_kind == "staff" and (self.of_all or _same(entry) in self.of_these)
        return entry.actor_name if is_shown else None


def _same(entry: Entry) -> _Same:
    """Return what entries have in common that stand as one line: somebody did the same on one day."""
    return entry.actor_id, entry.event, entry.facts.get("what"), local(entry.at).date()


def get_readable_names(learner_id: UUID, scope: Scope) -> ReadableNames:
    """Return whose names a learner, or who acts for her, reads in what was done with her data (C-579/21)."""
    if may_name_staff():
        return ReadableNames(of_all=True)
    given = session.scalars(
        select(RequestAnswer.subject)
        .join(DataRequest, DataRequest.id == RequestAnswer.request_id)
        .where(
            DataRequest.school_id == current_school_id(),
            DataRequest.learner_id == learner_id,
            func.cardinality(DataRequest.entry_ids) > 0,
            DataRequest.decided_at.is_not(None),
            RequestAnswer.school_id == current_school_id(),
            RequestAnswer.outcome == Outcome.GRANTED,
        )
    ).all()
    named = list_of_ids([learner_id, *list_merged_ids(learner_id, scope)], [UUID(each) for each in given])
    return ReadableNames(of_all=False, of_these=frozenset(_same(each) for each in named))


def _ids_of(learner_id: UUID) -> list[UUID]:
    return [learner_id, *list_merged_ids(learner_id, SYSTEM)]


def list_entries(request: DataRequest, entry_ids: Collection[UUID] | None = None) -> list[Entry]:
    """Return the entries that a request asks about, or these of them, newest first; those past their term are gone."""
    if request.learner_id is None:
        return []
    return list_of_ids(_ids_of(request.learner_id), request.entry_ids if entry_ids is None else entry_ids)


def list_askable(by: Actor) -> list[Entry]:
    """Return what staff last did with her data without being named to her: of these she may ask who it was."""
    learner_id = by.scope.get_own_learner_id()
    by.scope.must_see("dealings")
    merged = list_merged_ids(learner_id, by.scope)
    entries = list_of_learner(learner_id, also=merged, own_looks=False, limit=MOST_LOOKS)
    return [each for each in entries if each.actor_kind == "staff"]
