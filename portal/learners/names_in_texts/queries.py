"""Which learners a text names, out of those whom its writer reaches: asked before it is stored, by one statement.

Staff aren't looked for, as in a copy (decision 0011); nor who is out of the writer's reach, so that nobody learns by
typing a name who is at the school. Those names are found before a copy is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.enrolments.models import Enrolment
from portal.learners.names_in_texts.matches import Names, OtherPeople
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.sounds import SOUND_COLUMNS, name_parts, sound_of

_MOST_WORDS = 500


def find_other_names(texts: Sequence[str], learner_id: UUID, scope: Scope) -> list[str]:
    """Return the names of other learners within reach that stand in texts about one, each once, as they stand there.

    A given name alone counts of who is or was in a group with her; what is her own name isn't another's.
    """
    return find_names_by_learner({learner_id: texts}, scope).get(learner_id, [])


def find_names_by_learner(texts: Mapping[UUID, Sequence[str]], scope: Scope) -> dict[UUID, list[str]]:
    """Return `find_other_names` of the texts about several learners, by whom they are about; of none where none stand.

    One statement, and none where nothing was written.
    """
    sounds = sorted(_sounds(text for about in texts.values() for text in about))
    if not sounds:
        return {}
    sounds_so = or_(*(getattr(Learner, column).in_(sounds) for column in SOUND_COLUMNS))
    rows = session.execute(
        select(
            Learner.id, Learner.given_name, Learner.name_prefix, Learner.family_name, _close_to(texts).label("close_to")
        ).where(
            Learner.school_id == current_school_id(),
            or_(Learner.id.in_(list(texts)), and_(sounds_so, reaches_learner(scope))),
        )
    ).all()
    people = [
        (row.id, Names(row.given_name or "", row.name_prefix or "", row.family_name or ""), set(row.close_to))
        for row in rows
    ]
    found = {learner_id: _names_in(about, learner_id, people) for learner_id, about in texts.items()}
    return {learner_id: names for learner_id, names in found.items() if names}


def _sounds(texts: Iterable[str]) -> set[str]:
    words = islice((word for text in texts for word in name_parts(text)), _MOST_WORDS)
    return {sound for word in words if (sound := sound_of(word))}


def _close_to(texts: Iterable[UUID]) -> ColumnElement[Sequence[UUID]]:
    """Return to whom of these a learner is or was close: in a group with her."""
    own, other = aliased(Enrolment), aliased(Enrolment)
    return func.array(
        select(own.learner_id)
        .join(other, and_(other.school_id == own.school_id, other.group_id == own.group_id))
        .where(
            own.school_id == Learner.school_id,
            own.learner_id.in_(list(texts)),
            other.learner_id == Learner.id,
        )
        .correlate(Learner)
        .scalar_subquery()
    )


def _names_in(about: Sequence[str], learner_id: UUID, people: Sequence[tuple[UUID, Names, set[UUID]]]) -> list[str]:
    others = OtherPeople(
        own=[names for key, names, _close in people if key == learner_id],
        others=[(names, learner_id in close) for key, names, close in people if key != learner_id],
        persons=(),
    )
    return list(dict.fromkeys(text[each.start : each.end] for text in about for each in others.find(text)))
