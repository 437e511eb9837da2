"""A version is announced from a page: the file, what it changes, a second look; nothing before that is stored."""

from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.policy.announcements.models import PolicyAnnouncement
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.policy import publish, shipped_text, varied
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

ADDRESS = "/privacyverklaring/nieuw"
ANNOUNCE = f"{ADDRESS}/aankondigen"
HERE = school_id("lest-best")
VALUES = {"version": "2026", "purposes.survey.question": {"nl": "Mag het bureau u bellen?"}}


@pytest.fixture
def desk(client: PageClient, sign_in: SignIn, school: SchoolView) -> PageClient:
    sign_in(client, "management")
    return client


def look(desk: PageClient, text: str, *, days: int = 9, **given: Any) -> Any:
    day = (today() + timedelta(days=days)).isoformat()
    return desk.post(ADDRESS, {"text": text, "in_force_on": day, **given})


def announced() -> list[PolicyAnnouncement]:
    with in_school(HERE):
        return list(session.scalars(select(PolicyAnnouncement)))


def said(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


@pytest.mark.promise("LL-01", part="told first")
def test_it_is_announced_after_a_second_look_and_once(desk: PageClient) -> None:
    checked = look(desk, varied("lest-best", VALUES), summary="Een bureau belt.")
    text = said(checked)
    assert checked.status_code == 200
    for expected in ("belangrijke wijziging", "Wat er verandert", "opnieuw gevraagd", "Een bureau belt."):
        assert expected in text
    assert announced() == []

    hidden = hidden_in(checked, ANNOUNCE)
    assert desk.post(ANNOUNCE, hidden).status_code == 422
    assert announced() == []
    for _ in range(2):
        assert desk.post(ANNOUNCE, {**hidden, "has_looked": "y"}).status_code == 303

    [row] = announced()
    assert (row.version, row.is_important, row.asked_anew, row.summary) == (
        "2026",
        True,
        ["survey"],
        "Een bureau belt.",
    )
    with in_school(HERE):
        entries = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "policy.announced")
        assert session.scalar(entries) == 1
    assert "is al aangekondigd" in said(look(desk, varied("lest-best", {**VALUES, "version": "2027"})))


def test_a_form_of_before_another_version_shows_what_changes_anew(desk: PageClient) -> None:
    hidden = hidden_in(look(desk, varied("lest-best", VALUES)), ANNOUNCE)
    with in_school(HERE):
        publish(varied("lest-best", {"version": "2025", "controller.city": "Zeist"}))
    answer = desk.post(ANNOUNCE, {**hidden, "has_looked": "y"})
    assert answer.status_code == 422
    assert "Er geldt intussen een andere versie" in said(answer)
    assert announced() == []
    assert desk.post(ANNOUNCE, {**hidden, "follows": "x", "has_looked": "y"}).status_code == 422


@pytest.mark.parametrize(
    "text",
    ["", "version = ", "version = 2026\n[[[", "a = " + "[" * 3000, "a = " + "9" * 6000, ".".join("a" * 5000) + " = 1"],
)
def test_what_is_no_policy_is_refused_with_what_was_typed(desk: PageClient, text: str) -> None:
    answer = look(desk, text)
    assert answer.status_code == 422
    assert text.strip()[:40] in said(answer)
    assert announced() == []


def test_mistakes_are_all_told_and_a_day_behind_is_refused(desk: PageClient) -> None:
    wrong = look(
        desk, varied("lest-best", {"version": "2026", "controller.cty": "Zeist", "purposes.survey.basis": "x"})
    )
    assert "controller.cty" in said(wrong)
    assert "purposes.survey.basis" in said(wrong)
    assert "De gegevens van de school" in said(wrong)
    assert 'De doelen · <bdi translate="no">survey</bdi>' in said(wrong)
    assert '<bdi lang="en" dir="ltr" translate="no">' in said(wrong)
    assert "Kies een dag na vandaag." in said(look(desk, varied("lest-best", VALUES), days=0))
    assert "is er al" in said(look(desk, shipped_text("lest-best")))


def test_who_looked_comes_back_to_the_file_as_it_was(desk: PageClient) -> None:
    text = varied("lest-best", VALUES)
    looked = look(desk, text, summary="Een bureau belt.")
    assert 'name="terug"' in said(looked)
    back = desk.post(ADDRESS, {**hidden_in(looked, ANNOUNCE), "terug": "1"})
    assert back.status_code == 200
    for kept in ("Mag het bureau u bellen?", "Een bureau belt.", "data-typed"):
        assert kept in said(back)
    assert announced() == []


def test_files_too_large_and_not_text_are_refused(desk: PageClient) -> None:
    for content, why in ((b"#" * 200_001, "te groot"), (b"\xff\xfe\x00", "geen gewone tekst"), (b"", "plak de tekst")):
        answer = look(desk, "", file=(BytesIO(content), "school.toml"))
        assert answer.status_code == 422
        assert why in said(answer)
    taken = look(desk, "", file=(BytesIO(varied("lest-best", VALUES).encode()), "school.toml"))
    assert "Mag het bureau u bellen" in hidden_in(taken, ANNOUNCE)["text"]


def test_the_file_of_another_school_is_pointed_out(desk: PageClient) -> None:
    values = {"version": "2026", "controller.name": "Een andere school"}
    assert "Is dit het bestand van uw school?" in said(look(desk, varied("lest-best", values)))
    assert "Is dit het bestand" not in said(look(desk, varied("lest-best", VALUES)))


@pytest.mark.parametrize("role", ["teacher", "administration", "privacy_officer"])
def test_who_may_not_announce_can_not(client: PageClient, sign_in: SignIn, school: SchoolView, role: str) -> None:
    sign_in(client, role)
    assert client.get(ADDRESS).status_code in {403, 404}
    assert client.post(ANNOUNCE, {"text": "x"}).status_code in {403, 404}
