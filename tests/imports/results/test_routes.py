"""The pages of a list of results: from file to record, why not beside each cell, each role, another school."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.core.audit import AuditEvent, whom
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http import languages
from portal.courses.models import GroupTeacher, LearnerGroup
from portal.imports.models import ImportRun, Listing, Subject
from portal.imports.queries import get_rows
from portal.imports.results.lists import list_columns
from portal.imports.results.vocabulary import heading_of
from portal.learners.record.models import Learner
from portal.progress.models import Level
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.imports import handed_in, make_office, results_checked, results_in, sheet_bytes
from tests.factories.learners import make_learner
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.signing_in import SignIn

HEADER = ["Nummer", "Naam", "Lezen", "Datum"]
ROW = ["101", "Amina Yusuf", "A2", "3-11-2026"]
ONE = sheet_bytes(HEADER, ROW)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    """A group of one."""
    group = make_group("A2 ochtend")
    enrol(make_learner("Amina", "Yusuf", number="101"), group)
    checkpoint()
    return group


def teach(account_id: UUID, group: LearnerGroup) -> None:
    session.add(GroupTeacher(group_id=group.id, account_id=account_id, starts_on=group.starts_on))
    session.flush()
    checkpoint()


@pytest.fixture
def teacher(client: PageClient, sign_in: SignIn, group: LearnerGroup) -> UUID:
    """Its teacher, signed in."""
    account = sign_in(client, "teacher")
    teach(account.account_id, group)
    return account.account_id


def hand_in(client: PageClient, data: bytes = ONE, name: str = "toets.xlsx", **fields: Any) -> TestResponse:
    form = {"workbook": (io.BytesIO(data), name), **fields}
    return client.post("/inlezen/uitslagen", form, content_type="multipart/form-data")


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def latest() -> ImportRun:
    session.expire_all()
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


def columns_of(run: ImportRun) -> dict[str, str]:
    return {f"s0c{position}": target for position, target in run.sheets[0]["targets"].items()}


@pytest.mark.usefixtures("teacher")
def test_a_teacher_brings_a_list_in_from_her_groups_page_and_takes_it_back(
    client: PageClient, group: LearnerGroup
) -> None:
    assert f'href="/inlezen/uitslagen?groep={group.id}"' in text_of(client.get(f"/groepen/{group.id}/niveau"))
    assert "A2 ochtend" in text_of(client.get(f"/inlezen/uitslagen?groep={group.id}"))
    answer = hand_in(client, groep=str(group.id))
    run = latest()
    address = f"/inlezen/{run.id}"
    assert (answer.status_code, answer.location) == (303, address)
    assert (run.subject, run.options) == (Subject.RESULTS, {"group": str(group.id)})
    do_jobs()
    page = text_of(client.get(address))
    assert "Wat voor toets was het?" in page
    assert "Welke wet" not in page
    client.post(f"{address}/kolommen", {**columns_of(latest()), "test": "intake"})
    do_jobs()
    page = text_of(client.get(address + "?soort=changed"))
    assert "101 · Amina Yusuf" in page
    assert "Eerste gesprek, 3 nov 2026" in page
    assert "Deze rijen opslaan (1)" in page
    client.post(f"{address}/bewaren")
    do_jobs()
    page = text_of(client.get(address))
    assert "De rijen zijn bewaard" in page
    assert "alles in één keer ongedaan maken" in page
    assert session.scalars(select(Level.level)).all() == ["A2"]
    client.post(f"{address}/ongedaan")
    do_jobs()
    assert "ongedaan gemaakt voor 1 cursist" in text_of(client.get(address))
    assert session.scalars(select(Level)).all() == []
    assert "toets.xlsx" in text_of(client.get("/inlezen/uitslagen"))


@pytest.mark.usefixtures("teacher")
def test_looking_at_a_list_is_noted_of_each_learner(client: PageClient, group: LearnerGroup) -> None:
    hand_in(client)
    do_jobs()
    address = f"/inlezen/{latest().id}"
    client.post(f"{address}/kolommen", columns_of(latest()))
    do_jobs()
    client.get(address + "?soort=changed")
    links = whom([session.scalars(select(Learner.id)).one()])
    seen = select(AuditEvent.facts).join(links, links.c.event_id == AuditEvent.id)
    assert "imports.results" in str(session.scalars(seen.where(AuditEvent.event == "record.viewed")).all())


@pytest.mark.usefixtures("teacher")
def test_a_refused_cell_says_why_and_comes_back_as_a_workbook(client: PageClient) -> None:
    hand_in(client, sheet_bytes(HEADER, ["101", "Amina Yusuf", "B7", "3-11-2026"]))
    do_jobs()
    address = f"/inlezen/{latest().id}"
    client.post(f"{address}/kolommen", columns_of(latest()))
    do_jobs()
    page = text_of(client.get(address))
    assert "Schrijf een niveau, zoals A2, of geslaagd of gezakt. Hier staat: B7." in page
    assert '<bdi translate="no">Lezen</bdi>' in page
    back = client.post(f"{address}/geweigerd")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(back.data)).get_sheet_by_index(0).to_python()
    assert rows[1][1:4] == ["101", "Amina Yusuf", "B7"]


@pytest.mark.usefixtures("teacher")
def test_of_two_results_a_person_says_which_stands(client: PageClient) -> None:
    for level, stored in (("A1", True), ("A2", False)):
        hand_in(client, sheet_bytes(HEADER, ["101", "Amina Yusuf", level, "3-11-2026"]))
        do_jobs()
        address = f"/inlezen/{latest().id}"
        client.post(f"{address}/kolommen", columns_of(latest()))
        do_jobs()
        if stored:
            client.post(f"{address}/bewaren")
            do_jobs()
    page = text_of(client.get(address))
    assert "Op deze dag staat er al: A1. In de lijst staat: A2. Kies wat geldt." in page
    assert client.post(f"{address}/uitslag", {"row": "Blad1!9", "decision": "replace"}).status_code == 404
    assert client.post(f"{address}/uitslag", {"row": "Blad1!2", "decision": "both"}).status_code == 404
    assert client.post(f"{address}/uitslag", {"row": "Blad1!2", "decision": "replace"}).status_code == 303
    do_jobs()
    client.post(f"{address}/bewaren")
    do_jobs()
    assert session.scalars(select(Level.level)).all() == ["A2"]


@pytest.mark.usefixtures("teacher")
def test_what_a_list_lacks_is_asked_beside_its_choice(client: PageClient) -> None:
    hand_in(client, sheet_bytes(["Naam", "Niveau"], ["Amina Yusuf", "A2"]))
    do_jobs()
    address = f"/inlezen/{latest().id}/kolommen"
    columns = columns_of(latest())
    answer = client.post(address, columns)
    assert answer.status_code == 422
    assert 'id="skill-error"' in text_of(answer)
    answer = client.post(address, {**columns, "skill": "skill.reading"})
    assert 'id="day-error"' in text_of(answer)
    answer = client.post(address, {**columns, "skill": "skill.reading", "day": "2099-01-01"})
    assert "Deze dag is nog niet geweest" in text_of(answer)
    answer = client.post(address, {"s0c0": "learner.full_name", "s0c1": "learner.bsn"})
    assert answer.status_code == 422
    assert client.post(address, {**columns, "skill": "skill.reading", "day": "2026-11-03"}).status_code == 303
    assert latest().options["day"] == "2026-11-03"


@pytest.mark.usefixtures("teacher")
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (sheet_bytes(["Adres", "Plaats"], ["a", "b"]), "zoals Nummer, Naam, Lezen en Datum"),
        (b"", "Dit bestand is leeg"),
    ],
)
def test_a_file_that_holds_no_results(client: PageClient, data: bytes, why: str) -> None:
    answer = hand_in(client, data)
    if answer.status_code == 303:
        do_jobs()
        answer = client.get(f"/inlezen/{latest().id}")
    assert why in text_of(answer)


@pytest.mark.usefixtures("teacher")
def test_another_group_isnt_there(client: PageClient) -> None:
    other = make_group("Van een ander")
    checkpoint()
    for group_id in (other.id, uuid4()):
        assert client.get(f"/inlezen/uitslagen?groep={group_id}").status_code == 404
        assert hand_in(client, groep=str(group_id)).status_code == 404
        assert client.get(f"/groepen/{group_id}/niveau/ophalen").status_code == 404
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


@pytest.mark.parametrize("role", ["privacy_officer", "management", "learner"])
def test_who_stores_no_results_brings_none_in(
    client: PageClient, sign_in: SignIn, group: LearnerGroup, role: str
) -> None:
    run = results_in(ONE, make_office())
    sign_in(client, role, learner=make_learner() if role == "learner" else None)
    assert client.get("/inlezen/uitslagen").status_code == 403
    assert hand_in(client).status_code == 403
    assert client.get(f"/inlezen/{run.id}").status_code == 403
    assert client.post(f"/inlezen/{run.id}/uitslag").status_code == 403


@pytest.mark.parametrize(("role", "status"), [("teacher", 404), ("coach", 200), ("administration", 200)])
def test_who_opens_anothers_list(
    client: PageClient, sign_in: SignIn, group: LearnerGroup, role: str, status: int
) -> None:
    run = results_in(ONE, make_office())
    learners = handed_in(sheet_bytes(["Nummer", "Voornaam", "Achternaam"], ["5", "A", "B"]), make_office("Bo"))
    account = sign_in(client, role)
    if role == "teacher":
        teach(account.account_id, group)
    assert client.get(f"/inlezen/{run.id}").status_code == status
    assert client.post(f"/inlezen/{run.id}/weggooien").status_code == (303 if status == 200 else 404)
    assert client.get(f"/inlezen/{learners.id}").status_code == (200 if role == "administration" else 404)
    listed = text_of(client.get("/inlezen/uitslagen"))
    assert ("uitslagen.xlsx" in listed) is (status == 200)


def test_another_schools_list_isnt_there(
    client: PageClient, sign_in: SignIn, school: SchoolView, enter: Callable[[str], Any]
) -> None:
    with enter("step-inburgering"):
        run_id = results_in(ONE, make_office("Petra")).id
    sign_in(client, "administration")
    assert client.get(f"/inlezen/{run_id}").status_code == 404
    assert client.post(f"/inlezen/{run_id}/uitslag", {"row": "a!1", "decision": "keep"}).status_code == 404


def take(client: PageClient, path: str) -> TestResponse:
    """Get the list to fill in, for the first purpose that is offered."""
    purpose = text_of(client.get(path)).split('name="purpose"')[1].split('value="')[1].split('"')[0]
    return client.post(path, {"vorm": "xlsx", "purpose": purpose})


@pytest.mark.usefixtures("teacher")
def test_a_list_to_fill_in_has_the_group_and_comes_back(client: PageClient, group: LearnerGroup) -> None:
    answer = take(client, f"/groepen/{group.id}/niveau/ophalen")
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert row[:2] == ["101", "Amina Yusuf"]
    filled = {"Lezen": "A2", "Uitslag KNM": "geslaagd", "Datum": "3-11-2026"}
    office = make_office()
    data = sheet_bytes(head, [filled.get(label, row[at] if at < len(row) else "") for at, label in enumerate(head)])
    run = results_checked(results_in(data, office), office)
    assert [row["problems"] for row in get_rows(run, Listing.REFUSED, 1).rows] == []
    assert (run.counts["levels"], run.counts["results"]) == (1, 1)


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_the_portal_knows_its_own_headings_in_every_language(app: Flask, school: SchoolView, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert languages.language() == language
        for column in list_columns():
            heading = str(column.heading)
            known = {"number": "learner.number", "name": "learner.full_name"}.get(column.name, column.name)
            assert heading_of(heading) == known, heading
