"""Other people's names in texts about somebody (AVG art. 15(4), 20(4)): whom one looks for, how they are found.

Looked for are other learners and other learners' representatives: private persons, who didn't ask to be told of. Not
looked for are staff and contact persons of clients, who act in their function and whose part in her record is hers to
know (C-579/21), nor her own representatives, nor for whom a representative acts. A name is found by whole words,
folded: in full, in either order, the family name alone, and the given name alone of who is or was in a group with her;
names alone only where they begin with a capital. What is found is a question to a person, never an answer: two people
may bear one name.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.enrolments.models import Enrolment
from portal.learners.names_in_texts.matches import Found, Names, OtherPeople
from portal.learners.record.models import Learner
from portal.representation.models import Representative
from portal.requests.copies.contents.subjects import DataSubject

BLACK = "■■■"
_SENTENCE_END = re.compile(r"(?<=[.!?\n])\s*")


def list_other_people(subject: DataSubject) -> OtherPeople:
    """Return whom one looks for in the texts about somebody: everybody else at the school.

    What stands about a member of staff or a contact person is about work with anybody, so nobody is close to them.
    """
    hers = set(subject.learner_ids)
    own, other = Enrolment, aliased(Enrolment)
    close = set(
        session.scalars(
            select(other.learner_id)
            .join(own, (own.school_id == other.school_id) & (own.group_id == other.group_id))
            .where(own.school_id == current_school_id(), own.learner_id.in_(hers))
        )
    )
    rows = session.execute(
        select(Learner.id, Learner.given_name, Learner.name_prefix, Learner.family_name).where(
            Learner.school_id == current_school_id()
        )
    ).all()
    names = {row.id: Names(row.given_name or "", row.name_prefix or "", row.family_name or "") for row in rows}
    is_another = Representative.learner_id.not_in(hers) if subject.is_learner else Representative.id.not_in(subject.ids)
    persons = session.scalars(
        select(Representative.name).where(Representative.school_id == current_school_id(), is_another)
    )
    return OtherPeople(
        own=[*(names[each] for each in hers if each in names), *_by_one_name(subject)],
        others={(each, key in close) for key, each in names.items() if key not in hers},
        persons=persons,
    )


def _by_one_name(subject: DataSubject) -> list[Names]:
    """Return how somebody is called whose name is stored as one: the first word given, the rest the family's."""
    given, _space, family = subject.name.strip().partition(" ")
    return [] if subject.is_learner else [Names(given, "", family)]


def sentence_of(text: str, found: Found) -> tuple[str, str, str]:
    """Return the sentence in which a passage stands: what comes before it, the passage, what comes after."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, found.start)), default=0)
    ends = (match.start() for match in _SENTENCE_END.finditer(text, found.end))
    end = next(ends, len(text))
    return text[begin : found.start], text[found.start : found.end], text[found.end : end]
