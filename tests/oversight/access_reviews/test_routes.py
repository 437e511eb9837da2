"""Each quarter management goes through who can reach what, ends what isn't needed, and signs; it stays as signed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal.accounts.models import Account, Membership
from portal.accounts.queries import has_role
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.oversight.access_reviews.models import AccessReview
from portal.oversight.access_reviews.queries import get_review
from portal.permissions import Role
from tests.conftest import school_id
from tests.factories.courses import make_group, make_teacher_of
from tests.factories.oversight import filled_in, make_review
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
THERE = school_id("meester-in-nt2")
PATH = "/toegangscontrole"
FORM = f"{PATH}/nieuw"
DAY = timedelta(days=1)


@pytest.fixture
def manager(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "management", name="Dina Bos")


@pytest.fixture
def teacher(database: Any) -> Account:
    with in_school(HERE):
        made = make_account("Tess Visser", "teacher")
        make_teacher_of(make_group("Ochtend A2"), made)
        return made


def form(**changes: str) -> dict[str, str]:
    with in_school(HERE):
        return filled_in(**changes)


def count() -> int:
    with in_school(HERE):
        return session.scalar(select(func.count()).select_from(AccessReview)) or 0


def role_of(account: Account) -> Membership:
    with in_school(HERE):
        return session.scalars(select(Membership).where(Membership.account_id == account.id)).one()


def _says_signed(page: str) -> bool:
    """Say whether a page says that Dina Bos signed."""
    return re.search(r"Ondertekend door <bdi[^>]*>Dina Bos</bdi>", page) is not None


@pytest.mark.promise("OP-09", part="reviewed")
def test_management_sees_who_reaches_what_ends_a_role_and_signs(
    client: PageClient, manager: Actor, teacher: Account
) -> None:
    page = client.get(FORM).text
    for said in ("Tess Visser", "Ochtend A2", "Dina Bos", "opent 7 soorten gegevens", "Wat elke rol opent"):
        assert said in page

    answer = client.post(FORM, form(**{f"{teacher.id}-teacher-decision": "stopt"}))

    assert answer.status_code == 303
    with in_school(HERE):
        assert not has_role(teacher.id, Role.TEACHER, SYSTEM)
    signed = client.get(answer.location).text
    assert _says_signed(signed)
    assert "Tess Visser" in signed
    assert "gestopt" in signed
    assert "Ochtend A2" in signed
    with in_school(HERE):
        facts = session.scalars(select(AuditEvent).where(AuditEvent.event == "oversight.access_reviewed")).one().facts
        assert facts["ended"] == 1
        assert session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "accounts.role_ended")
        )


def test_a_role_that_ended_opens_nothing_at_once_and_one_with_a_last_day_after_it(
    client: PageClient, manager: Actor, teacher: Account, app: Any, sign_in: SignIn
) -> None:
    hers = PageClient(app, client.host)
    sign_in(hers, "teacher", account=teacher)
    last = (today() + 2 * DAY).isoformat()
    name = f"{teacher.id}-teacher"
    assert client.post(FORM, form(**{f"{name}-decision": "stopt-op", f"{name}-ends_on": last})).status_code == 303
    assert hers.get("/vandaag").status_code == 200
    assert role_of(teacher).ends_on == today() + 2 * DAY
    with in_school(HERE):
        row = session.get_one(Membership, (HERE, role_of(teacher).id))
        row.starts_on, row.ends_on = today() - 9 * DAY, today() - DAY  # two days later
    assert hers.get("/vandaag").status_code == 303


@pytest.mark.promise("LL-17", part="attested")
def test_measures_that_no_software_enforces_are_attested_and_one_that_lacks_says_what_is_done(
    client: PageClient, manager: Actor
) -> None:
    assert "Het kantoor gaat op slot als er niemand is." in client.get(FORM).text
    lacking = form(**{"cabinet-answer": "nee"})
    answer = client.post(FORM, lacking)
    assert (answer.status_code, count()) == (422, 0)
    assert "Schrijf op wat de school eraan doet." in answer.text
    missing = form()
    del missing["wifi-answer"]
    assert (client.post(FORM, missing).status_code, count()) == (422, 0)

    answer = client.post(FORM, {**lacking, "cabinet-note": "De kast met slot komt 1 maart."})

    assert answer.status_code == 303
    assert "De kast met slot komt 1 maart." in client.get(answer.location).text


def test_nothing_is_signed_without_a_decision_on_each_role_and_the_tick(
    client: PageClient, manager: Actor, teacher: Account
) -> None:
    name = f"{teacher.id}-teacher"
    for wrong, said in (
        ({"confirmed": ""}, "Zet een vinkje"),
        ({f"{name}-decision": ""}, "Kies of deze rol blijft of stopt."),
        ({f"{name}-decision": "misschien"}, "Kies een van de mogelijkheden."),
        ({f"{name}-decision": "stopt-op"}, "Kies de laatste dag."),
        ({f"{name}-decision": "stopt-op", f"{name}-ends_on": (today() - DAY).isoformat()}, "Deze dag is geweest."),
        ({f"{name}-decision": "stopt-op", f"{name}-ends_on": "2199-01-01"}, "Kies een dag binnen een jaar."),
        ({f"{name}-decision": "stopt-op", f"{name}-ends_on": "geen dag"}, ""),
        ({"office-note": "x" * 501}, ""),
        ({f"{manager.account_id}-management-decision": "stopt"}, "Dit is de laatste met de rol directie."),
    ):
        answer = client.post(FORM, form(**wrong))
        assert answer.status_code == 422, wrong
        assert said in answer.text
        assert count() == 0
    assert role_of(teacher).ends_on is None
    kept = client.post(FORM, form(**{"confirmed": "", "office-note": "Slot vervangen."})).text
    assert "Slot vervangen." in kept


def test_a_form_from_before_a_change_is_refused_and_says_what_changed(
    client: PageClient, manager: Actor, teacher: Account
) -> None:
    shown = form()
    with in_school(HERE):
        make_account("Nieuwe Noor", "coach")
        session.delete(session.scalars(select(Membership).where(Membership.account_id == teacher.id)).one())

    answer = client.post(FORM, shown)

    assert (answer.status_code, count()) == (409, 0)
    assert "Nieuwe Noor</bdi>: begeleider is erbij gekomen" in answer.text
    assert "Tess Visser</bdi>: docent geldt niet meer" in answer.text
    assert client.post(FORM, form()).status_code == 303


def test_a_form_that_names_an_account_of_another_school_finds_nothing(client: PageClient, manager: Actor) -> None:
    with in_school(THERE):
        other = make_account("Elders", "teacher")
    for seen in (f"{other.id}/teacher/2026-01-01/", "geen-id/teacher/2026-01-01/", "x", "\x00"):
        assert client.post(FORM, form(seen=seen)).status_code in {404, 409}
    assert count() == 0


def test_sent_twice_it_is_signed_once(client: PageClient, manager: Actor) -> None:
    filled = form()
    assert [client.post(FORM, filled).status_code for _ in range(2)] == [303, 303]
    assert count() == 1


@pytest.mark.promise("OP-09", part="reviewed")
def test_what_was_signed_can_not_be_changed(client: PageClient, manager: Actor) -> None:
    with in_school(HERE):
        review = make_review(manager)
    for table, what in (
        ("access_review", "ended = 5"),
        ("access_review_role", "is_kept = false"),
        ("access_review_measure", "is_in_place = false"),
    ):
        with pytest.raises(Exception, match="permission denied"), in_school(HERE):
            session.execute(text(f"update {table} set {what}"))
    with in_school(HERE):
        assert get_review(review.id, SYSTEM).review.ended == 0


@pytest.mark.promise("OP-09", part="reviewed")
@pytest.mark.parametrize("role", ["management", "privacy_staff", "privacy_officer"])
def test_a_quarter_without_one_asks_attention(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], role: str
) -> None:
    by = sign_in(client, role)
    assert "nog nooit gedaan" in client.get("/vandaag").text
    with in_school(HERE):
        make_review()
    with count_statements() as statements:
        page = client.get("/vandaag").text
    assert '<a class="row-link" href="/toegangscontrole">' not in page
    assert sum("access_review" in str(each) for each in statements) == 1
    with in_school(HERE):
        row = session.scalars(select(AccessReview)).one()
        _sign_earlier(row, 100)
    assert "te laat" in client.get("/vandaag").text
    assert "De controle is te laat." in client.get(PATH).text
    assert by.account_id is not None


def _sign_earlier(row: AccessReview, days: int) -> None:
    """Let a review have been signed so many days earlier: by the tables' owner, since the application can't."""
    key = {"school_id": row.school_id, "id": row.id}
    moment, by = row.signed_at - timedelta(days=days), row.signed_by_name
    people, roles, ended = row.people, row.roles, row.ended
    session.delete(row)
    session.flush()
    session.expunge_all()
    session.add(AccessReview(**key, signed_at=moment, signed_by_name=by, people=people, roles=roles, ended=ended))
    session.flush()


@pytest.mark.parametrize("role", ["teacher", "coach", "administration"])
def test_nobody_else_sees_it(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    with in_school(HERE):
        review = make_review()
    assert [client.get(path).status_code for path in (PATH, FORM, f"{PATH}/{review.id}")] == [403, 403, 403]
    assert "Controle van toegang" not in client.get("/vandaag").text


@pytest.mark.parametrize("role", ["privacy_staff", "privacy_officer"])
def test_who_watches_over_privacy_sees_what_was_signed_and_signs_nothing(
    client: PageClient, sign_in: SignIn, role: str
) -> None:
    sign_in(client, role)
    with in_school(HERE):
        review = make_review()
    assert "Dina Bos" in client.get(PATH).text
    assert _says_signed(client.get(f"{PATH}/{review.id}").text)
    assert client.get(FORM).status_code == 403
    assert client.post(FORM, form()).status_code == 403
    assert count() == 1


def test_the_number_of_statements_does_not_grow_with_the_people(
    client: PageClient, manager: Actor, count_statements: Callable[[], Any]
) -> None:
    client.get(FORM)
    with count_statements() as few:
        client.get(FORM)
    with in_school(HERE):
        for number in range(6):
            make_teacher_of(make_group(), make_account(f"Docent {number}", "teacher", "coach"))
    with count_statements() as many:
        client.get(FORM)
    assert len(many) == len(few)
    assert Role.TEACHER.value in client.get(FORM).text
