"""Members: inviting one or a list, roles, ending; the last manager stays and nobody widens her own role."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.members.services import change_roles, end_member, invite_members, let_member_return, read_people
from portal.accounts.models import Account
from portal.accounts.queries import find_by_email, get_member
from portal.accounts.sessions.services import start_session
from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.permissions import Permission, Role
from tests.accounts.invitations.test_routes import mails
from tests.factories.accounts import give_second_factor, make_account
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id


def manager(*roles: str) -> tuple[Account, Actor]:
    """Make a manager in the school in scope."""
    held = roles or ("management",)
    account = make_account("Directie", *held, email="directie@example.org")
    return account, actor_of(account.id, account.name, frozenset(held))


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Anna Bakker <Anna@Example.org>", "Anna Bakker", "anna@example.org"),
        ("Anna Bakker, anna@example.org", "Anna Bakker", "anna@example.org"),
        ("anna@example.org;Anna van den Berg", "Anna van den Berg", "anna@example.org"),
        ("Anna\tanna@example.org", "Anna", "anna@example.org"),
        ("  anna@example.org  ", "anna", "anna@example.org"),
        ('"Bakker, Anna" <anna@example.org>', "Bakker Anna", "anna@example.org"),
    ],
)
def test_a_line_is_read_as_people_paste_it(line: str, name: str, email: str) -> None:
    [person] = read_people(f"\n{line}\n\n")
    assert (person.name.replace('"', ""), person.email) == (name, email)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Anna", "line_without_address", 1),
        ("a@example.org\nAnna, geen@adres@hier", "line_without_address", 2),
        ("a@example.org b@example.org", "line_without_address", 1),
        ("a@example.org\n\nA@example.org", "twice", 3),
        (" \n", "required", None),
        ("\n".join(f"p{number}@example.org" for number in range(201)), "too_many", None),
    ],
)
def test_a_list_that_is_not_understood_is_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(Invalid) as refusal:
        read_people(text)
    assert (refusal.value.field, refusal.value.code, refusal.value.facts.get("line")) == ("people", code, line)


@pytest.mark.promise("MN-11", part="own accounts")
@pytest.mark.usefixtures("app", "school")
def test_everyone_invited_gets_an_account_and_a_mail_of_her_own(mail_dir: Path) -> None:
    _, by = manager()
    people = read_people("Anna <m-anna@example.org>\nBo <m-bo@example.org>")
    accounts = invite_members(people, frozenset({Role.TEACHER, Role.COACH}), by=by)
    assert len({account.id for account in accounts}) == 2
    assert get_member(accounts[0].id, SYSTEM).roles == (Role.TEACHER, Role.COACH)
    with pytest.raises(Invalid, match="known"):
        invite_members(read_people("Cas <cas@example.org>\nBo <m-bo@example.org>"), frozenset({Role.TEACHER}), by=by)
    assert find_by_email("cas@example.org") is None
    do_jobs()
    [mail] = mails(mail_dir, "m-anna@example.org")
    assert "https://lest-best.localhost/uitnodiging/" in mail.get_content()


@pytest.mark.usefixtures("school")
def test_learners_roles_are_not_given_here() -> None:
    _, by = manager()
    for roles in (frozenset(), frozenset({Role.LEARNER}), frozenset({Role.TEACHER, Role.REPRESENTATIVE})):
        with pytest.raises(Invalid):
            invite_members(read_people("cas@example.org"), roles, by=by)


@pytest.mark.usefixtures("school")
def test_nobody_widens_her_own_role() -> None:
    account, by = manager("management", "teacher")
    make_account("Tweede", "management", email="b@example.org")
    with pytest.raises(Invalid, match="own_role"):
        change_roles(account.id, frozenset({Role.MANAGEMENT, Role.TEACHER, Role.PRIVACY_OFFICER}), by=by)
    change_roles(account.id, frozenset({Role.MANAGEMENT}), by=by)
    assert get_member(account.id, SYSTEM).roles == (Role.MANAGEMENT,)


@pytest.mark.usefixtures("school")
def test_the_only_manager_takes_a_second_role_herself() -> None:
    account, by = manager()
    make_account("Noor", "teacher", email="noor2@example.org")
    change_roles(account.id, frozenset({Role.MANAGEMENT, Role.ADMINISTRATION}), by=by)
    assert get_member(account.id, SYSTEM).roles == (Role.ADMINISTRATION, Role.MANAGEMENT)
    facts = session.scalars(select(AuditEvent.facts).where(AuditEvent.event == "accounts.roles_changed")).all()
    assert {"before": ["management"], "after": ["administration", "management"]} in facts


@pytest.mark.usefixtures("app", "school")
def test_the_address_of_who_left_is_free_for_a_successor(mail_dir: Path) -> None:
    _, by = manager()
    left = make_account("Noor", "management", "teacher", email="info@example.org")
    end_member(left.id, by=by)
    [successor] = invite_members(read_people("Sam <info@example.org>"), frozenset({Role.TEACHER}), by=by)
    assert successor.id != left.id
    assert get_member(successor.id, SYSTEM).roles == (Role.TEACHER,)
    with pytest.raises(Invalid, match="address_taken"):
        let_member_return(left.id, frozenset({Role.TEACHER}), by=by)


@pytest.mark.usefixtures("app", "school")
def test_who_comes_back_starts_anew(mail_dir: Path) -> None:
    _, by = manager()
    left = make_account("Noor", "management", "teacher", email="terug@example.org")
    give_second_factor(left)
    end_member(left.id, by=by)
    with pytest.raises(Conflict, match="ended"):
        change_roles(left.id, frozenset({Role.TEACHER}), by=by)
    let_member_return(left.id, frozenset({Role.COACH}), by=by)
    member = get_member(left.id, SYSTEM)
    assert (member.roles, member.has_password, member.has_second_factor) == ((Role.COACH,), False, False)
    do_jobs()
    assert "/uitnodiging/" in mails(mail_dir, "terug@example.org")[-1].get_content()


@pytest.mark.usefixtures("school")
def test_the_last_manager_stays() -> None:
    account, by = manager("management", "teacher")
    with pytest.raises(Invalid, match="last_manager"):
        change_roles(account.id, frozenset({Role.TEACHER}), by=by)
    other = make_account("Tweede", "management", email="b@example.org")
    other_actor = actor_of(other.id, other.name, frozenset({"management"}))
    end_member(account.id, by=other_actor)
    with pytest.raises(Conflict, match="own_account"):
        end_member(other.id, by=other_actor)
    with pytest.raises(Conflict, match="last_manager"):
        end_member(other.id, by=by)


@pytest.mark.usefixtures("school")
def test_a_changed_role_counts_at_once_and_is_written_down() -> None:
    _, by = manager()
    teacher = make_account("Noor", "teacher")
    change_roles(teacher.id, frozenset({Role.ADMINISTRATION}), by=by)
    assert get_member(teacher.id, SYSTEM).roles == (Role.ADMINISTRATION,)
    change_roles(teacher.id, frozenset({Role.ADMINISTRATION, Role.TEACHER}), by=by)
    assert get_member(teacher.id, SYSTEM).roles == (Role.TEACHER, Role.ADMINISTRATION)
    changed = session.scalars(select(AuditEvent.facts).where(AuditEvent.event == "accounts.roles_changed")).all()
    assert {"before": ["teacher"], "after": ["administration"]} in changed


@pytest.mark.usefixtures("school")
def test_only_who_keeps_members_may() -> None:
    noor = make_account("Noor", "teacher")
    by = actor_of(noor.id, noor.name, frozenset({"teacher"}))
    assert not by.may(Permission.MEMBER_KEEP)
    with pytest.raises(NotAllowed):
        change_roles(noor.id, frozenset({Role.MANAGEMENT}), by=by)
    with pytest.raises(NotAllowed):
        invite_members(read_people("a@example.org"), frozenset({Role.TEACHER}), by=by)


@pytest.mark.usefixtures("school")
def test_a_learners_account_is_no_member() -> None:
    _, by = manager()
    amina = make_account("Amina", "learner", email="amina@example.org")
    with pytest.raises(NotFound):
        change_roles(amina.id, frozenset({Role.MANAGEMENT}), by=by)


def invite(client: PageClient, **given: Any) -> Any:
    return client.post("/medewerkers/uitnodigen", {"people": "Anna <anna@example.org>", "roles": "teacher", **given})


def test_the_pages_of_members(client: PageClient, sign_in: SignIn) -> None:
    own = sign_in(client, "management")
    assert "uitgenodigd tot" not in client.get("/medewerkers").get_data(as_text=True)
    client.get("/medewerkers/uitnodigen")
    for given, words in (
        ({"people": "Anna"}, "regel 1"),
        ({"roles": []}, "Kies ten minste"),
        ({"people": ""}, "Vul dit in"),
    ):
        refused = invite(client, **given)
        assert refused.status_code == 422
        assert words in refused.get_data(as_text=True)
    assert invite(client).status_code == 303
    text = client.get("/medewerkers").get_data(as_text=True)
    assert "anna@example.org" in text
    assert "uitgenodigd tot" in text
    with in_school(HERE):
        anna = find_by_email("anna@example.org")
        assert anna is not None
    page = client.get(f"/medewerkers/{anna.id}").get_data(as_text=True)
    assert "Nieuwe uitnodiging sturen" in page
    assert client.post(f"/medewerkers/{anna.id}/uitnodigen").status_code == 303
    assert client.post(f"/medewerkers/{anna.id}", {"roles": ["coach", "teacher"]}).status_code == 303
    with in_school(HERE):
        make_account("Tweede", "management", email="b@example.org")
    assert client.post(f"/medewerkers/{own.account_id}", {"roles": ["management", "coach"]}).status_code == 422
    assert client.post(f"/medewerkers/{own.account_id}/einde").status_code == 409


def test_ending_takes_effect_at_once(client: PageClient, sign_in: SignIn) -> None:
    teacher = PageClient(client.app, client.host)
    actor = sign_in(teacher, "teacher", name="Noor Bakker")
    assert teacher.get("/account").status_code == 200
    sign_in(client, "management")
    assert client.post(f"/medewerkers/{actor.account_id}/einde").status_code == 303
    assert teacher.get("/account").status_code == 303
    assert "1 medewerker van vroeger" in client.get("/medewerkers").get_data(as_text=True)
    page = client.get(f"/medewerkers/{actor.account_id}").get_data(as_text=True)
    assert " checked" not in page
    assert client.post(f"/medewerkers/{actor.account_id}/terug").status_code == 422
    assert client.post(f"/medewerkers/{actor.account_id}/terug", {"roles": "teacher"}).status_code == 303
    assert teacher.get("/account").status_code == 303


def test_a_member_who_lost_her_phone_is_helped_and_told(client: PageClient, sign_in: SignIn, mail_dir: Path) -> None:
    with in_school(HERE):
        noor = make_account("Noor Bakker", "teacher", email="kwijt@example.org")
        give_second_factor(noor)
        start_session(noor, has_second_factor=True, ip_address=None, browser=None)
    sign_in(client, "management")
    assert "Tweede stap uitzetten" in client.get(f"/medewerkers/{noor.id}").get_data(as_text=True)
    assert client.post(f"/medewerkers/{noor.id}/tweede-stap-weg").status_code == 303
    assert client.post(f"/medewerkers/{noor.id}/uitloggen").status_code == 303
    with in_school(HERE):
        assert get_member(noor.id, SYSTEM).has_second_factor is False
        do_jobs()
    assert "uitgezet" in mails(mail_dir, "kwijt@example.org")[-1]["Subject"]


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_officer"])
def test_other_roles_keep_no_members(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert client.get("/medewerkers").status_code == 403
    assert invite(client).status_code == 403


def test_another_schools_member_does_not_exist(client: PageClient, sign_in: SignIn) -> None:
    with in_school(THERE):
        theirs: UUID = make_account("Elders", "teacher").id
    sign_in(client, "management")
    assert client.get(f"/medewerkers/{theirs}").status_code == 404
    for act in ("", "/uitnodigen", "/einde", "/terug", "/uitloggen", "/tweede-stap-weg"):
        assert client.post(f"/medewerkers/{theirs}{act}", {"roles": "teacher"}).status_code == 404


def test_the_list_takes_as_many_statements_for_many(client: PageClient, sign_in: SignIn, count_statements: Any) -> None:
    sign_in(client, "management")
    with count_statements() as few:
        client.get("/medewerkers")
    with in_school(HERE):
        for number in range(12):
            make_account(f"Docent {number}", "teacher", email=f"d{number}@example.org", password=None)
    with count_statements() as many:
        client.get("/medewerkers")
    assert len(many) == len(few) <= 5
