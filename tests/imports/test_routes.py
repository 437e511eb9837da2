"""The pages of bringing a workbook in: each step, each refusal beside its field, each role, another school."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.test import TestResponse

from portal.core.audit import AuditEvent
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.imports.models import ImportRun, RunState
from portal.imports.queries import get_run, state_of
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.imports import chosen, handed_in, make_office, messy, sheet_bytes, stored
from tests.factories.learners import make_organisation
from tests.imports.sample_workbooks.refused import compound_file, workbook_bytes
from tests.jobs import FAULT, do_jobs, fail_job
from tests.page_client import PageClient
from tests.signing_in import SignIn

HEADER = ["Nummer", "Voornaam", "Achternaam", "Geboortedatum"]
ONE = sheet_bytes(HEADER, ["501", "Amina", "van der Berg", "1-9-1990"])


def hand_in(client: PageClient, data: bytes, name: str = "lijst.xlsx") -> TestResponse:
    """Post a workbook."""
    return client.post("/inlezen", {"workbook": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def text_of(response: TestResponse) -> str:
    """Return a page's text."""
    return response.get_data(as_text=True)


def latest() -> ImportRun:
    """Return the run that was handed in last."""
    session.expire_all()
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


def test_a_workbook_from_file_to_preview(
    client: PageClient, sign_in: SignIn, school: SchoolView, tmp_path: Path
) -> None:
    sign_in(client, "administration")
    client.get("/inlezen")
    answer = hand_in(client, messy("01-inschrijvingen-september.xlsx", tmp_path), "september.xlsx")
    address = f"/inlezen/{latest().id}"
    assert answer.status_code == 303
    assert "Het portaal leest uw bestand" in text_of(client.get(address))
    do_jobs()

    page = text_of(client.get(address))
    assert 'Bijvoorbeeld: <bdi translate="no">Fatima' in page
    assert "Deze kolommen bewaart uw school niet" in page
    assert "m/v" in page
    assert "•••••335" in page
    assert "11222335" not in page
    assert client.post(f"{address}/kolommen", run_targets(latest().id)).status_code == 303
    assert "Er is nog niets bewaard" in text_of(client.get(address))
    do_jobs()

    page = text_of(client.get(address))
    assert "Deze rijen opslaan (4)" in page
    assert "Dit BSN klopt niet" in page
    assert session.scalars(select(Learner)).all() == []
    added = text_of(client.get(f"{address}?soort=added"))
    assert "El Amrani" in added
    assert "••••••335" in added
    assert "011222335" not in added


def test_a_preview_is_stored_and_taken_back(
    client: PageClient, sign_in: SignIn, school: SchoolView, tmp_path: Path
) -> None:
    sign_in(client, "administration")
    office = make_office()
    run = chosen(handed_in(messy("01-inschrijvingen-september.xlsx", tmp_path), office, "september.xlsx"), office)
    address = f"/inlezen/{run.id}"
    client.post(f"{address}/bewaren")
    assert "De rijen worden bewaard" in text_of(client.get(address, htmx=True))
    do_jobs()
    assert "De rijen zijn bewaard" in text_of(client.get(address))
    assert {learner.number for learner in session.scalars(select(Learner))} == {"1001", "1002", "1003", "1006"}

    client.post(f"{address}/ongedaan")
    do_jobs()
    undone = text_of(client.get(address))
    assert "ongedaan gemaakt voor 4 cursisten" in undone
    assert "Nieuw</" not in undone
    assert session.scalars(select(Learner)).all() == []
    assert "september.xlsx" in text_of(client.get("/inlezen"))


def run_targets(run_id: UUID) -> dict[str, str]:
    """Return the proposed columns as the form posts them."""
    run = get_run(run_id, SYSTEM)
    return {
        f"s{index}c{position}": target
        for index, sheet in enumerate(run.sheets)
        for position, target in sheet["targets"].items()
    } | {f"s{index}used": "y" for index in range(len(run.sheets))}


REFUSED = pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "leeg.xlsx", "Dit bestand is leeg"),
        (compound_file("EncryptionInfo", "EncryptedPackage"), "a.xlsx", "zit een wachtwoord"),
        (workbook_bytes({"xl/vbaProject.bin": b"x"}), "a.xlsx", "zitten macro"),
        (compound_file("Workbook"), "a.xls", "oud Excel-bestand"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a.xlsx", "Dit is een plaatje"),
    ],
)


@pytest.mark.usefixtures("school")
@REFUSED
def test_what_cant_be_taken_is_refused_beside_the_field(
    client: PageClient, sign_in: SignIn, data: bytes, name: str, words: str
) -> None:
    sign_in(client, "administration")
    answer = hand_in(client, data, name)
    assert answer.status_code == 422
    assert 'id="workbook-error"' in text_of(answer)
    assert words in text_of(answer)
    assert session.scalars(select(ImportRun)).all() == []


def test_a_file_of_200_mb_is_refused(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    answer = client.post("/inlezen", {}, environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "Dit bestand is te groot" in text_of(answer)


def test_a_file_of_21_mb_is_refused_beside_the_field(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    client.get("/inlezen")
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + client.token.encode(),
        b'--x\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n\r\n' + bytes(21 * 1024 * 1024),
        b"--x--\r\n",
    ]
    answer = client.browser.post(
        "/inlezen", base_url=client.base, data=b"\r\n".join(parts), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    assert "Dit bestand is te groot. Het mag 20 MB zijn" in text_of(answer)


def test_no_file_is_a_message_beside_the_field(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    answer = client.post("/inlezen", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Kies een bestand." in text_of(answer)


def test_a_sheet_without_a_header_says_so(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    run = handed_in(sheet_bytes(["een", "twee"], ["drie", "vier"]), make_office())
    assert (run.state, run.refusal, run.file_id) == (RunState.REFUSED, "no_header", None)
    assert "vindt geen rij met namen van kolommen" in text_of(client.get(f"/inlezen/{run.id}"))


@pytest.mark.promise("LB-02", part="imported")
def test_a_field_the_school_doesnt_keep_is_refused_with_its_category_when_forced(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "administration")
    run = handed_in(sheet_bytes([*HEADER, "Geslacht"], ["1", "A", "B", "1-1-1990", "v"]), make_office())
    assert run.sheets[0]["refused"] == {"4": "learner.gender"}
    run_id = run.id
    answer = client.post(f"/inlezen/{run_id}/kolommen", run_targets(run_id) | {"s0c4": "learner.gender"})
    assert answer.status_code == 422
    assert 'id="s0c4-error"' in text_of(answer)
    assert "Uw school bewaart dit niet. Het hoort bij: " in text_of(answer)
    assert get_run(run_id, SYSTEM).state is RunState.MAPPING


@pytest.mark.parametrize(
    ("choice", "field", "words"),
    [
        ({"s0c1": "learner.number"}, "s0c", "Dit staat bij nog een kolom"),
        ({"s0c0": "x.y"}, "s0c0", "Kies iets uit de lijst"),
        ({"s0c0": "", "s0c2": ""}, "s0c0", "Kies een kolom met het nummer"),
    ],
)
@pytest.mark.usefixtures("school")
def test_columns_that_dont_add_up_are_refused_beside_the_column(
    client: PageClient, sign_in: SignIn, choice: dict[str, str], field: str, words: str
) -> None:
    sign_in(client, "administration")
    run = handed_in(ONE, make_office())
    answer = client.post(f"/inlezen/{run.id}/kolommen", run_targets(run.id) | choice)
    assert answer.status_code == 422
    assert f'id="{field}' in text_of(answer)
    assert words in text_of(answer)


def test_the_refused_rows_come_back_as_a_workbook(
    client: PageClient, sign_in: SignIn, school: SchoolView, tmp_path: Path
) -> None:
    sign_in(client, "administration")
    run = stored(messy("01-inschrijvingen-september.xlsx", tmp_path), make_office())
    assert "Haal de geweigerde rijen op" in text_of(client.get(f"/inlezen/{run.id}"))
    answer = client.post(f"/inlezen/{run.id}/geweigerd")
    assert "geweigerd-lijst.xlsx" in answer.headers["Content-Disposition"]
    kept = {name: answer.headers.get(name) for name in ("Cache-Control", "Expires", "ETag", "Last-Modified")}
    assert kept == {"Cache-Control": "no-store", "Expires": None, "ETag": None, "Last-Modified": None}
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Waarom niet ingelezen", "Nr.", "Voornaam"]
    assert [row[1] for row in rows[1:]] == [1004, 1005]
    assert rows[1][0] == "BSN: Dit BSN klopt niet. Kijk het na op een brief van de overheid."
    assert str(rows[1][5]) == "1990-01-05"


def test_a_person_decides_who_a_row_is_about(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    office = make_office()
    stored(ONE, office)
    data = sheet_bytes(
        ["Voornaam", "Achternaam", "Geboortedatum", "Telefoon"], ["Amina", "van der Berg", "1-9-1990", "0612345678"]
    )
    run = chosen(handed_in(data, office), office)
    page = text_of(client.get(f"/inlezen/{run.id}?soort=refused"))
    assert "Dit lijkt op 501 · Amina van der Berg" in page
    learner = session.scalars(select(Learner)).one()
    client.post(f"/inlezen/{run.id}/rij", {"row": "Blad1!2", "decision": str(learner.id)})
    do_jobs()
    assert get_run(run.id, SYSTEM).counts["changed"] == 1
    told = session.scalars(select(AuditEvent).where(AuditEvent.event == "imports.learner_chosen")).one()
    assert told.learner_ids == [learner.id]
    client.post(f"/inlezen/{run.id}/bewaren")
    do_jobs()
    session.expire_all()
    assert session.scalars(select(Learner)).one().phone == "+31612345678"


def test_a_run_that_moves_on_while_it_is_looked_at(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    run = handed_in(ONE, make_office())
    set_committed_value(run, "state", RunState.READING)  # as it was read just before the worker was done
    assert state_of(run) is RunState.MAPPING
    set_committed_value(run, "state", RunState.READING)
    assert "Het portaal herkent de meeste kolommen" in text_of(client.get(f"/inlezen/{run.id}"))


def test_rows_are_shown_a_page_at_a_time(
    client: PageClient, sign_in: SignIn, school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    sign_in(client, "administration")
    office = make_office()
    data = sheet_bytes(HEADER, *([str(number), "A", f"B{number}", "1-1-1990"] for number in range(1000, 1120)))
    run = chosen(handed_in(data, office), office)
    assert "Pagina 1 van 3" in text_of(client.get(f"/inlezen/{run.id}?soort=added"))
    with count_statements() as statements:
        page = text_of(client.get(f"/inlezen/{run.id}?soort=added&pagina=3"))
    assert "B1119" in page
    assert page.count("<tr>") == 21
    assert len(statements) < 15


def test_thrown_away_nothing_is_left(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    office = make_office()
    run = chosen(handed_in(ONE, office), office)
    assert client.post(f"/inlezen/{run.id}/weggooien").status_code == 303
    run = get_run(run.id, SYSTEM)
    assert (run.state, run.file_id, run.samples) == (RunState.DISCARDED, None, None)
    assert "Dit bestand is weggegooid" in text_of(client.get(f"/inlezen/{run.id}"))


def test_what_went_on_elsewhere_is_told(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    run = stored(ONE, make_office())
    answer = client.post(f"/inlezen/{run.id}/bewaren")
    assert answer.status_code == 409
    assert "Iemand anders ging hier al mee verder" in text_of(answer)


@pytest.mark.parametrize("role", ["teacher", "coach", "privacy_officer", "management", "learner"])
def test_only_administration_brings_workbooks_in(
    client: PageClient, sign_in: SignIn, school: SchoolView, role: str
) -> None:
    run = handed_in(ONE, make_office())
    from tests.factories.learners import make_learner

    sign_in(client, role, learner=make_learner() if role == "learner" else None)
    assert client.get("/inlezen").status_code == 403
    assert hand_in(client, ONE).status_code == 403
    refused = 404 if role in {"teacher", "coach"} else 403  # they bring in results, which have the same pages
    for step in ("kolommen", "rij", "bewaren", "stoppen", "weggooien", "ongedaan", "geweigerd"):
        assert client.post(f"/inlezen/{run.id}/{step}").status_code == refused
    assert client.post(f"/inlezen/{run.id}/alle-rijen").status_code == 403
    assert client.get(f"/inlezen/{run.id}").status_code == refused


def test_another_schools_run_isnt_there(
    client: PageClient, sign_in: SignIn, school: SchoolView, enter: Callable[[str], Any]
) -> None:
    with enter("step-inburgering"):
        run = handed_in(ONE, make_office())
    sign_in(client, "administration")
    assert client.get(f"/inlezen/{run.id}").status_code == 404
    for step in ("kolommen", "rij", "bewaren", "stoppen", "weggooien", "ongedaan", "geweigerd"):
        assert client.post(f"/inlezen/{run.id}/{step}").status_code == 404
    with in_school(run.school_id):
        assert get_run(run.id, SYSTEM).state is RunState.MAPPING


def test_work_that_the_worker_gave_up_on_says_so_with_its_number(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "administration")
    client.get("/inlezen")
    hand_in(client, ONE)
    run = latest()
    address = f"/inlezen/{run.id}"
    fail_job(run.job_id)
    assert FAULT in text_of(client.get(address))

    hand_in(client, ONE, "anders.xlsx")
    run = chosen_run(client)
    client.post(f"/inlezen/{run}/bewaren")
    fail_job(get_run(run, SYSTEM).job_id)
    text = text_of(client.get(f"/inlezen/{run}"))
    assert "Er is niets bewaard of ongedaan gemaakt." in text
    assert FAULT in text


def test_one_reason_of_many_rows_is_said_once_and_solved_for_all(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "administration")
    client.get("/inlezen")
    bsns = ("123456782", "011222335", "111222333")
    rows = [[str(501 + at), f"A{'bcd'[at]}", "Berg", "1-9-1990", bsn, "Kim"] for at, bsn in enumerate(bsns)]
    hand_in(client, sheet_bytes([*HEADER, "BSN", "Klantmanager"], *rows))
    run = chosen_run(client)
    payer = make_organisation("Gemeente Zeist")
    checkpoint()
    for why, chosen_for_all in (("BSN mag alleen", {"act": "wi2021"}), ("opdrachtgever", {"client": str(payer.id)})):
        text = text_of(client.get(f"/inlezen/{run}?soort=refused"))
        assert text.count("Aantal rijen: 3") == 1
        assert why in text
        assert client.post(f"/inlezen/{run}/alle-rijen", chosen_for_all).status_code in {302, 303}
        do_jobs()
    assert get_run(run, SYSTEM).counts["added"] == 3
    assert client.post(f"/inlezen/{run}/alle-rijen", {"act": "x"}).status_code == 409


def test_what_was_left_out_and_what_to_look_at_are_lists_of_their_own(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "administration")
    client.get("/inlezen")
    rows = [["Anna", "Jansen (v)", "geen"], ["Totaal", None, 1]]
    hand_in(client, sheet_bytes(["Voornaam", "Achternaam", "Telefoon"], *rows))
    run = chosen_run(client)
    noted = text_of(client.get(f"/inlezen/{run}?soort=noted"))
    assert "Niet overgenomen: (v)." in noted
    assert "Niet overgenomen: geen." in noted
    left_out = text_of(client.get(f"/inlezen/{run}?soort=skipped"))
    assert "Een totaal." in left_out
    client.post(f"/inlezen/{run}/bewaren")
    do_jobs()
    assert "Een totaal." in text_of(client.get(f"/inlezen/{run}?soort=skipped"))


def chosen_run(client: PageClient) -> UUID:
    """Take the run that was handed in last as far as its preview, and return its id."""
    do_jobs()
    run_id = latest().id
    client.post(f"/inlezen/{run_id}/kolommen", run_targets(run_id))
    do_jobs()
    return run_id
