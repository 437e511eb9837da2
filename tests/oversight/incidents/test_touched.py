"""Whom an incident touches besides learners: who represents one, contacts and staff; named, proposed, told once."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from portal.contacts.messages.models import ContactMessage
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.clock import local, now, today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import in_school, revealed
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.oversight.incidents.models import HOLDERS, IncidentPerson
from portal.oversight.incidents.proposals import propose_touched
from portal.oversight.incidents.services import add_touched, decide_telling
from portal.oversight.incidents.touched import list_touched
from portal.representation.models import Representative, RepresentativeKind
from tests.conftest import school_id
from tests.factories.contacts import make_message
from tests.factories.learners import make_contact_person, make_learner, make_representative
from tests.factories.oversight import make_incident, make_manager
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("meester-in-nt2")
PATH = "/incidenten"
INPUTS = {
    PersonKind.LEARNER: "cursist",
    PersonKind.REPRESENTATIVE: "vertegenwoordiger",
    PersonKind.CONTACT_PERSON: "contactpersoon",
    PersonKind.STAFF: "medewerker",
}
NAMES = {
    PersonKind.LEARNER: "Amina Haddad",
    PersonKind.REPRESENTATIVE: "Samira Yilmaz",
    PersonKind.CONTACT_PERSON: "Kim de Boer",
    PersonKind.STAFF: "Tess Visser",
}


@pytest.fixture
def keeper(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "privacy_staff", name="Pien Smit")


def make_people() -> dict[PersonKind, UUID]:
    """Somebody of each kind, each with an address and a language of her own."""
    amina = make_learner("Amina", "Haddad", email="amina@example.org", preferred_language="ar")
    account = make_account("Tess Visser", "teacher")
    account.email, account.language = "tess@example.org", "en"
    return {
        PersonKind.LEARNER: amina.id,
        PersonKind.REPRESENTATIVE: make_representative(amina, email="samira@example.org").id,
        PersonKind.CONTACT_PERSON: make_contact_person(None, email="kim@example.org", language="en").id,
        PersonKind.STAFF: account.id,
    }


@pytest.fixture
def people(database: Any) -> dict[PersonKind, UUID]:
    with in_school(HERE):
        return make_people()


def an_incident(people: dict[PersonKind, UUID], *, is_told: bool = True) -> UUID:
    with in_school(HERE):
        incident, by = make_incident().id, make_manager()
        if people:
            add_touched(incident, {kind: [each] for kind, each in people.items()}, by=by)
        if is_told:
            decide_telling(incident, is_told=True, reason="Er is een hoog risico.", by=by)
        return incident


def mails() -> list[tuple[str, str, str]]:
    with in_school(HERE), revealed():
        rows = session.scalars(select(Mail).order_by(Mail.asked_at)).all()
        found = [(json.loads(keys.unseal_for_school(each.sealed or b"", "mail")), each.language) for each in rows]
        return sorted((contents["to"], contents["context"]["name"], language) for contents, language in found)


def touched_at(incident: UUID) -> dict[PersonKind, str]:
    with in_school(HERE):
        return {each.kind: each.name for each in list_touched(incident, SYSTEM)}


def proposed(incident: UUID, actor: UUID | str | None = None) -> set[tuple[PersonKind, UUID]]:
    hour = timedelta(hours=1)
    with in_school(HERE):
        found = propose_touched(incident, now() - hour, now() + hour, actor=actor, scope=SYSTEM)
        return {(each.kind, each.id) for each in found}


def test_people_of_every_kind_are_found_by_name_added_once_and_taken_off(
    client: PageClient, keeper: Actor, people: dict[PersonKind, UUID]
) -> None:
    incident = an_incident({}, is_told=False)
    for kind, name in NAMES.items():
        page = client.get(f"{PATH}/{incident}/mensen?zoek={name.split()[0]}").text
        assert f'name="{INPUTS[kind]}" value="{people[kind]}"' in page
    chosen = {INPUTS[kind]: str(each) for kind, each in people.items()}
    for _ in range(2):
        assert client.post(f"{PATH}/{incident}/mensen", chosen).status_code == 303
    assert touched_at(incident) == NAMES
    page = " ".join(client.get(f"{PATH}/{incident}").text.split())
    assert "1 cursist, 1 vertegenwoordiger, 1 contactpersoon, 1 medewerker" in page.replace("<bdi>", "").replace(
        "</bdi>", ""
    )
    for kind, each in people.items():
        assert client.post(f"{PATH}/{incident}/mensen/weg", {INPUTS[kind]: str(each)}).status_code == 303
    assert touched_at(incident) == {}
    assert client.post(f"{PATH}/{incident}/mensen/weg", chosen).status_code == 404


@pytest.mark.parametrize("kind", [each for each in PersonKind if each is not PersonKind.LEARNER])
def test_another_schools_people_and_accounts_of_learners_are_not_found(
    client: PageClient, keeper: Actor, kind: PersonKind
) -> None:
    incident = an_incident({}, is_told=False)
    with in_school(THERE):
        there = make_people()[kind]
    assert client.post(f"{PATH}/{incident}/mensen", {INPUTS[kind]: str(there)}).status_code == 404
    with in_school(HERE):
        account = make_account("Amina Haddad", "learner").id
    assert client.post(f"{PATH}/{incident}/mensen", {"medewerker": str(account)}).status_code == 404


def test_each_is_mailed_once_in_her_language(client: PageClient, keeper: Actor, people: dict[PersonKind, UUID]) -> None:
    incident = an_incident(people)
    for _ in range(2):
        client.post(f"{PATH}/{incident}/mailen")
    assert mails() == [
        ("amina@example.org", "Amina Haddad", "ar"),
        ("kim@example.org", "Kim de Boer", "en"),
        ("samira@example.org", "Samira Yilmaz", "nl"),
        ("tess@example.org", "Tess Visser", "en"),
    ]
    assert client.get(f"{PATH}/{incident}").text.count("per e-mail") == 4
    with in_school(HERE):
        entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "oversight.people_told")).one()
        assert entry.learner_ids == [people[PersonKind.LEARNER]]
        assert entry.facts == {"way": "email", "representative": 1, "contact_person": 1, "staff": 1}


def test_who_stands_in_two_registers_is_mailed_once_also_when_named_later(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        account = make_account("Samira Yilmaz", "representative")
        account.email = "samira@example.org"
        learners = make_learner("Noor"), make_learner("Omar")
        acting = [make_representative(each, account_id=account.id).id for each in learners]
        contact = make_contact_person(None, "Samira Yilmaz", email="Samira@example.org").id
    incident = an_incident({PersonKind.REPRESENTATIVE: acting[0], PersonKind.CONTACT_PERSON: contact})
    client.post(f"{PATH}/{incident}/mailen")
    client.post(f"{PATH}/{incident}/mensen", {"vertegenwoordiger": str(acting[1])})
    client.post(f"{PATH}/{incident}/mailen")
    assert [name for _to, name, _language in mails()] == ["Samira Yilmaz"]
    with in_school(HERE):
        assert all(each.told_at for each in list_touched(incident, SYSTEM))


def make_namesakes(kind: PersonKind) -> list[UUID]:
    """Two people of this kind with one name and one mailbox, as a father and his son have."""
    name, email = "Jan de Vries", "devries@example.org"
    match kind:
        case PersonKind.LEARNER:
            return [make_learner("Jan", "de Vries", email=email).id for _ in range(2)]
        case PersonKind.REPRESENTATIVE:
            return [make_representative(make_learner(), name=name, email=email).id for _ in range(2)]
        case _:
            return [make_contact_person(None, name, email=email).id for _ in range(2)]


@pytest.mark.parametrize("kind", [each for each in PersonKind if each is not PersonKind.STAFF])
@pytest.mark.parametrize("order", [(0, 1), (1, 0), None], ids=["one after the other", "the other first", "at once"])
def test_two_of_one_register_with_one_name_and_mailbox_are_two(
    client: PageClient, keeper: Actor, kind: PersonKind, order: tuple[int, int] | None
) -> None:
    with in_school(HERE):
        both = sorted(make_namesakes(kind))
        other = PersonKind.LEARNER if kind is PersonKind.CONTACT_PERSON else PersonKind.CONTACT_PERSON
        in_both = make_namesakes(other)[0]
        incident, by = make_incident().id, make_manager()
        add_touched(incident, {other: [in_both]}, by=by)
        decide_telling(incident, is_told=True, reason="Er is een hoog risico.", by=by)
    for named in [[both[each]] for each in order] if order else [both]:
        client.post(f"{PATH}/{incident}/mensen", {INPUTS[kind]: [str(each) for each in named]})
        client.post(f"{PATH}/{incident}/mailen")
    assert [to for to, _name, _language in mails()] == ["devries@example.org"] * 2
    with in_school(HERE):
        assert all(each.told_at for each in list_touched(incident, SYSTEM))


def test_who_has_no_address_or_left_gets_a_letter_in_her_language(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        left = make_account("Tess Visser", "teacher")
        left.language, left.ended_at = "en", now()
        contact = make_contact_person(None, "Kim de Boer").id
        people = {PersonKind.CONTACT_PERSON: contact, PersonKind.STAFF: left.id}
    incident = an_incident(people)
    client.post(f"{PATH}/{incident}/mailen")
    assert mails() == []
    page = client.get(f"{PATH}/{incident}/brieven").text
    assert "Er ging iets mis met uw gegevens" in page
    assert "Something went wrong with your" in page
    client.post(f"{PATH}/{incident}/brieven")
    assert client.get(f"{PATH}/{incident}").text.count("per brief") == 2


def test_the_file_for_the_authority_counts_them_by_kind(
    client: PageClient, keeper: Actor, people: dict[PersonKind, UUID]
) -> None:
    found = client.post(f"{PATH}/{an_incident(people)}/bestand").json
    kinds = ("cursisten", "vertegenwoordigers", "contactpersonen", "medewerkers", "anderen")
    assert [found[f"aantal_{each}"] for each in kinds] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize("kind", PersonKind)
@pytest.mark.usefixtures("database")
def test_a_row_is_about_one_person_and_goes_when_she_is_erased(kind: PersonKind) -> None:
    with in_school(HERE):
        people = make_people()
    incident = an_incident(people)
    with in_school(HERE):
        erase_person(kind, people[kind], why="requested")
    gone = {kind} | ({PersonKind.REPRESENTATIVE} if kind is PersonKind.LEARNER else set())
    assert set(touched_at(incident)) == set(PersonKind) - gone
    with in_school(HERE):
        assert session.scalar(select(func.count()).select_from(IncidentPerson)) == len(PersonKind) - len(gone)


@pytest.mark.parametrize("kinds", [(), (PersonKind.STAFF, PersonKind.CONTACT_PERSON)])
def test_the_database_holds_a_row_to_exactly_one_person(
    people: dict[PersonKind, UUID], kinds: tuple[PersonKind, ...]
) -> None:
    incident = an_incident({}, is_told=False)
    row = {"id": new_id(), "incident_id": incident, "added_at": now()} | {HOLDERS[each]: people[each] for each in kinds}
    with pytest.raises(IntegrityError, match="ck_incident_person_of_one_person"), in_school(HERE):
        session.execute(insert(IncidentPerson).values(row))


def test_the_log_proposes_whose_own_row_account_or_message_was_changed(people: dict[PersonKind, UUID]) -> None:
    incident = an_incident({}, is_told=False)
    with in_school(HERE):
        office = Actor(new_id(), "Olga Smit", roles=frozenset({"administration"}))
        asking = make_contact_person(None, "Nadia Karimi")
        message: ContactMessage = make_message(asking)
        other = make_account("Wim Bos", "teacher").id
        audit.record("contacts.message_added", subject=("contact_message", message.id), by=office)
        audit.record(
            "organisations.contact_person_changed",
            subject=("contact_person", people[PersonKind.CONTACT_PERSON]),
            by=office,
        )
        audit.record("accounts.role_ended", subject=("account", people[PersonKind.STAFF]), by=office)
        audit.record("accounts.language_chosen", subject=("account", other), by=Actor(other, "Wim Bos"))
    found = proposed(incident, office.account_id)
    wanted = {
        (PersonKind.CONTACT_PERSON, asking.id),
        (PersonKind.CONTACT_PERSON, people[PersonKind.CONTACT_PERSON]),
        (PersonKind.STAFF, people[PersonKind.STAFF]),
    }
    assert found == wanted
    everybody = proposed(incident)
    assert wanted <= everybody
    assert (PersonKind.STAFF, other) not in everybody  # what she did herself
    assert (PersonKind.STAFF, other) in proposed(incident, other)  # unless it may have been another


def test_a_look_at_a_learner_proposes_who_acts_for_her_where_that_page_shows_it(
    client: PageClient, keeper: Actor, people: dict[PersonKind, UUID]
) -> None:
    amina, samira = people[PersonKind.LEARNER], people[PersonKind.REPRESENTATIVE]
    incident = an_incident({}, is_told=False)
    with in_school(HERE):
        office = Actor(new_id(), "Olga Smit", roles=frozenset({"administration"}))
        audit.record("record.viewed", learner_id=amina, facts={"what": "learners.list"}, by=office)
    assert proposed(incident, office.account_id) == {(PersonKind.LEARNER, amina)}
    with in_school(HERE):
        audit.record("record.viewed", learner_id=amina, facts={"what": "learners.record"}, by=office)
    both = {(PersonKind.LEARNER, amina), (PersonKind.REPRESENTATIVE, samira)}
    assert proposed(incident, office.account_id) == both
    since = local(now() - timedelta(hours=1))
    page = client.get(f"{PATH}/{incident}/mensen?van={since.date()}&tot={today() + timedelta(days=1)}").text
    assert f'name="vertegenwoordiger" value="{samira}"' in page
    assert "bekeken · 2 keer · Olga Smit" in page  # of Amina
    client.post(f"{PATH}/{incident}/mensen", {"vertegenwoordiger": str(samira)})
    assert proposed(incident, office.account_id) == {(PersonKind.LEARNER, amina)}


@pytest.mark.parametrize("categories", [(), ("dealings",)])
def test_who_acts_for_a_restricted_learner_is_told_and_her_name_is_hidden(
    client: PageClient, keeper: Actor, categories: tuple[str, ...]
) -> None:
    with in_school(HERE):
        amina: Learner = make_learner("Amina", "Haddad")
        mailed: Representative = make_representative(amina, name="Samira Yilmaz", email="samira@example.org")
        lettered = make_representative(amina, name="Karim Haddad")
        incident, by = make_incident().id, make_manager()
        add_touched(incident, {PersonKind.REPRESENTATIVE: [mailed.id, lettered.id]}, by=by)
        decide_telling(incident, is_told=True, reason="Er is een hoog risico.", by=by)
        hold(amina.id, *categories)
    page = client.get(f"{PATH}/{incident}").text
    assert "Vertegenwoordiger van een cursist met een afscherming" in page
    assert "2 vertegenwoordigers" in page
    assert ("Samira" in page, "Karim" in page) == (False, False)
    client.post(f"{PATH}/{incident}/mailen")
    assert [to for to, _name, _language in mails()] == ["samira@example.org"]
    letters = client.get(f"{PATH}/{incident}/brieven").text
    assert "Karim" not in letters
    client.post(f"{PATH}/{incident}/brieven/afgeschermd")
    assert "Karim Haddad" in client.get(f"{PATH}/{incident}/brieven").text
    client.post(f"{PATH}/{incident}/brieven")
    with in_school(HERE):
        assert all(each.told_at for each in list_touched(incident, SYSTEM))


@pytest.mark.parametrize(("years", "kind"), [(12, RepresentativeKind.PARENT), (40, RepresentativeKind.CURATOR)])
def test_who_acts_for_a_learner_is_named_nowhere_where_her_dealings_alone_are_restricted(
    client: PageClient, keeper: Actor, years: int, kind: RepresentativeKind
) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Haddad", birth_date=today() - timedelta(days=years * 366))
        make_representative(amina, kind=kind, name="Samira Yilmaz")
        incident, by = make_incident().id, make_manager()
        add_touched(incident, {PersonKind.LEARNER: [amina.id]}, by=by)
        decide_telling(incident, is_told=True, reason="Er is een hoog risico.", by=by)
    assert "Samira Yilmaz" in client.get(f"{PATH}/{incident}").text
    with in_school(HERE):
        hold(amina.id, "dealings")
    page = client.get(f"{PATH}/{incident}").text
    assert ("Amina Haddad" in page, "Samira" in page) == (True, False)
    letters = f"{PATH}/{incident}/brieven"
    assert "Samira" not in client.get(letters).text
    client.post(f"{letters}/afgeschermd")
    assert "Samira Yilmaz" in client.get(letters).text
