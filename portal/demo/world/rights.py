"""What people asked, complained of and wrote to the school lately, what went wrong with data, and who gets news."""

from datetime import timedelta

from portal.accounts.actors import actor_of
from portal.contacts.messages.models import MessageWay
from portal.contacts.messages.services import store_message
from portal.contacts.models import CorrespondenceKind
from portal.contacts.subscriptions.models import NEWSLETTER, Subscription
from portal.contacts.subscriptions.queries import is_offered
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.core.personal_data import PersonKind
from portal.demo.world.plan import World
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.applications.services import WEBSITE
from portal.organisations.models import ContactOrigin, Relation
from portal.organisations.services import ContactFacts, add_own_contact
from portal.oversight.incidents.models import IncidentKind
from portal.oversight.incidents.services import (
    IncidentFacts,
    add_touched,
    advise_on_incident,
    decide_report,
    decide_telling,
    record_incident,
)
from portal.permissions import Role
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person
from portal.requests.complaints.queries import is_kept
from portal.requests.complaints.services import ComplaintReceipt, Grievance, answer_complaint, enter_complaint
from portal.requests.data_requests.entries import Receipt, enter_request
from portal.requests.data_requests.models import IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import Wish, check_identity
from portal.schools.queries import get_school

_ASKED = (
    (RequestKind.ACCESS, RequestChannel.PHONE, 24, "Ik wil weten wat de school van mij heeft."),
    (RequestKind.ERASURE, RequestChannel.LETTER, 12, "Ik kom niet meer terug. Wis alles wat u van mij heeft."),
    (RequestKind.RECTIFICATION, RequestChannel.EMAIL, 3, "Mijn adres is niet goed. Ik ben verhuisd."),
)
"""What waits for an answer, how it came, how many days ago, and in which words."""
_ANSWERED = (
    (RequestKind.RECTIFICATION, 33, "De straat is fout geschreven.", "Wij hebben de straat verbeterd."),
    (RequestKind.RECTIFICATION, 20, "Mijn telefoonnummer is nieuw.", "Het nieuwe nummer staat erin."),
)
_QUESTIONS = (
    ("Mila de Boer", "mila.deboer@voorbeeld.example", 9, "Wanneer begint de volgende cursus voor beginners?"),
    ("Tarek Saleh", "tarek.saleh@voorbeeld.example", 1, "Is er ook een groep op zaterdag?"),
)
_FIRST = 30
"""The first learner who asks something: those before her have wishes and withdrawals."""


def fill(world: World) -> None:
    """Do it all through the same services as people do."""
    _open_forms(world)
    by, officer = _who(world, Role.PRIVACY_STAFF), _who(world, Role.PRIVACY_OFFICER)
    _ask(world, by)
    if is_kept():
        _complain(world, _who(world, Role(world.policy.complaints.role)))
    _lose_something(world, by, officer)
    _write(world)


def _who(world: World, role: Role) -> Actor:
    colleague = world.of(role)[0]
    return actor_of(colleague.id, colleague.name, frozenset({role.value}))


def _open_forms(world: World) -> None:
    """Switch the public forms on that the policy has contacts for."""
    school = get_school()
    school.takes_questions = world.policy.contact_use("question") is not None
    school.takes_enquiries = world.policy.contact_use("enquiry") is not None
    school.takes_subscribers = is_offered(NEWSLETTER)
    session.flush()


def _receipt(world: World, at: int, channel: RequestChannel, days: int) -> Receipt:
    return Receipt(channel, world.today - timedelta(days=days), learner_id=world.ids[_FIRST + at])


def _ask(world: World, by: Actor) -> None:
    for at, (kind, channel, days, words) in enumerate(_ASKED):
        enter_request(Wish(kind, words), _receipt(world, at, channel, days), language="nl", by=by)
    for at, (kind, days, words, reply) in enumerate(_ANSWERED, len(_ASKED)):
        receipt = _receipt(world, at, RequestChannel.COUNTER, days)
        row = enter_request(Wish(kind, words), receipt, language="nl", by=by)
        check_identity(row.id, IdentityCheck.COUNTER, by=by)
        decide_request(row.id, {}, reply=reply, is_done_by_hand=True, by=by)


def _complain(world: World, by: Actor) -> None:
    """One complaint that waits and one that was answered, both told at the counter."""
    said = (
        (6, "Ik kreeg een brief van iemand anders.", None),
        (30, "Ik wachtte lang op antwoord.", "Wij hebben sorry gezegd en bellen nu binnen een week terug."),
    )
    for at, (days, words, reply) in enumerate(said, len(_ASKED) + len(_ANSWERED)):
        day, whose = world.today - timedelta(days=days), Person(learner_id=world.ids[_FIRST + at])
        receipt = ComplaintReceipt(RequestChannel.COUNTER, day, person=whose)
        row = enter_complaint(Grievance(words), receipt, language="nl", by=by)
        if reply is not None:
            answer_complaint(row.id, reply, by=by)


def _lose_something(world: World, by: Actor, officer: Actor) -> None:
    """An incident that was weighed, with the people whom it touched."""
    facts = IncidentFacts(
        title="Lijst in de verkeerde brief",
        kind=IncidentKind.SENT_WRONG,
        body="Een lijst met drie namen zat in een brief aan iemand anders. Die persoon bracht de lijst terug.",
        aware_at=now() - timedelta(days=2),
        happened_on=world.today - timedelta(days=3),
        categories=("name",),
        measures="Brieven gaan nu door twee mensen.",
    )
    row = record_incident(facts, by=by)
    add_touched(row.id, {PersonKind.LEARNER: world.ids[_FIRST : _FIRST + 3]}, by=by)
    advise_on_incident(row.id, "Niet melden: de lijst is terug en niemand heeft haar gebruikt.", by=officer)
    reason = "De lijst is terug. Het risico voor de mensen is klein."
    decide_report(row.id, is_reported=False, reported_at=None, reason=reason, by=by)
    decide_telling(row.id, is_told=False, reason=reason, by=by)


def _write(world: World) -> None:
    """Questions, somebody who signs up for an intake, and who gets the newsletter, as far as the school has them."""
    school = get_school()
    for name, email, days, words in _QUESTIONS if school.takes_questions else ():
        day = world.today - timedelta(days=days)
        person = add_own_contact(_visitor(name, email))
        store_message(
            person, kind=CorrespondenceKind.QUESTION, way=MessageWay.WEBSITE, received_on=day, body=words, by=PORTAL
        )
    if school.takes_enquiries:
        person = add_own_contact(_visitor("Nadia Karimi", "nadia.karimi@voorbeeld.example"))
        session.add(
            IntakeApplication(
                contact_person_id=person.id,
                given_name="Nadia",
                family_name="Karimi",
                birth_date=world.today - timedelta(days=365 * 31),
                wish=keys.seal(person.id, "intake_application.wish", "Ik wil beter leren schrijven."),
                channel=WEBSITE,
                received_on=world.today - timedelta(days=2),
                statement_version_id=world.policy_version_id,
            )
        )
    if school.takes_subscribers:
        person = add_own_contact(_visitor("Eva Postma", "eva.postma@voorbeeld.example"))
        asked_at, question = now() - timedelta(days=20), world.policy.purpose(NEWSLETTER).question
        session.add(
            Subscription(
                contact_person_id=person.id,
                purpose=NEWSLETTER,
                asked_at=asked_at,
                confirmed_at=asked_at + timedelta(minutes=5),
                statement_version_id=world.policy_version_id,
                language="nl",
                text_shown=str(world.policy.text(question, "nl")) if question is not None else None,
            )
        )
    session.flush()


def _visitor(name: str, email: str) -> ContactFacts:
    return ContactFacts(name=name, email=email, language="nl", relation=Relation.ENQUIRER, origin=ContactOrigin.HERSELF)
