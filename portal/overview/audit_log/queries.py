"""Whom the school's log is about, by name, and who may have done something."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.queries import list_members
from portal.core.audit.queries import Entry, Withheld
from portal.core.http.access import Actor
from portal.learners.merges.queries import list_merged_ids
from portal.learners.scope.queries import names_of_learners
from portal.learners.search.queries import FoundLearner, Search, find_learners
from portal.requests.complaints.queries import list_withheld

_MOST_NAMED = 3
_MOST_CHOICES = 10
_OF_COMPLAINTS = frozenset(
    {"requests.complaint", "requests.complaint_entered", "requests.complaints", "requests.my_complaint"}
)
"""The views that say of somebody that she complained."""


@dataclass(frozen=True)
class LearnerChoice:
    """Of whom the log is asked: the ids of her record, or several people to choose from, or nobody by that name."""

    text: str
    ids: tuple[UUID, ...] = ()
    name: str = ""
    choices: tuple[FoundLearner, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Say whether somebody was asked for and nobody found."""
        return bool(self.text) and not self.ids and not self.choices


def choose_learner(text: str, by: Actor) -> LearnerChoice:
    """Return who is meant by an id, or a part of a name or number, among those within reach."""
    try:
        learner_id = UUID(text)
    except ValueError:
        found = find_learners(Search(text=text), by).learners[:_MOST_CHOICES] if text else []
        if len(found) != 1:
            return LearnerChoice(text, choices=tuple(found))
        learner_id = found[0].id
    name = names_of_learners([learner_id], by.scope).get(learner_id)
    if name is None:
        return LearnerChoice(text)
    return LearnerChoice(str(learner_id), (learner_id, *list_merged_ids(learner_id, by.scope)), name)


def withheld_from(by: Actor) -> Withheld:
    """Return what the log doesn't tell her: complaints that she may not handle, as those about herself (LB-14)."""
    withheld = list_withheld(by)
    learners = frozenset(learner_id for _id, learner_id in withheld if learner_id is not None)
    return Withheld(frozenset(each for each, _learner in withheld), _OF_COMPLAINTS, learners)


def names_in(entries: Sequence[Entry], learner: LearnerChoice, by: Actor) -> dict[UUID, str]:
    """Return the names of the first few learners of each entry; of the one who was asked for, where she is among them.

    An import or a list is about hundreds: the others are counted.
    """
    wanted = {each for entry in entries for each in ids_in_order(entry, learner)[:_MOST_NAMED]}
    return names_of_learners(wanted, by.scope)


def ids_in_order(entry: Entry, learner: LearnerChoice) -> list[UUID]:
    """Return whom an entry is about, who was asked for first."""
    return sorted(entry.learner_ids, key=lambda each: each not in learner.ids)


def list_actors() -> list[tuple[str, str]]:
    """Return who works or worked here, to narrow the log by: id and name, by name."""
    people = [*list_members(), *list_members(ended=True)]
    return sorted(((str(member.id), member.name) for member in people), key=lambda each: each[1].casefold())
