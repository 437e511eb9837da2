"""Which data an incident touched is proposed from the log; somebody adds and takes away, and both are told apart."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.actors import actor_of
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.clock import local, now
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import give_file
from portal.oversight.incidents.categories import propose_categories
from portal.oversight.incidents.models import Incident
from portal.oversight.incidents.presenters import file_of
from portal.oversight.incidents.services import choose_categories
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner
from tests.factories.oversight import make_incident, make_manager
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE, THERE = school_id("lest-best"), school_id("meester-in-nt2")
PATH = "/incidenten"
HOUR = timedelta(hours=1)
OFFICE = Actor(new_id(), "Olga Smit", roles=frozenset({"administration"}))
TEACHER = Actor(new_id(), "Tess Kok", roles=frozenset({"teacher"}))
LEARNER = Actor(new_id(), "Amina Haddad", roles=frozenset({"learner"}))


@pytest.fixture
def keeper(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "privacy_staff", name="Pien Smit")


def found(actor: UUID | str | None = None, *, hours_ago: int = 1) -> set[str]:
    return set(propose_categories(now() - hours_ago * HOUR, now() + HOUR, actor=actor, scope=SYSTEM))


def look(what: str, by: Actor, learner_id: UUID) -> None:
    audit.record("record.viewed", learner_id=learner_id, facts={"what": what}, by=by)


ENTRIES: Mapping[str, tuple[dict[str, Any], set[str]]] = {
    "a list": ({"event": "record.viewed", "facts": {"what": "learners.search"}}, {"name"}),
    "a page of nobody's any more": ({"event": "record.viewed", "facts": {"what": "learners.old"}}, set()),
    "a field that changed": (
        {"event": "learners.changed", "changes": {"learner.phone": ("1", "2"), "learner.street": ("a", "b")}},
        {"address", "contact"},
    ),
    "a BSN that was shown": ({"event": "learners.bsn_revealed"}, {"bsn"}),
    "a number of her own": ({"event": "learners.own_number_revealed", "facts": {"field": "learner.bsn"}}, {"bsn"}),
    "a list that was taken": (
        {"event": "learners.list_taken", "facts": {"categories": ["birth", "name"]}},
        {"birth", "name"},
    ),
    "what was erased": ({"event": "record.erased", "facts": {"categories": ["contact"]}}, {"contact"}),
    "a lesson": ({"event": "attendance.recorded", "subject": ("lesson", new_id())}, {"attendance"}),
    "a level": ({"event": "progress.level_deleted", "subject": ("level", new_id())}, {"level"}),
    "a request": ({"event": "requests.taken", "subject": ("data_request", new_id())}, {"dealings"}),
    "her account": ({"event": "learners.access_ended", "subject": ("account", new_id())}, set()),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_tells_by_what_it_names(database: Any, entry: str) -> None:
    with in_school(HERE):
        values, wanted = ENTRIES[entry]
        kept = {each.key for each in current_policy().categories}
        audit.record(**values, learner_id=make_learner("Amina", "Haddad").id, by=OFFICE)
        assert found(OFFICE.account_id) == wanted & kept


def test_of_a_page_staff_see_what_their_role_opens_and_she_sees_all(database: Any) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Haddad").id
        for by in (TEACHER, OFFICE, LEARNER):
            look("learners.record", by, amina)
        by_teacher, by_office = found(TEACHER.account_id), found(OFFICE.account_id)

        assert by_teacher == {"name", "contact", "attendance", "level"}
        assert {"address", "birth", "contact", "name"} <= by_office
        assert "dealings" not in by_office
        assert by_office <= found("learner")
        assert found() == by_teacher | by_office | found("learner")


def test_a_page_about_a_colleague_tells_what_it_shows_whatever_a_role_sees_of_learners(database: Any) -> None:
    with in_school(HERE):
        by = make_manager()
        audit.record("record.viewed", subject=("account", new_id()), facts={"what": "accounts.member"}, by=by)
        assert found(by.account_id) == {"name", "account", "contact"}


def test_a_file_and_a_copy_tell_what_was_in_them(database: Any) -> None:
    with in_school(HERE):
        scene = make_scene(" hier")
        disclosure = make(ask(scene, "attendance_for_client"))
        _, parts = give_file(disclosure.id, signed_in_at=now(), by=scene.office)
        assert b"".join(parts)
        assert disclosure.categories
        assert found(scene.office.account_id) == set(disclosure.categories)

        audit.record("requests.copy_fetched", learner_id=scene.amina.id, by=LEARNER)
        assert found(LEARNER.account_id) == {each.key for each in current_policy().categories}


def test_other_moments_other_accounts_and_other_schools_tell_nothing(database: Any) -> None:
    with in_school(HERE):
        look("learners.record", OFFICE, make_learner("Amina", "Haddad").id)
        assert found(new_id()) == set()
        earlier = now() - 2 * HOUR
        assert propose_categories(earlier, earlier + HOUR, actor=None, scope=SYSTEM) == ()
    with in_school(THERE):
        assert found(OFFICE.account_id) == set()


def test_what_the_log_says_is_ticked_and_each_says_where_it_comes_from(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        incident = make_incident(categories=("birth",), aware_at=now() - HOUR).id
        audit.record(
            "learners.changed",
            learner_id=make_learner("Amina", "Haddad").id,
            changes={"learner.phone": ("1", "2"), "learner.street": ("a", "b")},
            by=OFFICE,
        )
    asked = question(OFFICE.account_id)
    page = client.get(f"{PATH}/{incident}/mensen?" + "&".join(f"{key}={value}" for key, value in asked.items()))
    assert ticked(page.text) == {"address": "uit het logboek", "contact": "uit het logboek", "birth": "zelf aangegeven"}

    chosen = {"categories": ["contact", "birth", "work"], **asked}
    assert client.post(f"{PATH}/{incident}/gegevens", chosen).status_code == 303
    with in_school(HERE):
        row = session.scalars(select(Incident).where(Incident.id == incident)).one()
        assert (set(row.categories), row.categories_found) == ({"contact", "birth", "work"}, ["contact"])
        assert len(file_of(row, [])["waarvan_uit_het_logboek"]) == 1
        entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "oversight.incident_changed")).one()
        assert entry.facts["found"] == ["address", "contact"]
        assert set(entry.facts["chosen"]) == {"contact", "birth", "work"}
    said = " ".join(client.get(f"{PATH}/{incident}").text.split())
    assert said.count("uit het logboek") == 1
    assert said.count("zelf aangegeven") == 2
    form = client.get(f"{PATH}/{incident}/wijzigen").text
    assert form.count("· uit het logboek") == 1
    assert form.count("· zelf aangegeven") == 2


def question(actor: UUID | None) -> dict[str, str]:
    since, until = local(now() - HOUR), local(now() + HOUR)
    moments = {"van": str(since.date()), "van_tijd": f"{since:%H:%M}"}
    return {**moments, "tot": str(until.date()), "tot_tijd": f"{until:%H:%M}", "wie": str(actor or "")}


def ticked(page: str) -> dict[str, str]:
    """The categories that are ticked, each with where the page says that it comes from."""
    choices = [each.partition("</label>")[0] for each in page.split('name="categories" value="')[1:]]
    return {
        each.partition('"')[0]: each.partition("<small>")[2].partition("</small>")[0]
        for each in choices
        if " checked" in each
    }


def test_what_is_taken_away_is_not_from_the_log_any_more(database: Any) -> None:
    with in_school(HERE):
        incident = make_incident()
        by = actor_of(new_id(), "Pien Smit", frozenset({"privacy_staff"}))
        choose_categories(incident.id, ["name", "contact"], found=["name", "contact"], by=by)
        choose_categories(incident.id, ["name"], found=[], by=by)
        assert (incident.categories, incident.categories_found) == (["name"], ["name"])
        choose_categories(incident.id, ["name", "contact"], found=[], by=by)
        assert incident.categories_found == ["name"]


def test_the_database_knows_no_category_as_found_that_is_not_chosen(database: Any) -> None:
    with in_school(HERE):
        make_incident(categories=("name",))
        with pytest.raises(IntegrityError, match="found_is_chosen"), session.begin_nested():
            session.execute(update(Incident).values(categories_found=["contact"]))


def test_who_is_no_keeper_an_unknown_category_and_another_school_change_nothing(
    client: PageClient, keeper: Actor, sign_in: SignIn
) -> None:
    with in_school(HERE):
        incident = make_incident(categories=("name",)).id
    with in_school(THERE):
        elsewhere = make_incident(categories=("name",)).id
    assert client.post(f"{PATH}/{incident}/gegevens", {"categories": ["schoenmaat"]}).status_code == 404
    assert client.post(f"{PATH}/{elsewhere}/gegevens", {"categories": ["contact"]}).status_code == 404
    sign_in(client, "privacy_officer")
    assert client.post(f"{PATH}/{incident}/gegevens", {"categories": ["contact"]}).status_code == 403
    for school, each in ((HERE, incident), (THERE, elsewhere)):
        with in_school(school):
            row = session.scalars(select(Incident).where(Incident.id == each)).one()
            assert (row.categories, row.categories_found) == (["name"], [])


def test_an_account_that_there_is_not_is_said_and_nothing_is_proposed(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        incident = make_incident().id
    asked = {**question(None), "account": "niemand@example.org"}
    page = client.get(f"{PATH}/{incident}/mensen?" + "&".join(f"{key}={value}" for key, value in asked.items()))
    assert page.status_code == 422
    assert 'name="categories"' not in page.text
