"""Telling the people whom an incident touched: by mail whom it reaches, by letter the others (AVG art. 34).

A child under 16 is told by who acts for her. Who restricted her data is told too: a mail leaves without anybody's look,
and for a letter it is recorded first that staff use her name. Who stands in two registers under one name and address is
mailed once about what is hers; two people of one register are two, also with one name and one mailbox.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from portal.core import audit, mail
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES, _, in_language
from portal.core.personal_data import PersonKind
from portal.oversight.incidents.models import Incident, IncidentPerson, ToldWay
from portal.oversight.incidents.queries import get_incident
from portal.oversight.incidents.touched import Reader, Touched, everybody_touched, list_touched, parted
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.purposes.restrictions.models import UseGround
from portal.purposes.restrictions.queries import list_restrictions, list_used_today
from portal.purposes.restrictions.services import allow_use
from portal.schools.queries import current_school

ARTICLE = "AVG art. 34"
"""By what restricted data is used for a letter: people are told by law of a breach that touches them."""


@dataclass(frozen=True)
class ToTell:
    """Of the people touched who weren't told yet: whom a mail reaches, who gets a letter, and whose letter is shown
    to nobody before its ground is recorded."""

    by_mail: Sequence[Touched]
    by_letter: Sequence[Touched]
    withheld: Sequence[Touched]


def untold(incident_id: UUID, by: Actor) -> ToTell:
    """Return who was not told yet."""
    left = [each for each in list_touched(incident_id, by.scope) if each.told_at is None]
    letters = [each for each in left if not each.is_mailed]
    restricted = {each.learner_id for each in letters if each.has_hidden_name and each.learner_id is not None}
    closed = restricted - list_used_today(restricted, ARTICLE, by) if restricted else set()
    return ToTell(
        [each for each in left if each.is_mailed],
        [each for each in letters if not (each.has_hidden_name and each.learner_id in closed)],
        [each for each in letters if each.has_hidden_name and each.learner_id in closed],
    )


def mail_touched(incident_id: UUID, *, by: Actor) -> int:
    """Mail who was not told yet and has an address, each reader in her language; return how many mails.

    Sent again it goes to nobody twice. Raises Conflict("not_decided") until it was decided that people are told.
    """
    row = _decided(incident_id, by)
    everybody = list_touched(incident_id, by.scope)
    reached = [each for each in everybody if each.told_at is None and each.is_mailed]
    keyed = list(_keyed(everybody))
    mailed = {key for key, person, _reader in keyed if person.way is ToldWay.EMAIL}
    wanted = {key: (person, reader) for key, person, reader in keyed if person.told_at is None and key not in mailed}
    facts = text_of(row)
    with everybody_touched():
        for person, reader in wanted.values():
            _mail(person, reader, facts)
    _note(row, reached, ToldWay.EMAIL, by)
    return len(wanted)


_Key = tuple[str, str, UUID | None, int]
"""One mail: its address, the name in it, about whom it is if not its reader, and which of those in one register."""


def _keyed(everybody: Sequence[Touched]) -> Iterator[tuple[_Key, Touched, Reader]]:
    """Yield what is mailed about these people, by a key that only one person has.

    Of those with one name and address the first of each register is taken for one person, and so the second: never two
    of one register, unless they have one account. Who was told is counted first, so that her key stays hers.
    """
    seen: defaultdict[tuple[str, str, PersonKind], dict[UUID, int]] = defaultdict(dict)
    for person in sorted(everybody, key=lambda each: each.told_at is None):
        for reader in (each for each in person.readers if each.email):
            address, name = str(reader.email).lower(), reader.name or ""
            if reader.is_herself:
                of_kind = seen[address, name, person.kind]
                number = of_kind.setdefault(reader.account_id or person.id, len(of_kind))
                yield (address, name, None, number), person, reader
            else:
                yield (address, name, person.id, 0), person, reader


def _mail(person: Touched, reader: Reader, facts: dict[str, str]) -> None:
    mail.send(
        str(reader.email),
        "oversight/incident_told",
        language=language_of(reader),
        account_id=reader.account_id,
        learner_id=person.learner_id,
        contact_person_id=person.id if person.kind is PersonKind.CONTACT_PERSON else None,
        name=reader.name or "",
        about=about_of(person, reader),
        **facts,
    )


def note_letters(incident_id: UUID, *, by: Actor) -> int:
    """Note that who has no address was sent the letter; return of how many people. Raises as `mail_touched` does."""
    row = _decided(incident_id, by)
    left = untold(incident_id, by).by_letter
    _note(row, left, ToldWay.LETTER, by)
    return len(left)


def use_for_letters(incident_id: UUID, *, by: Actor) -> int:
    """Record that names of who restricted her data are used for letters to them (art. 18(2)); return of how many.

    Raises as `mail_touched` does.
    """
    _decided(incident_id, by)
    closed = untold(incident_id, by).withheld
    for learner_id in dict.fromkeys(each.learner_id for each in closed if each.learner_id is not None):
        restrictions = list_restrictions(learner_id, by.scope)
        restriction = next(each for each in restrictions if each.is_whole or "dealings" in each.categories)
        with in_language(DEFAULT):
            why, used_for = _("De wet zegt dat de school dit moet vertellen."), _("Een brief over een incident")
        ground = UseGround.PUBLIC_INTEREST
        allow_use(restriction.id, ground=ground, why=why, used_for=used_for, article=ARTICLE, by=by)
    return len(closed)


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


def language_of(reader: Reader) -> str:
    """Return the language in which somebody is told."""
    return reader.language if reader.language in LANGUAGES else DEFAULT


def about_of(person: Touched, reader: Reader) -> str:
    """Return whose data a mail or letter is about, by her first name; nothing where that is its reader."""
    return "" if reader.is_herself else person.given_name


def _decided(incident_id: UUID, by: Actor) -> Incident:
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    if not row.is_told:
        raise Conflict("not_decided")
    return row


def _note(row: Incident, people: Sequence[Touched], way: ToldWay, by: Actor) -> None:
    if not people:
        return
    person, ids = IncidentPerson, [each.row_id for each in people]
    with everybody_touched():
        session.execute(
            update(person)
            .where(person.school_id == current_school_id(), person.id.in_(ids))
            .values(told_at=now(), way=way)
        )
    learners, facts = parted((each.kind, each.id) for each in people)
    facts, subject = {"way": way, **facts}, ("incident", row.id)
    audit.record("oversight.people_told", learner_ids=learners, subject=subject, facts=facts, by=by)
