"""Inviting learners: by e-mail through the worker, by printed letters, and never one under 16."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.accounts.invitations.services import accept_code
from portal.accounts.models import Account, LinkKind, SignInLink
from portal.accounts.queries import list_sessions
from portal.accounts.sessions.services import start_session
from portal.core.audit.queries import list_of_learner
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.invitations.queries import Way, find_invitable, list_invitable
from portal.learners.invitations.services import (
    end_access,
    invite_by_email,
    let_in_again,
    print_letters,
    send_invitations,
)
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from tests.accounts.invitations.test_routes import NEW, mails
from tests.factories.accounts import make_account
from tests.factories.courses import make_group
from tests.factories.learners import make_enrolment, make_learner
from tests.jobs import FAULT, do_jobs, fail_job
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id


def office() -> Actor:
    account = make_account("Kim de Boer", "administration", email="kim@example.org")
    return actor_of(account.id, account.name, frozenset({"administration"}))


def child() -> Learner:
    return make_learner("Yara", "Yilmaz", birth_date=date(today().year - 12, 3, 1), email="yara@example.org")


def way_of(learner: Learner) -> Way:
    return find_invitable([learner.id], SYSTEM)[0].way


@pytest.mark.usefixtures("school")
def test_the_way_follows_from_age_and_address() -> None:
    own = make_learner(email="Own@example.org")
    none = make_learner()
    first, second = make_learner(email="samen@example.org"), make_learner(email="Samen@example.org")
    make_account("Docent", "teacher", email="docent@example.org")
    taken = make_learner(email="docent@example.org")
    ways = [way_of(each) for each in (own, none, first, second, taken, child())]
    assert ways == [Way.EMAIL, Way.LETTER, Way.LETTER, Way.LETTER, Way.LETTER, Way.PARENT]


@pytest.mark.usefixtures("app", "school")
def test_two_hundred_are_invited_at_once_by_the_worker(mail_dir: Path) -> None:
    by = office()
    ids = [make_learner(email=f"inv{number}@example.org").id for number in range(200)]
    invite_by_email(ids, by=by)
    assert session.scalar(select(func.count()).where(SignInLink.kind == LinkKind.INVITATION)) == 0
    do_jobs("learners.send_invitations")
    assert session.scalar(select(func.count()).where(SignInLink.kind == LinkKind.INVITATION)) == 200
    accounts = set(session.scalars(select(Learner.account_id).where(Learner.id.in_(ids))))
    assert len(accounts) == 200
    assert None not in accounts
    with pytest.raises(Invalid, match="too_many"):
        invite_by_email([*ids, make_learner(email="een-te-veel@example.org").id], by=by)


def test_the_page_follows_the_worker(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner(email="volg@example.org")
    sign_in(client, "administration")
    client.get("/cursisten/uitnodigen")
    where = client.post("/cursisten/uitnodigen", {"cursist": str(learner.id)}).headers["Location"]
    assert "wacht op zijn beurt" in client.get(where).get_data(as_text=True)
    with in_school(HERE):
        do_jobs()
    part = client.get(where, htmx=True).get_data(as_text=True)
    assert part.lstrip().startswith('<div class="job" id="invitations"')
    assert "1 uitnodiging verstuurd" in part
    assert "uitgenodigd tot" in client.get("/cursisten/uitnodigen").get_data(as_text=True)


def test_invitations_that_the_worker_gave_up_on_say_so_with_a_number(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner(email="volg@example.org")
    sign_in(client, "administration")
    client.get("/cursisten/uitnodigen")
    where = client.post("/cursisten/uitnodigen", {"cursist": str(learner.id)}).headers["Location"]
    with in_school(HERE):
        fail_job(UUID(urlsplit(where).path.rpartition("/")[2]))

    assert FAULT in client.get(where, htmx=True).get_data(as_text=True)


@pytest.mark.usefixtures("app", "school")
def test_inviting_twice_makes_one_account_and_the_first_link_worthless(mail_dir: Path) -> None:
    by = office()
    learner = make_learner(email="tweemaal@example.org")
    for _ in range(2):
        invite_by_email([learner.id], by=by)
        do_jobs()
    links = [re.findall(r"/uitnodiging/\S+", mail.get_content()) for mail in mails(mail_dir, "tweemaal@example.org")]
    assert len({link for found in links for link in found}) == 2
    assert session.scalar(select(func.count()).where(Account.email == "tweemaal@example.org")) == 1
    open_links = select(func.count()).where(SignInLink.kind == LinkKind.INVITATION, SignInLink.used_at.is_(None))
    assert session.scalar(open_links) == 1


@pytest.mark.promise("LL-04", part="signing in")
@pytest.mark.promise("LL-12")
@pytest.mark.usefixtures("school")
def test_one_under_sixteen_is_not_invited_and_the_parent_is_asked_for() -> None:
    by = office()
    young, grown = child(), make_learner(email="grown@example.org")
    for invite in (invite_by_email, print_letters):
        with pytest.raises(Invalid, match="nobody_by"):
            invite([young.id], by=by)
    asked = invite_by_email([grown.id, young.id], by=by)
    letters, left_out = print_letters([grown.id, young.id], by=by)
    assert asked.arguments == {"learner_ids": [str(grown.id)]}
    assert [each.name for each in letters] == [grown.full_name]
    assert [(each.name, each.why_no_letter) for each in left_out] == [("Yara Yilmaz", "parent")]
    assert session.get_one(Learner, (HERE, young.id)).account_id is None


@pytest.mark.promise("LL-12")
def test_the_page_asks_for_the_parent(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        young = child()
    sign_in(client, "administration")
    text = client.get("/cursisten/uitnodigen").get_data(as_text=True)
    assert "de ouder logt in" in text
    assert f'value="{young.id}"' not in text
    for path in ("/cursisten/uitnodigen", "/cursisten/uitnodigen/brieven"):
        refused = client.post(path, {"cursist": str(young.id)})
        assert refused.status_code == 422
        assert "jonger dan 16: leg de ouder vast" in refused.get_data(as_text=True)


def test_nobody_is_ticked_and_what_is_sent_is_confirmed_first(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        ids = [str(make_learner(email=f"vink{number}@example.org").id) for number in range(3)]
        without = make_learner("Chen", "Wu")
    sign_in(client, "administration")
    assert " checked" not in client.get("/cursisten/uitnodigen").get_data(as_text=True)
    checked = client.post("/cursisten/uitnodigen/nakijken", {"cursist": [*ids, str(without.id)]})
    text = checked.get_data(as_text=True)
    assert checked.status_code == 200
    assert "Verstuur 3 e-mails" in text
    assert re.search("Chen Wu</bdi>: geen eigen e-mailadres", text)
    with in_school(HERE):
        assert do_jobs("learners.send_invitations") == []
    sent = client.post("/cursisten/uitnodigen", {"cursist": [*ids, str(without.id)]})
    assert "1 cursist krijgt geen e-mail" in client.get(sent.headers["Location"]).get_data(as_text=True)
    with in_school(HERE):
        do_jobs("learners.send_invitations")
        invited = select(func.count()).where(SignInLink.kind == LinkKind.INVITATION)
        assert session.scalar(invited) == 3


def test_who_cannot_be_reached_is_listed_once_and_stops_nobody(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        ended = make_account("Weg", "learner", email="weg@example.org")
        ended.ended_at = now()
        make_account("Iemand", "learner", email="iemand@example.org", number="B7")
        learners = {
            "brief": make_learner("Brief"),
            "Yara Yilmaz</bdi>: jonger dan 16": child(),
            "Weg Yilmaz</bdi>: de toegang is beëindigd": make_learner("Weg", "Yilmaz", account_id=ended.id),
            "Zeven Yilmaz</bdi>: een ander account gebruikt dit nummer": make_learner("Zeven", "Yilmaz", number="B7"),
        }
    sign_in(client, "administration")
    printed = client.post(
        "/cursisten/uitnodigen/brieven", {"cursist": [str(each.id) for each in learners.values()]}
    ).get_data(as_text=True)
    assert printed.count('<section class="card">') == 1
    assert "3 cursisten doen niet mee" in printed
    assert all(words in printed for words in list(learners)[1:])


@pytest.mark.usefixtures("app", "school")
def test_a_number_that_is_freed_is_free_to_sign_in_with() -> None:
    by, first = office(), make_learner(number="C100")
    print_letters([first.id], by=by)
    change_learner(first.id, {"learner.number": "C200"}, source=Source.SCHOOL, by=by)
    second = make_learner(number="C100")
    [letter], _left = print_letters([second.id], by=by)
    account = accept_code("C100", letter.code, NEW["password"], "nl")
    assert account.id == session.get_one(Learner, (HERE, second.id)).account_id
    numbers = select(Account.sign_in_number).where(Account.id.in_([first.account_id, second.account_id]))
    assert set(session.scalars(numbers)) == {"C100", "C200"}


@pytest.mark.usefixtures("school")
def test_what_an_ended_account_was_called_is_free_and_who_comes_back_leaves_it_to_the_other() -> None:
    by = office()
    gone = make_account("Amina", "learner", email="vrij@example.org", number="D1")
    before = make_learner("Amina", number="D2", account_id=gone.id)
    end_access(before.id, by=by)
    another = make_learner("Bo", email="vrij@example.org", number="D1")
    assert way_of(another) is Way.EMAIL
    print_letters([another.id], by=by)
    send_invitations([another.id], by=by, progress=lambda _done, _total: None)
    let_in_again(before.id, by=by)
    assert (gone.is_in_force, gone.email, gone.sign_in_number) == (True, None, "D2")


def test_a_letter_lets_a_learner_without_an_address_in(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz", number="A100")
    sign_in(client, "administration")
    client.get("/cursisten/uitnodigen")
    text = client.post("/cursisten/uitnodigen/brieven", {"cursist": str(learner.id)}).get_data(as_text=True)
    code = re.search(r'<bdi class="code">((?:\w{4}-){2}\w{4})</bdi>', text)
    assert code
    assert "A100" in text
    assert 'src="data:image/svg+xml' in text
    own = PageClient(client.app, client.host)
    own.get("/eerste-keer")
    given = {**NEW, "number": "A100", "code": code[1]}
    assert own.post("/eerste-keer", given).status_code == 303
    assert own.get("/account").status_code == 200
    own.post("/uitloggen")
    own.get("/aanmelden")
    assert own.post("/aanmelden", {"name": "a100", "password": NEW["password"]}).status_code == 303
    assert "Amina Yilmaz" not in client.get("/cursisten/uitnodigen").get_data(as_text=True)


@pytest.mark.usefixtures("school")
def test_a_newer_letter_makes_the_older_worthless_and_helps_who_forgot_her_password() -> None:
    by, learner = office(), make_learner()
    [first], _left = print_letters([learner.id], by=by)
    [second], _left = print_letters([learner.id], by=by)
    assert first.code != second.code
    assert first.number == second.number == learner.number
    open_links = select(func.count()).where(SignInLink.kind == LinkKind.FIRST_CODE, SignInLink.used_at.is_(None))
    assert session.scalar(open_links) == 1


@pytest.mark.usefixtures("school")
def test_the_log_says_who_invited_whom() -> None:
    by, learner = office(), make_learner(email="gelogd@example.org")
    invite_by_email([learner.id], by=by)
    [entry] = [each for each in list_of_learner(learner.id) if each.event == "learners.invitations_asked"]
    assert (entry.actor_id, entry.learner_ids) == (by.account_id, (learner.id,))


@pytest.mark.usefixtures("app", "school")
def test_a_letter_for_who_has_a_password_ends_her_sessions_and_tells_her(mail_dir: Path) -> None:
    account = make_account("Amina", "learner", email="letter@example.org", number="A200")
    learner = make_learner(account_id=account.id, number="A200")
    start_session(account, has_second_factor=False, ip_address=None, browser=None)
    [letter], _left = print_letters([learner.id], by=office())

    accept_code(letter.number, letter.code, NEW["password"], "nl")

    assert list_sessions(account.id, SYSTEM) == []
    do_jobs()
    assert "wachtwoord" in mails(mail_dir, "letter@example.org")[-1]["Subject"].lower()


@pytest.mark.usefixtures("school")
def test_only_those_of_a_group_are_listed_when_one_is_chosen() -> None:
    group = make_group()
    inside, before, outside = make_learner(), make_learner(), make_learner()
    make_enrolment(inside, group)
    make_enrolment(before, group, ends_on=today() - timedelta(days=1))
    assert [each.id for each in list_invitable(group.id, SYSTEM, most=50)] == [inside.id]
    assert {each.id for each in list_invitable(None, SYSTEM, most=50)} >= {inside.id, before.id, outside.id}


@pytest.mark.usefixtures("school")
def test_only_who_invites_may() -> None:
    account = make_account()
    teacher = actor_of(account.id, "Noor", frozenset({"teacher"}))
    learner = make_learner(email="x@example.org")
    for invite in (invite_by_email, print_letters):
        with pytest.raises(NotAllowed):
            invite([learner.id], by=teacher)
        with pytest.raises(Invalid, match="nobody"):
            invite([], by=office_like(account))


def office_like(account: Account) -> Actor:
    return actor_of(account.id, account.name, frozenset({"administration"}))


def test_access_is_ended_and_given_back(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner()
        by = office()
        with pytest.raises(NotFound):
            end_access(learner.id, by=by)
    actor = sign_in(client, "learner", learner=learner)
    assert client.get("/account").status_code == 200
    with in_school(HERE):
        end_access(learner.id, by=by)
    assert client.get("/account").status_code == 303
    with in_school(HERE):
        let_in_again(learner.id, by=by)
        assert session.get_one(Account, (HERE, actor.account_id)).ended_at is None


@pytest.mark.promise("LL-04", part="signing in")
@pytest.mark.usefixtures("school")
def test_one_under_sixteen_is_not_let_in_again() -> None:
    by = office()
    account = make_account("Yara", "learner", email="yara@example.org")
    account.ended_at = now()
    young = child()
    young.account_id = account.id
    session.flush()
    with pytest.raises(Conflict, match="ask_the_parent"):
        let_in_again(young.id, by=by)
    assert account.ended_at is not None


def test_another_schools_learner_is_not_invited(client: PageClient, sign_in: SignIn) -> None:
    with in_school(THERE):
        theirs = make_learner(email="elders@example.org")
    sign_in(client, "administration")
    client.get("/cursisten/uitnodigen")
    for path in ("/cursisten/uitnodigen", "/cursisten/uitnodigen/nakijken", "/cursisten/uitnodigen/brieven"):
        assert client.post(path, {"cursist": str(theirs.id)}).status_code == 404
        assert client.post(path, {"cursist": "geen-id"}).status_code == 404


def test_the_list_takes_as_many_statements_for_many(client: PageClient, sign_in: SignIn, count_statements: Any) -> None:
    with in_school(HERE):
        make_learner()
    sign_in(client, "administration")
    with count_statements() as few:
        client.get("/cursisten/uitnodigen")
    with in_school(HERE):
        for number in range(20):
            make_learner(email=f"veel{number}@example.org")
    with count_statements() as many:
        client.get("/cursisten/uitnodigen")
    assert len(many) == len(few) <= 6


def test_who_is_invited_is_compared_with_who_sounds_the_same(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    with in_school(HERE):
        born = date(1990, 9, 1)
        invited = make_learner("Fatma", "Darwisch", birth_date=born, email="fatma@example.org")
        make_learner("Fatima", "Darwish", number="501", birth_date=born)
        make_learner("Fatima", "Darwiche", number="502", birth_date=date(1991, 9, 1))
        ids = [str(invited.id)]
    text = client.post("/cursisten/uitnodigen/nakijken", {"cursist": ids}).get_data(as_text=True)
    assert "Deze namen klinken hetzelfde" in text
    assert "Fatima Darwish" in text
    assert "Fatima Darwiche" not in text
