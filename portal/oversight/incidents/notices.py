"""Telling the people whom an incident touched: by mail whom it reaches, by letter the others (AVG art. 34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from portal.core import audit, mail
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.oversight.incidents.models import Incident, IncidentPerson, ToldWay
from portal.oversight.incidents.queries import Touched, get_incident, list_touched
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@dataclass(frozen=True)
class ToTell:
    """Of the people touched who weren't told yet: whom a mail reaches, and who gets a letter."""

    by_mail: Sequence[Touched]
    by_letter: Sequence[Touched]


def untold(incident_id: UUID, by: Actor) -> ToTell:
    """Return who was not told yet."""
    left = [each for each in list_touched(incident_id, by.scope) if each.told_at is None]
    return ToTell([each for each in left if each.email], [each for each in left if not each.email])


def mail_touched(incident_id: UUID, *, by: Actor) -> int:
    """Mail who was not told yet and has an address, each in her language; return how many.

    Sent again it goes to nobody twice. Raises Conflict("not_decided") until it was decided that people are told.
    """
    row = _decided(incident_id, by)
    reached = untold(incident_id, by).by_mail
    for person in reached:
        mail.send(
            str(person.email),
            "oversight/incident_told",
            language=language_of(person),
            account_id=person.account_id,
            learner_id=person.learner_id,
            contact_person_id=None,
            name=person.name,
            **text_of(row),
        )
    _note(row, reached, ToldWay.EMAIL, by)
    return len(reached)


def note_letters(incident_id: UUID, *, by: Actor) -> int:
    """Note that who has no address was sent the letter; return how many. Raises as `mail_touched` does."""
    row = _decided(incident_id, by)
    left = untold(incident_id, by).by_letter
    _note(row, left, ToldWay.LETTER, by)
    return len(left)


def text_of(row: Incident) -> dict[str, str]:
    """Return what mail and letter say of an incident: what happened, what may follow, what the school does."""
    controller = current_policy().controller
    return {
        "school": current_school().name,
        "body": row.body,
        "consequences": row.consequences or "",
        "measures": row.measures or "",
        "address": controller.questions_email or controller.email or "",
    }


def language_of(person: Touched) -> str:
    """Return the language in which somebody is told."""
    return person.language if person.language in LANGUAGES else DEFAULT


def _decided(incident_id: UUID, by: Actor) -> Incident:
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    if not row.is_told:
        raise Conflict("not_decided")
    return row


def _note(row: Incident, people: Sequence[Touched], way: ToldWay, by: Actor) -> None:
    if not people:
        return
    ids, person = [each.learner_id for each in people], IncidentPerson
    session.execute(
        update(person)
        .where(person.school_id == current_school_id(), person.incident_id == row.id, person.learner_id.in_(ids))
        .values(told_at=now(), way=way)
    )
    audit.record("oversight.people_told", learner_ids=ids, subject=("incident", row.id), facts={"way": way}, by=by)
