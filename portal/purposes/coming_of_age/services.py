"""Telling of a sixteenth birthday beforehand, and what changes on the day itself (LL-04, LL-12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date

from portal.accounts.invitations.links import address_of
from portal.core import audit, jobs, mail
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.learners.record.ages import sixteen_on
from portal.learners.record.models import Learner
from portal.learners.record.services import lock_learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.purposes.coming_of_age.models import ComingOfAge
from portal.purposes.coming_of_age.queries import (
    Parent,
    find_coming_of_age,
    get_coming_of_age,
    has_lapsed_at_sixteen,
    list_parents,
    list_past,
    list_turning,
    lock_parents_consents,
)
from portal.purposes.models import Consent
from portal.representation.services import end_for_children
from portal.schools.queries import current_school

NOTICE = timedelta(weeks=6)
"""How long before the day she and her parents are told: a letter and an answer take two weeks each, and she needs her
own way to sign in by then; longer before, and it is forgotten."""
VOID_LAPSED = "disclosures.void_lapsed"


@dataclass(frozen=True)
class BirthdayText:
    """What somebody is told of a sixteenth birthday, with the language in which: the learner, or a parent of hers."""

    person: Parent
    language: str
    facts: dict[str, Any]


def announce_birthdays(*, by: Actor) -> int:
    """Tell who turns 16 within six weeks, and her parents, by mail; the office has the letters of who has no address.

    Returns of how many learners. Safe to repeat: told once, and anew where her birth date turned out another.
    """
    told = 0
    for found in list_turning(today() + NOTICE):
        learner = lock_learner(found.id, by)
        day = sixteen_on(learner.birth_date) if learner.birth_date is not None else None
        row = find_coming_of_age(learner.id, by.scope)
        if day is None or (row is not None and row.sixteen_on == day):
            continue
        parents = list_parents(learner.id, by.scope)
        if row is None or row.reached_at is not None:
            row = ComingOfAge(learner_id=learner.id)
        row.sixteen_on, row.told_at, row.letter_sent_at = day, now(), None
        row.by_letter = learner.email is None or any(each.email is None for each in parents)
        session.add(row)
        session.flush()
        _mail("purposes/turning_sixteen", learner, parents)
        _log("purposes.sixteen_announced", row, by)
        told += 1
    return told


def pass_birthdays(*, by: Actor) -> int:
    """End what parents may and said for who turned 16: she signs in herself, and is asked each consent anew.

    A yes of a parent counts no more from then on: nobody but she can give it now. Nothing that rests on it is deleted,
    as with a changed question (`renewals`): she took nothing back, and what is deleted can't come back with her yes.
    Until she answers it is used for nothing, and with her no it goes. Returns of how many learners; safe to repeat.
    """
    ids = list_past()
    for learner_id in ids:
        learner = lock_learner(learner_id, by)
        row, parents = find_coming_of_age(learner_id, by.scope), list_parents(learner_id, by.scope)
        end_for_children(learner_id, by=by)
        lapsed = lock_parents_consents(learner_id, by.scope)
        _lapse(lapsed, by)
        if row is not None and row.reached_at is None:
            row.reached_at = now()
            session.flush()
            _mail("purposes/turned_sixteen", learner, parents, asked=bool(lapsed))
            if learner.email is not None:
                jobs.ask("learners.send_invitations", {"learner_ids": [str(learner_id)]}, unique=str(learner_id))
        audit.record("purposes.sixteen_reached", learner_id=learner_id, facts={"consents": len(lapsed)}, by=by)
    return len(ids)


def _lapse(consents: list[Consent], by: Actor) -> None:
    for consent in consents:
        consent.ended_at, consent.is_ended_at_sixteen = now(), True
        session.flush()
        record_ending(Ending.LAPSE, consent.id)
        jobs.ask(VOID_LAPSED, {"consent_id": str(consent.id)}, unique=str(consent.id))
        audit.record(
            "purposes.consent_lapsed_at_sixteen",
            learner_id=consent.learner_id,
            subject=("consent", consent.id),
            facts={"purpose": consent.purpose},
            by=by,
        )


def note_letter(coming_of_age_id: UUID, *, by: Actor) -> None:
    """Record that the letter to who has no address went out. Safe to repeat. Raises NotFound and NotAllowed."""
    by.must(Permission.REQUEST_ENTER)
    row = get_coming_of_age(coming_of_age_id, by.scope, lock=True)
    if row.letter_sent_at is None:
        row.letter_sent_at, row.letter_sent_by = now(), by.account_id
        session.flush()
        _log("purposes.sixteen_letter_sent", row, by)


def list_letters(row: ComingOfAge, *, by: Actor) -> list[BirthdayText]:
    """Return what the learner of a notice and her parents are told who have no address, each in her own language.

    After the day it says what the mail of that day says.
    """
    by.must(Permission.REQUEST_ENTER)
    learner = get_within_reach(row.learner_id, by)
    asked = row.reached_at is not None and has_lapsed_at_sixteen(learner.id, by.scope)
    parents = list_parents(learner.id, by.scope, until=row.reached_at)
    texts = _texts(learner, parents, asked=asked)
    return [each for each in texts if each.person.email is None]


def _mail(template: str, learner: Learner, parents: list[Parent], *, asked: bool = False) -> None:
    """Mail the learner and each of her parents who has an address; each in her own language."""
    for each in _texts(learner, parents, asked=asked):
        if each.person.email is not None:
            mail.send(
                each.person.email,
                template,
                language=each.language,
                account_id=each.person.account_id,
                learner_id=learner.id,
                **each.facts,
            )


def _texts(learner: Learner, parents: list[Parent], *, asked: bool) -> Iterator[BirthdayText]:
    """Yield what the learner is told and each of her parents: mail and letter say the same."""
    her = Parent(learner.full_name, learner.email, learner.preferred_language, None)
    birthday = sixteen_on(learner.birth_date) if learner.birth_date is not None else today()
    for each, is_learner in ((her, True), *((parent, False) for parent in parents)):
        code = each.language if each.language in LANGUAGES else DEFAULT
        facts = {
            "name": each.name,
            "school": current_school().name,
            "is_learner": is_learner,
            "child": learner.given_name,
            "day": format_date(birthday, "long", locale=code),
            "link": address_of("/mijn/toestemmingen"),
            "asked": asked,
        }
        yield BirthdayText(each, code, facts)


def _log(event: str, row: ComingOfAge, by: Actor) -> None:
    audit.record(event, learner_id=row.learner_id, subject=("coming_of_age", row.id), by=by)
