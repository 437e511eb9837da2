"""Which learners a text names, out of those whom its writer reaches: asked before it is stored, by one statement.

Staff aren't looked for, as in a copy (decision 0011); nor who is out of the writer's reach, so that nobody learns by
typing a name who is at the school. Those names are found before a copy is given.
"""

from uuid import UUID

from sqlalchemy import and_, exists, or_, select
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


def find_other_names(text: str, learner_id: UUID, scope: Scope) -> list[str]:
    """Return the names of other learners within reach that stand in a text about one, each once, as they stand there.

    A given name alone counts of who is or was in a group with her; what is her own name isn't another's.
    """
    sounds = sorted({sound for word in name_parts(text)[:_MOST_WORDS] if (sound := sound_of(word))})
    if not sounds:
        return []
    own, other = aliased(Enrolment), aliased(Enrolment)
    is_close = exists().where(
        own.school_id == Learner.school_id,
        own.learner_id == learner_id,
        other.school_id == own.school_id,
        other.group_id == own.group_id,
        other.learner_id == Learner.id,
    )
    sounds_so = or_(*(getattr(Learner, column).in_(sounds) for column in SOUND_COLUMNS))
    rows = session.execute(
        select(
            Learner.id, Learner.given_name, Learner.name_prefix, Learner.family_name, is_close.label("is_close")
        ).where(
            Learner.school_id == current_school_id(),
            or_(Learner.id == learner_id, and_(sounds_so, reaches_learner(scope))),
        )
    ).all()
    names = [
        (row.id, Names(row.given_name or "", row.name_prefix or "", row.family_name or ""), row.is_close)
        for row in rows
    ]
    people = OtherPeople(
        own=[each for key, each, _close in names if key == learner_id],
        others=[(each, close) for key, each, close in names if key != learner_id],
        persons=(),
    )
    return list(dict.fromkeys(text[found.start : found.end] for found in people.find(text)))
