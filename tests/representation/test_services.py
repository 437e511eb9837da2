"""Who acts for a learner: recorded with proof and an end, for one record at a time, a parent for one under 16."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.accounts.queries import get_account, get_found
from portal.accounts.sessions.services import start_session
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.representation.models import ProofKind, Representative, RepresentativeKind
from portal.representation.services import choose_whom, end_representative, last_day_as_child, record_representative
from tests.accounts.invitations.test_routes import mails
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn, put_cookie

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
PARENT, GUARDIAN, AUTHORISED, CURATOR, ADMINISTRATOR, MENTOR = RepresentativeKind
Clock = Callable[[datetime], None]


def office() -> Actor:
    account = make_account("Kim de Boer", "administration", email="kim@example.org")
    return actor_of(account.id, account.name, frozenset({"administration"}))


def child(**values: Any) -> Learner:
    return make_learner("Yara", "Yilmaz", birth_date=date(today().year - 12, 3, 1), **values)


def record(learner: Learner, by: Actor, **given: Any) -> Representative:
    facts = {
        "kind": AUTHORISED,
        "name": "Samira Yilmaz",
        "email": "samira@example.org",
        "proof": "Machtiging van 3 november gezien",
        "ends_on": today() + timedelta(days=90),
    }
    return record_representative(learner.id, by=by, **{**facts, **given})


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("app", "school")
def test_an_authorisation_holds_within_the_categories_that_were_chosen() -> None:
    by = office()
    within = record(make_learner(), by, categories=["level", "attendance"])

    assert within.categories == ["attendance", "level"]
    facts = session.scalars(
        select(AuditEvent.facts).where(AuditEvent.event == "representation.representative_recorded")
    ).one()
    assert facts["categories"] == ["attendance", "level"]
    with pytest.raises(Invalid, match="unknown_category"):
        record(make_learner("Bereket"), by, categories=["everything"])


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("app", "school")
def test_an_authorisation_is_recorded_with_proof_and_end_and_its_holder_invited(mail_dir: Path) -> None:
    learner, by = make_learner(), office()
    row = record(learner, by, email="Rep-Samira@example.org")
    assert (row.starts_on, row.ends_on) == (today(), today() + timedelta(days=90))
    assert row.recorded_by == by.account_id
    do_jobs()
    assert "/uitnodiging/" in mails(mail_dir, "rep-samira@example.org")[-1].get_content()
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.event == "representation.representative_recorded")
    ).all()
    assert [event.learner_ids for event in events] == [[learner.id]]


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("app", "school")
def test_nobody_lets_herself_act_for_a_learner() -> None:
    with pytest.raises(NotAllowed, match="own_account"):
        record(make_learner(), office(), email="kim@example.org")


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"proof": "  "}, "proof", "required"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on", "not_a_term"),
        ({"ends_on": date(2040, 1, 1)}, "ends_on", "not_a_term"),
        ({"kind": PARENT}, "kind", "not_a_child"),
        ({"email": "geen adres"}, "email", "not_an_email"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_refused(given: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record(make_learner(), office(), **given)
    assert (refusal.value.field, refusal.value.code) == (field, code)


@pytest.mark.promise("LL-04", part="signing in")
@pytest.mark.usefixtures("school")
def test_for_a_child_it_is_a_parent_or_guardian_until_she_turns_sixteen() -> None:
    learner, by = child(), office()
    with pytest.raises(Invalid, match="child_needs_parent"):
        record(learner, by)
    last = last_day_as_child(learner.birth_date or today())
    with pytest.raises(Invalid, match="after_sixteen"):
        record(learner, by, kind=PARENT, ends_on=last + timedelta(days=1))
    record(learner, by, kind=PARENT, ends_on=last)
    record(learner, by, kind=GUARDIAN, email="voogd@example.org")


def seen(**given: Any) -> dict[str, Any]:
    return {"proof": "", "proof_kind": ProofKind.EXTRACT, "seen_on": today(), **given}


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_of_whom_a_court_appointed_it_is_kept_who_saw_what_and_when_and_nothing_else() -> None:
    learner, by = make_learner(), office()
    helper = record(learner, by)
    row = record(learner, by, kind=CURATOR, email="curator@example.org", **seen())

    assert (row.proof_kind, row.seen_on, row.seen_by, row.seen_by_name) == (
        ProofKind.EXTRACT,
        today(),
        by.account_id,
        by.name,
    )
    assert row.categories == []
    assert helper.ended_at is not None  # BW 3:72: what she authorised others to ends with it


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"kind": CURATOR, "proof_kind": None}, "proof_kind", "required"),
        ({"kind": CURATOR, "seen_on": None}, "seen_on", "not_seen_then"),
        ({"kind": CURATOR, "seen_on": date(2040, 1, 1)}, "seen_on", "not_seen_then"),
        ({"kind": MENTOR}, "categories", "part_required"),
        ({"kind": MENTOR, "categories": ["finance"]}, "categories", "beyond_kind"),
        ({"kind": ADMINISTRATOR, "categories": ["finance", "attendance"]}, "categories", "beyond_kind"),
        ({"kind": GUARDIAN}, "kind", "not_a_child"),
    ],
)
def test_an_appointment_goes_no_further_than_its_kind(given: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record(make_learner(), office(), **seen(**given))
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_one_born_on_the_29th_of_february_is_a_child_until_the_28th() -> None:
    assert last_day_as_child(date(2012, 2, 29)) == date(2028, 2, 28)
    assert last_day_as_child(date(2010, 2, 28)) == date(2026, 2, 27)


@pytest.mark.usefixtures("school")
def test_a_teacher_records_nobody() -> None:
    account = make_account()
    with pytest.raises(NotAllowed):
        record(make_learner(), actor_of(account.id, "Noor", frozenset({"teacher"})))


def entered(client: PageClient, account_id: Any) -> None:
    with in_school(HERE):
        account = session.get_one(Account, (HERE, account_id))
        token = start_session(account, has_second_factor=False, ip_address=None, browser=None)
    put_cookie(client, token)


def is_in(client: PageClient) -> bool:
    return bool(client.get("/account").status_code == 200)


@pytest.mark.promise("LB-11", part="representative")
def test_she_is_in_until_the_last_day_and_out_the_day_after(client: PageClient, database: Any, clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    with in_school(HERE):
        row = record(make_learner(), office())
    clock(start + timedelta(days=90))
    entered(client, row.account_id)
    assert is_in(client)
    clock(start + timedelta(days=90, minutes=50))
    assert is_in(client)
    clock(start + timedelta(days=91))
    assert not is_in(client)
    entered(client, row.account_id)
    assert not is_in(client)
    with in_school(HERE):
        assert not get_found(get_account(row.account_id, SYSTEM)).roles


@pytest.mark.promise("LB-11", part="representative")
def test_ended_by_the_school_she_is_out_at_once(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner()
        row = record(learner, office())
    entered(client, row.account_id)
    assert is_in(client)
    staff = PageClient(client.app, client.host)
    sign_in(staff, "administration")
    staff.get(f"/cursisten/{learner.id}/toegang")
    path = f"/cursisten/{learner.id}/vertegenwoordigers/{row.id}/einde"
    assert staff.post(path).status_code == 303
    assert not is_in(client)
    assert staff.post(path).status_code == 409


@pytest.mark.promise("LL-04", part="signing in")
def test_a_parent_is_out_once_the_birth_date_shows_that_the_child_is_sixteen(client: PageClient, database: Any) -> None:
    with in_school(HERE):
        learner = child()
        row = record(learner, office(), kind=PARENT)
    entered(client, row.account_id)
    assert is_in(client)
    with in_school(HERE):
        session.execute(update(Learner).where(Learner.id == learner.id).values(birth_date=date(1999, 1, 1)))
    assert not is_in(client)


@pytest.mark.promise("LL-04", part="signing in")
def test_a_child_with_an_account_of_her_own_does_not_get_in(client: PageClient, database: Any) -> None:
    with in_school(HERE):
        account = make_account("Yara Yilmaz", "learner", email="yara@example.org")
        child(account_id=account.id)
    entered(client, account.id)
    assert not is_in(client)


@pytest.mark.promise("LB-11", part="representative")
def test_who_represents_two_chooses_and_sees_one_at_a_time(client: PageClient, database: Any) -> None:
    with in_school(HERE):
        by = office()
        first, second = make_learner("Amina", "Yilmaz"), make_learner("Bilal", "Kaya")
        stranger = make_learner("Cem", "Demir")
        row = record(first, by)
        assert record(second, by).account_id == row.account_id
    entered(client, row.account_id)
    assert client.get("/mijn/gegevens").headers["Location"] == "/namens?terug=/mijn/gegevens"
    text = client.get("/namens").get_data(as_text=True)
    assert "Amina Yilmaz" in text
    assert "Cem Demir" not in text
    assert client.post("/namens", {"cursist": str(stranger.id)}).status_code == 422
    assert client.post("/namens", {"cursist": ""}).status_code == 422
    assert client.post("/namens", {"cursist": str(second.id)}).status_code == 303
    with in_school(HERE):
        chosen = session.scalars(
            select(AuditEvent.learner_ids).where(AuditEvent.event == "representation.whom_chosen")
        ).all()
        assert chosen == [[second.id]]
    shown = client.get("/mijn/gegevens").get_data(as_text=True)
    assert "Bilal" in shown
    assert "Amina" not in shown


@pytest.mark.usefixtures("school")
def test_nobody_chooses_a_learner_whom_she_does_not_represent() -> None:
    with pytest.raises(NotAllowed):
        choose_whom(make_learner().id, make_learner().id, allowed=frozenset(), by=PORTAL)


@pytest.mark.usefixtures("school")
def test_one_account_keeps_its_role_as_long_as_the_longest_authorisation() -> None:
    by = office()
    first, second = make_learner(), make_learner()
    short = record(first, by, ends_on=today() + timedelta(days=5))
    long = record(second, by, ends_on=today() + timedelta(days=50))
    assert short.account_id == long.account_id
    end_representative(second.id, long.id, by=by)
    assert get_found(get_account(short.account_id, SYSTEM)).roles
    end_representative(first.id, short.id, by=by)
    assert not get_found(get_account(short.account_id, SYSTEM)).roles
    with pytest.raises(Conflict):
        end_representative(first.id, short.id, by=by)
    with pytest.raises(NotFound):
        end_representative(second.id, short.id, by=by)


def test_the_page_says_what_is_wrong_and_records(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = child()
    sign_in(client, "administration")
    assert "jonger dan 16" in client.get(f"/cursisten/{learner.id}/toegang").get_data(as_text=True)
    path = f"/cursisten/{learner.id}/vertegenwoordigers/nieuw"
    client.get(path)
    given = {
        "kind": "authorised",
        "name": "Samira",
        "email": "s@example.org",
        "proof": "gezien",
        "ends_on": "2026-12-31",
    }
    refused = client.post(path, given)
    assert refused.status_code == 422
    assert "Alleen een ouder of voogd" in refused.get_data(as_text=True)
    missing = client.post(path, {**given, "kind": "parent", "proof": ""})
    assert missing.status_code == 422
    ends_on = (today() + timedelta(days=30)).isoformat()
    assert client.post(path, {**given, "kind": "parent", "ends_on": ends_on}).status_code == 303
    assert "Samira" in client.get(f"/cursisten/{learner.id}/toegang").get_data(as_text=True)


def test_another_schools_learner_does_not_exist(client: PageClient, sign_in: SignIn) -> None:
    with in_school(THERE):
        theirs = make_learner()
    sign_in(client, "administration")
    for path in ("toegang", "vertegenwoordigers/nieuw"):
        assert client.get(f"/cursisten/{theirs.id}/{path}").status_code == 404
