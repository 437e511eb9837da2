"""The learner's switches, the confirmation, the steps, and the office's overview."""

import re
from html import unescape
from uuid import UUID

import pytest

from portal.core.db.scope import in_school
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes import queries
from portal.purposes.models import StepState
from portal.purposes.withdrawals.services import finish_step
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.learners import make_learner
from tests.factories.policy import publish, shipped, varied
from tests.jobs import FAULT, do_jobs, fail_job, finish_during_request
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

YES = "/mijn/toestemmingen/survey/geven"
NO = "/mijn/toestemmingen/survey/weigeren"
QUESTION = shipped("lest-best").purpose("survey").question


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner of Lest Best."""
    return make_learner("Amina")


@pytest.mark.promise("LB-05")
def test_each_consent_has_its_own_button_and_is_off(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    page = client.get("/mijn/toestemmingen").get_data(as_text=True)

    assert page.count("Ja, dat mag") == 3
    assert "Neem terug" not in page
    assert "Wet inburgering" in page


def test_a_learner_says_yes_and_takes_it_back(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    shown = hidden_in(client.get("/mijn/toestemmingen"), YES)

    given = client.post(YES, shown)
    assert given.status_code == 303
    confirm = client.get("/mijn/toestemmingen/survey/intrekken").get_data(as_text=True)
    assert "Dit stopt meteen" in confirm
    withdrawn = client.post("/mijn/toestemmingen/survey/intrekken")
    assert withdrawn.status_code == 303
    steps = client.get(withdrawn.headers["Location"])

    assert "Niets nieuws wordt hiervoor gebruikt" in steps.get_data(as_text=True)
    partial = client.get(withdrawn.headers["Location"], htmx=True).get_data(as_text=True)
    assert partial.lstrip().startswith('<div id="steps"')


def test_a_withdrawal_that_is_done_while_its_page_is_made_is_not_called_failed(
    client: PageClient, sign_in: SignIn, amina: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(amina, "survey")
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/toestemmingen/survey/intrekken")
    steps = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]
    finish_during_request(client.app, monkeypatch, amina.school_id)

    text = client.get(steps).get_data(as_text=True)

    assert "Klaar. Alles is gedaan." in text
    assert "Nog niet alles is gedaan." not in text


def test_yes_and_no_stand_there_alike_until_she_answered(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    asked = client.get("/mijn/toestemmingen")
    switch = re.search(r'id="doel-survey".*?</section>', asked.get_data(as_text=True), re.S)
    assert switch is not None
    yes, no = re.findall(r"<button ([^>]*)>", switch.group())
    assert no == f'{yes}\n  formaction="{NO}"'

    assert client.post(NO, hidden_in(asked, YES)).status_code == 303

    answered = client.get("/mijn/toestemmingen").get_data(as_text=True)
    assert "U zei nee" in answered
    assert "Nee gezegd op" in answered
    assert answered.count("Nee, dat mag niet") == 2
    assert answered.count("Ja, dat mag") == 3
    with in_school(amina.school_id):
        assert not queries.has_consent(amina.id, "survey", SYSTEM)


@pytest.mark.promise("LB-05")
def test_a_yes_is_to_the_text_that_was_shown(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    shown = hidden_in(client.get("/mijn/toestemmingen"), YES)
    other = "Mogen wij uw gegevens aan iedereen verkopen?"
    with in_school(amina.school_id):
        publish(varied("lest-best", {"version": "9", "purposes.survey.question": {"nl": other}}))

    refused = client.post(YES, shown)

    assert refused.status_code == 409
    text = unescape(refused.get_data(as_text=True))
    assert "Deze tekst is intussen veranderd" in text
    assert other in text
    with in_school(amina.school_id):
        assert not queries.list_history(amina.id, SYSTEM)
    assert client.post(YES, hidden_in(refused, YES)).status_code == 303
    with in_school(amina.school_id):
        assert [consent.text_shown for consent in queries.list_history(amina.id, SYSTEM)] == [other]


def test_a_yes_is_kept_in_the_language_in_which_it_was_asked(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    shown = hidden_in(client.get("/mijn/toestemmingen"), YES)
    client.post("/taal", {"taal": "ar", "terug": "/"})

    assert client.post(YES, shown).status_code == 303

    with in_school(amina.school_id):
        [consent] = queries.list_history(amina.id, SYSTEM)
    assert QUESTION is not None
    assert (consent.language, consent.text_shown) == ("nl", QUESTION.nl)


@pytest.mark.parametrize("said", [{}, {"version": "1", "language": "nl"}, {"language": "xx"}])
def test_a_yes_that_does_not_say_to_what_is_none(
    client: PageClient, sign_in: SignIn, amina: Learner, said: dict[str, str]
) -> None:
    sign_in(client, "learner", learner=amina)
    shown = hidden_in(client.get("/mijn/toestemmingen"), YES)

    assert client.post(YES, {**shown, **said} if said else {}).status_code == 409

    with in_school(amina.school_id):
        assert not queries.list_history(amina.id, SYSTEM)


def test_a_purpose_without_a_switch_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    assert client.get("/mijn/toestemmingen/duo/intrekken").status_code == 404
    assert client.post("/mijn/toestemmingen/duo/geven").status_code == 404


def test_another_learners_withdrawal_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    agree(amina)
    client.get("/mijn/toestemmingen")
    address = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]
    with in_school(amina.school_id):
        other = make_learner("Bereket")
    sign_in(client, "learner", learner=other)

    assert client.get(address).status_code == 404


def test_a_form_without_its_token_changes_nothing(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    refused = client.post("/mijn/toestemmingen/survey/geven", {"csrf_token": "stale"})

    assert refused.status_code == 422
    with in_school(amina.school_id):
        assert not queries.has_consent(amina.id, "survey", SYSTEM)


@pytest.mark.promise("LB-09")
def test_a_withdrawal_that_the_worker_gave_up_on_says_so_and_can_be_tried_again(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    agree(amina)
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/toestemmingen")
    address = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]
    withdrawal_id = UUID(address.rpartition("/")[2])
    with in_school(amina.school_id):
        do_jobs("purposes.carry_out_withdrawal")
        fail_job(queries.get_withdrawal(withdrawal_id, SYSTEM).job_id)

    text = client.get(address).get_data(as_text=True)

    assert "Dit is niet gelukt" in text
    assert FAULT in text
    assert "hx-trigger" not in text[text.index('id="steps"') :]
    office = PageClient(client.app, client.host)
    sign_in(office, "privacy_officer")
    assert "mislukt" in office.get("/toestemmingen").get_data(as_text=True)
    assert client.post(f"{address}/opnieuw").status_code == 303
    assert "mislukt" not in office.get("/toestemmingen").get_data(as_text=True)
    assert FAULT not in client.get(address).get_data(as_text=True)
    with in_school(amina.school_id):
        do_jobs()
    assert "Klaar. Alles is gedaan." in client.get(address).get_data(as_text=True)


def test_while_the_school_must_still_tell_somebody_it_is_not_called_done(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    agree(amina)
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/toestemmingen")
    address = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]
    withdrawal_id = UUID(address.rpartition("/")[2])
    with in_school(amina.school_id):
        for step in queries.list_steps(queries.get_withdrawal(withdrawal_id, SYSTEM)):
            finish_step(step, state=StepState.KEPT if step.kind == "recipients" else StepState.DONE)

    text = client.get(address).get_data(as_text=True)

    assert "Uw school vertelt dat nog aan wie ze al had" in text
    assert "Uw school belt of schrijft de ontvanger nog" in text
    assert "Alles is gedaan" not in text
    assert "Uw school vertelt het nog" in client.get("/mijn/toestemmingen").get_data(as_text=True)
    sign_in(client, "privacy_officer")
    assert "de school vertelt het nog aan de ontvanger" in client.get("/toestemmingen").get_data(as_text=True)


@pytest.mark.parametrize(("role", "status"), [("administration", 200), ("privacy_officer", 200), ("teacher", 403)])
def test_who_sees_the_overview(client: PageClient, sign_in: SignIn, role: str, status: int) -> None:
    sign_in(client, role)

    assert client.get("/toestemmingen").status_code == status


def test_staff_cannot_decide_for_a_learner(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")

    assert client.get("/mijn/toestemmingen").status_code == 403


def test_what_rests_on_an_interest_of_the_school_can_be_objected_to(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)

    page = unescape(client.get("/mijn/toestemmingen").get_data(as_text=True))

    objectable, _, fixed = page.partition("Hier mag u bezwaar tegen maken")[2].partition("Hier hoeft u niets te kiezen")
    purposes = shipped("lest-best").purposes
    for purpose in purposes:
        if not purpose.asks_consent:
            assert str(purpose.title.nl) in (objectable if purpose.basis == "legitimate_interest" else fixed)
        if purpose.basis == "legitimate_interest":
            assert f"De school heeft hier zelf belang bij: {purpose.title.nl}." in objectable
    assert any(purpose.basis == "legitimate_interest" for purpose in purposes)
    assert "/mijn/rechten/vragen/bezwaar" in objectable
    assert "om goed en veilig te werken" not in page


def test_a_field_that_a_withdrawal_erases_is_named(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    deleted = {"purposes.survey.deletes": {"fields": ["learner.phone_other"]}}
    publish(varied("lest-best", {"version": "2", **deleted}))
    agree(amina, "survey")
    sign_in(client, "learner", learner=amina)

    assert "tweede telefoonnummer" in client.get("/mijn/toestemmingen/survey/intrekken").get_data(as_text=True)
    steps = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]

    assert "Gewist: tweede telefoonnummer" in client.get(steps).get_data(as_text=True)
