"""Whatever makes something new is safe to send twice: it is stored once, and the second time says so."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.creation import is_creating
from portal.organisations.models import Organisation, OrganisationKind
from tests.conftest import school_id
from tests.factories.courses import make_enrolled_learner, make_group
from tests.factories.learners import make_learner
from tests.page_client import PageClient, hidden_in
from tests.racing import Race
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
TIMES = {"starts_at": "09:00", "ends_at": "12:00", "break_minutes": "15", "kind": "nt2", "place": "school"}
NOT_COUNTED = {"audit_event", "audit_unsealed", "audit_learner", "audit_seal"}


class World:
    """A group with somebody in it, somebody in no group, a teacher, a course and an organisation."""

    def __init__(self) -> None:
        with in_school(HERE):
            self.group = make_group("A1 ochtend")
            self.learner = make_enrolled_learner(self.group)
            self.other = make_learner()
            self.teacher = make_account("Noor Bakker", "teacher")
            self.client = Organisation(name="Gemeente Zeist", kind=OrganisationKind.CLIENT)
            session.add(self.client)

    def ids(self) -> dict[str, str]:
        """The ids that addresses are made with."""
        names = ("group", "learner", "other", "teacher", "client")
        return {name: str(getattr(self, name).id) for name in names} | {"course": str(self.group.course_id)}


FORMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a learner": (
        "administration",
        "/cursisten/nieuw",
        {"given_name": "Zeynep", "family_name": "Kaya", "birth_date": "4-5-1990", "source": "learner", "channel": ""},
    ),
    "an enrolment": (
        "administration", "/groepen/{group}/cursisten/{other}/inschrijven", {"starts_on": "2026-11-20"}
    ),
    "a course": ("administration", "/cursussen/nieuw", {"name": "KNM", "kind": "knm", "is_active": "y"}),
    "a group": (
        "administration", "/groepen/nieuw", {"name": "B1", "course_id": "{course}", "starts_on": "2026-11-02"}
    ),
    "a lesson": ("administration", "/groepen/{group}/lessen/nieuw", {**TIMES, "held_on": "2026-11-21"}),
    "a weekly lesson": (
        "administration", "/groepen/{group}/rooster", {**TIMES, "weekday": "1", "from_on": "2026-11-20"}
    ),
    "a teacher of a group": (
        "administration",
        "/groepen/{group}/docenten",
        {"account_id": "{teacher}", "starts_on": "2026-12-20", "ends_on": "2026-12-24", "is_substitute": "y"},
    ),
    "a holiday": (
        "administration", "/vakanties", {"name": "Kerst", "starts_on": "2026-12-21", "ends_on": "2027-01-03"}
    ),
    "holidays filled in": (
        "administration",
        "/vakanties/invullen",
        {"year": "2026", "region": "north", "whit_monday-chosen": "y", "whit_monday-starts_on": "2027-05-17"},
    ),
    "a term": ("administration", "/perioden", {"name": "Voorjaar", "starts_on": "2027-02-01", "ends_on": "2027-07-09"}),
    "a copy of a group": (
        "administration",
        "/groepen/kopieren",
        {"starts_on": "2027-02-01", "groep": "{group}", "naam.{group}": "Kopie", "despite": "y"},
    ),
    "a wait": ("administration", "/cursisten/{other}/wachtlijst", {"course_id": "{course}", "since_on": "2026-11-02"}),
    "an organisation": ("administration", "/organisaties/nieuw", {"name": "Bakkerij", "kind": "employer"}),
    "a contact person": ("administration", "/contacten/nieuw", {
        "name": "J. de Wit", "relation": "customer", "origin": "company", "organisation_id": "", "language": ""}),
    "a member": ("management", "/medewerkers/uitnodigen", {"people": "Anna <anna@example.org>", "roles": "teacher"}),
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def rows() -> dict[str, int]:
    with in_school(HERE):
        tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_COUNTED]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.mark.parametrize("what", FORMS)
def test_the_same_form_sent_twice_is_stored_once(client: PageClient, sign_in: SignIn, world: World, what: str) -> None:
    role, address, data = FORMS[what]
    sign_in(client, role)
    ids = world.ids()
    address, data = address.format(**ids), {name.format(**ids): value.format(**ids) for name, value in data.items()}
    if what == "an enrolment":
        data |= hidden_in(client.get(address))
    empty = rows()

    first = client.post(address, data)
    filled = rows()
    second = client.post(address, data)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert filled != empty
    assert rows() == filled
    assert "Het staat er één keer" in client.get(second.location).text


def test_the_same_from_another_page_or_with_something_else_in_it_is_new(
    client: PageClient, sign_in: SignIn, world: World
) -> None:
    sign_in(client, "administration")
    note = {"name": "Kerst", "starts_on": "2026-12-21", "ends_on": "2027-01-03"}

    first, other = client.post("/vakanties", note), client.post("/vakanties", {**note, "name": "Winter"})
    client.token = "another page's"
    refused = client.post("/vakanties", note)

    assert (first.status_code, other.status_code, refused.status_code) == (303, 303, 422)
    assert rows()["holiday"] == 2


def test_another_file_of_the_same_name_and_size_is_new(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")

    def hand_in(text: bytes) -> str | None:
        workbook = {"workbook": (io.BytesIO(text), "lijst.csv")}
        return client.post("/inlezen", workbook, content_type="multipart/form-data").location

    first, other = hand_in(b"Voornaam;Achternaam\nAmina;Diallo\n"), hand_in(b"Voornaam;Achternaam\nFatma;Diallo\n")
    again = hand_in(b"Voornaam;Achternaam\nAmina;Diallo\n")

    assert None not in {first, other}
    assert first == again != other


def test_what_was_refused_can_be_sent_again(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    wrong = {"name": "Kerst", "starts_on": "2026-12-21", "ends_on": "2026-12-01"}

    answers = [client.post("/vakanties", wrong).status_code for _ in range(2)]

    assert answers == [422, 422]
    assert rows()["submission"] == 0


AT_ONCE = {"a learner": "learner", "a course": "course", "an organisation": "organisation", "a holiday": "holiday"}


@pytest.mark.parametrize(("what", "table"), AT_ONCE.items())
def test_sent_twice_at_once_it_is_stored_once(app: Flask, race: Race, what: str, table: str) -> None:
    role, address, data = FORMS[what]
    client = PageClient(app, "lest-best.localhost")
    SignIn()(client, role)
    client.get("/vandaag")
    before = rows()

    sent = [race.people.submit(client.post, address, data) for _ in range(2)]
    answers = [each.result() for each in sent]

    assert [answer.status_code for answer in answers] == [303, 303]
    added = {name: count - before[name] for name, count in rows().items() if count != before[name]}
    assert added["submission"] == added[table] == 1


def test_every_form_that_adds_says_so(app: Flask) -> None:
    making = ("add_", "write_", "enter_", "join", "make", "store", "save_", "invite", "hand_in", "send_")
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    named = {each for each in endpoints if each.rpartition(".")[2].startswith(making)}
    assert {each for each in named if not is_creating(app, each)} == {
        "attendance.write_note",  # the one note at a row, in place of what stood there
        "accounts.invite_member_again",  # a link more for who is there
        "imports.store",  # a step of a run that is there
        "progress.store_statement_text",  # other words for one that is there
        "requests.store_correction",  # other values in a record that is there
        "requests.store_entry_correction",  # the same, of an entry
        "schools.make_primary_host",
        "signals.store_answer",  # an answer to a signal that is there
        "signals.store_rules",  # the rules, of which there are always as many
    }
