"""The pages of files: choosing, preview, making, fetching, and who may."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import Disclosure
from portal.disclosures.recipients.withdrawals import answer_withdrawal
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.learners import make_contact_person
from tests.jobs import FAULT, fail_job
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture
def scene(school: SchoolView) -> Scene:
    """Amina agreed; Bereket did not."""
    scene = make_scene()
    agree(scene.amina, "client_report")
    return scene


def period(scene: Scene, **more: str) -> dict[str, str]:
    """Return the answers of the form about the last four weeks."""
    return {
        "starts_on": (today() - timedelta(days=28)).isoformat(),
        "ends_on": today().isoformat(),
        "client_id": str(scene.client.id),
        "form": "csv",
        **more,
    }


def test_the_preview_says_who_is_in_and_who_is_not(client: PageClient, sign_in: SignIn, scene: Scene) -> None:
    sign_in(client, "administration")
    client.get("/bestanden")
    asked = client.get("/bestanden/nieuw/attendance_for_client").get_data(as_text=True)
    last_month = today().replace(day=1) - timedelta(days=1)
    assert f'value="{last_month}"' in asked
    assert f'value="{last_month.replace(day=1)}"' in asked

    page = client.get("/bestanden/nieuw/attendance_for_client", query_string=period(scene)).get_data(as_text=True)

    assert "Amina" in page
    assert not re.search(r"<td><bdi[^>]*>\d{4}-\d\d-\d\d|<td><bdi[^>]*>\d\d:\d\d:\d\d|>present<|>nt2<", page)
    assert ">aanwezig<" in page
    assert "gaf geen toestemming" in page
    assert "deze opdrachtgever" not in page
    seen = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed")).one()
    assert set(seen) == {scene.amina.id, scene.bereket.id}


def test_whose_names_stand_with_what_is_to_be_told_is_in_the_log(
    client: PageClient, sign_in: SignIn, scene: Scene
) -> None:
    with client.app.app_context(), in_school(scene.client.school_id):
        disclosure = make(ask(scene))
        b"".join(give_file(disclosure.id, signed_in_at=now(), by=scene.office)[1])
        withdrawal = withdraw_consent(scene.amina.id, "client_report", by=as_learner(scene.amina))
        carry_out_withdrawal(withdrawal.id, by=PORTAL)
        answer_withdrawal(withdrawal.id, by=PORTAL)
    make_contact_person(scene.client, "Kim de Boer", phone="030 1234567")
    sign_in(client, "administration")

    page = client.get("/bestanden").get_data(as_text=True)

    notice = page.partition('id="notices"')[2].partition("</section>")[0]
    for told in ("Amina", scene.client.name, "Kim de Boer", "030 1234567"):
        assert told in notice
    seen = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed")).one()
    assert seen == [scene.amina.id]


def test_a_wrong_period_keeps_what_was_typed(client: PageClient, sign_in: SignIn, scene: Scene) -> None:
    sign_in(client, "administration")

    refused = client.get("/bestanden/nieuw/attendance_for_client", query_string=period(scene, ends_on="2020-01-01"))

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "De laatste dag ligt voor de eerste" in text
    assert 'value="2020-01-01"' in text


def test_a_file_is_asked_for_and_fetched(client: PageClient, sign_in: SignIn, scene: Scene) -> None:
    sign_in(client, "administration")
    client.get("/bestanden/nieuw/attendance_for_client")
    asked = client.post("/bestanden/nieuw/attendance_for_client", period(scene))
    assert asked.status_code == 303
    address = asked.headers["Location"]
    waiting = client.get(address).get_data(as_text=True)
    assert "wacht op zijn beurt" in waiting
    assert "<dt>Cursisten</dt>" not in waiting
    disclosure_id = address.rpartition("/")[2]
    with client.app.app_context(), in_school(scene.client.school_id):
        from portal.disclosures.queries import get_disclosure

        make(get_disclosure(disclosure_id, SYSTEM))  # type: ignore[arg-type]
    part = client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<dt>Cursisten</dt><dd><bdi>1</bdi>" in part
    assert f'<dt>Opdrachtgever</dt><dd><bdi><bdi translate="no">{scene.client.name}</bdi>' in part

    fetched = client.post(f"{address}/ophalen")

    assert fetched.status_code == 200
    days = f"{today() - timedelta(days=28)}_{today()}"
    name = f"aanwezigheid-en-uren-voor-de-opdrachtgever_gemeente-utrecht_{days}.csv"
    assert fetched.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"Amina" in fetched.data
    listed = client.get("/bestanden").get_data(as_text=True)
    assert "opgehaald" in listed
    assert scene.client.name in listed


def test_an_unfinished_form_is_refused_in_words(client: PageClient, sign_in: SignIn, scene: Scene) -> None:
    sign_in(client, "administration")
    client.get("/bestanden/nieuw/attendance_for_client")

    refused = client.post("/bestanden/nieuw/attendance_for_client", period(scene, client_id=""))

    assert refused.status_code == 422
    assert "Kies voor welke opdrachtgever dit is" in refused.get_data(as_text=True)


@pytest.mark.parametrize("role", ["teacher", "coach", "privacy_officer", "management"])
def test_other_roles_make_no_files(client: PageClient, sign_in: SignIn, scene: Scene, role: str) -> None:
    sign_in(client, role)

    assert client.get("/bestanden").status_code == 403
    assert client.post("/bestanden/nieuw/survey_contacts", period(scene)).status_code == 403


def test_another_schools_file_is_not_found(
    client: PageClient, client_at: object, sign_in: SignIn, scene: Scene
) -> None:
    disclosure: Disclosure = ask(scene)
    other: PageClient = client_at("step-inburgering")  # type: ignore[operator]
    sign_in(other, "administration")

    assert other.get(f"/bestanden/{disclosure.id}").status_code == 404
    assert other.post(f"/bestanden/{disclosure.id}/ophalen").status_code == 404


def test_a_recipients_address_is_checked_and_kept(client: PageClient, sign_in: SignIn, scene: Scene) -> None:
    sign_in(client, "administration")
    client.get("/bestanden/ontvangers")

    refused = client.post(
        "/bestanden/ontvangers/client", {"client-email": "geen adres", "client-csrf_token": client.token}
    )
    assert refused.status_code == 422
    assert "geen adres" in refused.get_data(as_text=True)
    stored = client.post(
        "/bestanden/ontvangers/client", {"client-email": "post@example.org", "client-csrf_token": client.token}
    )

    assert stored.status_code == 303
    assert "post@example.org" in client.get("/bestanden/ontvangers").get_data(as_text=True)


def test_a_file_that_the_worker_gave_up_on_says_so_with_its_number(
    client: PageClient, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(client, "administration")
    address = client.post("/bestanden/nieuw/attendance_for_client", period(scene)).headers["Location"]
    with in_school(scene.client.school_id):
        fail_job(session.scalars(select(Disclosure.job_id)).one())

    assert FAULT in client.get(address, htmx=True).get_data(as_text=True)
    assert "mislukt" in client.get("/bestanden").get_data(as_text=True)


def test_of_a_file_of_long_ago_the_job_is_gone_and_the_page_is_there(
    client: PageClient, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(client, "administration")
    address = client.post("/bestanden/nieuw/attendance_for_client", period(scene)).headers["Location"]
    with in_school(scene.client.school_id):
        session.execute(delete(Job))

    assert "mislukt" in client.get(address).get_data(as_text=True)
    assert "mislukt" in client.get("/bestanden").get_data(as_text=True)
