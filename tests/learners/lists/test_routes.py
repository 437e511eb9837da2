"""Lists of learners as files: as they are seen, for a purpose, with an entry in the log of each."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.learners.lists import services
from portal.learners.record.models import Learner
from portal.purposes.objections.services import make_objections
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.seed import SCHOOLS

SERVICE = "course"


@pytest.fixture
def learners(school: SchoolView) -> list[Learner]:
    """Three learners, of whom one has a name that a spreadsheet would run."""
    made = [
        make_learner("Amina", "Zand", number="1", birth_date=date(1990, 5, 1)),
        make_learner("=HYPERLINK(1)", "Berg", number="20", birth_date=date(1980, 5, 1)),
        make_learner("Chen", "Wu", number="3", birth_date=None),
    ]
    checkpoint()
    return made


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.status
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def taken() -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.list_taken")))


def purpose(client: PageClient, path: str) -> str:
    """The first purpose that the page offers."""
    text = client.get(path).get_data(as_text=True)
    return text.split('name="purpose"')[1].split('value="')[1].split('"')[0]


def take(client: PageClient, path: str, form: str = "csv") -> Any:
    return client.post(path, {"vorm": form, "purpose": purpose(client, path)})


def test_the_list_goes_out_as_it_is_narrowed_and_sorted(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    sign_in(client, "administration")
    rows = rows_of(take(client, "/cursisten/ophalen?volgorde=-number"))
    assert [row[0] for row in rows] == ["Nummer", "20", "3", "1"]
    assert rows[0] == ["Nummer", "Naam", "Geboortedatum", "Groep"]
    assert rows[3] == ["1", "Zand, Amina", "1990-05-01", ""]
    assert [row[0] for row in rows_of(take(client, "/cursisten/ophalen?zoek=wu"))] == ["Nummer", "3"]


def test_a_workbook_holds_the_same(client: PageClient, sign_in: Any, learners: list[Learner]) -> None:
    sign_in(client, "administration")
    answer = take(client, "/cursisten/ophalen", "xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Naam", "Berg, =HYPERLINK(1)", "Wu, Chen", "Zand, Amina"]
    assert "attachment; filename=cursisten.xlsx" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_list_has_a_purpose_and_an_entry_in_the_log_of_each(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    sign_in(client, "administration")
    chosen = purpose(client, "/cursisten/ophalen")
    for wrong in ("", "charity", "survey"):
        refused = client.post("/cursisten/ophalen", {"vorm": "csv", "purpose": wrong})
        assert refused.status_code == 422
    assert client.post("/cursisten/ophalen", {"vorm": "pdf", "purpose": chosen}).status_code == 422
    assert not taken()
    take(client, "/cursisten/ophalen")
    [entry] = taken()
    assert set(entry.learner_ids) == {each.id for each in learners}
    assert entry.facts == {
        "categories": ["birth", "name", "trajectory"],
        "columns": ["number", "name", "birth_date", "groups"],
        "count": 3,
        "format": "csv",
        "purpose": chosen,
    }


def test_a_teacher_takes_her_own_groups_without_birth_dates(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    teacher, group, other = sign_in(client, "teacher"), make_group(), make_group()
    make_teacher_of(group, teacher)
    enrol(learners[0], group)
    enrol(learners[2], other)
    checkpoint()
    rows = rows_of(take(client, "/cursisten/ophalen?volgorde=birth"))
    assert rows == [["Nummer", "Naam", "Groep"], ["1", "Zand, Amina", group.name]]
    assert client.post(f"/groepen/{other.id}/cursisten/ophalen", {"vorm": "csv"}).status_code == 404
    assert [list(each.learner_ids) for each in taken()] == [[learners[0].id]]


def test_the_list_of_a_group_holds_who_is_or_comes_in_order(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    sign_in(client, "administration")
    group, day = make_group(), timedelta(days=1)
    enrol(learners[0], group, starts_on=today() - 9 * day)
    enrol(learners[1], group, starts_on=today() + day)
    enrol(learners[2], group, starts_on=today() - 9 * day, ends_on=today() - day)
    checkpoint()
    rows = rows_of(take(client, f"/groepen/{group.id}/cursisten/ophalen?volgorde=-start"))
    assert [row[:3] for row in rows] == [
        ["Nummer", "Naam", "Eerste dag"],
        ["20", "'=HYPERLINK(1) Berg", (today() + day).isoformat()],
        ["1", "Amina Zand", (today() - 9 * day).isoformat()],
    ]
    [entry] = taken()
    assert (entry.subject_kind, entry.subject_id) == ("learner_group", group.id)


def test_an_empty_and_a_long_list_are_refused_with_what_to_do(
    client: PageClient, sign_in: Any, learners: list[Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "administration")
    empty = take(client, "/cursisten/ophalen?zoek=niemand")
    assert empty.status_code == 422
    assert "Er staat niemand in deze lijst." in empty.get_data(as_text=True)
    monkeypatch.setattr(services, "MOST_IN_LIST", 2)
    long = take(client, "/cursisten/ophalen")
    assert long.status_code == 422
    assert "ten hoogste 2 cursisten" in long.get_data(as_text=True)
    assert not taken()


@pytest.mark.parametrize("path", ["/cursisten", "/cursisten/ophalen", "/groepen", "/groepen/{group}/cursisten"])
def test_an_order_that_there_is_not_is_refused(
    client: PageClient, sign_in: Any, learners: list[Learner], path: str
) -> None:
    sign_in(client, "administration")
    group = make_group()
    checkpoint()
    refused = client.get(f"{path.format(group=group.id)}?volgorde=bsn")
    assert refused.status_code == 422
    assert "Zo kan een lijst niet worden gesorteerd" in refused.get_data(as_text=True)


def test_the_head_of_a_column_sorts_and_says_so(client: PageClient, sign_in: Any, learners: list[Learner]) -> None:
    sign_in(client, "administration")
    text = client.get("/cursisten?volgorde=number").get_data(as_text=True)
    assert (
        '<th scope="col" class="number" aria-sort="ascending"><a class="sort" href="/cursisten?volgorde=-number">'
        in text
    )
    assert text.index("Zand, Amina") < text.index("Wu, Chen") < text.index("Berg, =HYPERLINK")
    turned = client.get("/cursisten?volgorde=-number").get_data(as_text=True)
    assert 'aria-sort="descending"' in turned
    assert turned.index("Berg, =HYPERLINK") < turned.index("Wu, Chen") < turned.index("Zand, Amina")
    youngest = client.get("/cursisten?volgorde=birth").get_data(as_text=True)
    assert youngest.index("Zand, Amina") < youngest.index("Berg, =HYPERLINK") < youngest.index("Wu, Chen")


@pytest.mark.parametrize("slug", [school.slug for school in SCHOOLS])
def test_for_what_a_list_is_taken_is_said_to_staff(enter: Any, slug: str) -> None:
    with enter(slug):
        titles = [each.title for each in services.list_purposes()]
    assert titles
    said = [text for each in titles for text in (each.nl, each.en or "")]
    assert not [text for text in said if re.search(r"\b(u|uw|you|your)\b", text, re.IGNORECASE)]


def test_who_can_be_invited_sorts_and_goes_out_as_it_stands(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    group = make_group()
    for learner in learners[:2]:
        enrol(learner, group)
    checkpoint()
    sign_in(client, "administration")
    text = client.get(f"/cursisten/uitnodigen?volgorde=-number&groep={group.id}").text
    assert text.index("=HYPERLINK") < text.index("Amina Zand")
    asked = f"/cursisten/uitnodigen/ophalen?volgorde=-number&groep={group.id}"
    assert asked.replace("&", "&amp;") in text
    rows = rows_of(take(client, asked))
    assert [row[:3] for row in rows] == [
        ["Nummer", "Naam", "Hoe"],
        ["20", "'=HYPERLINK(1) Berg", "brief"],
        ["1", "Amina Zand", "brief"],
    ]
    client.post("/cursisten/uitnodigen/brieven", {"cursist": [str(learners[0].id)]})
    by_invitation = client.get("/cursisten/uitnodigen?volgorde=invited").text
    assert by_invitation.index("Amina Zand") < by_invitation.index("Chen Wu")
    sign_in(client, "management")
    assert "Lijst ophalen" not in client.get("/cursisten/uitnodigen").text
    assert client.get(asked).status_code == 403


def test_who_said_no_to_the_purpose_is_not_in_the_list(
    client: PageClient, sign_in: Any, learners: list[Learner]
) -> None:
    sign_in(client, "administration")
    amina = learners[0]
    make_objections(amina.id, ["efficiency"], data_request_id=None, by=as_learner(amina))
    checkpoint()
    path = "/cursisten/ophalen"
    kept = rows_of(client.post(path, {"vorm": "csv", "purpose": "course"}))
    left = rows_of(client.post(path, {"vorm": "csv", "purpose": "efficiency"}))
    assert (len(kept), len(left)) == (4, 3)
    assert "Zand" in str(kept)
    assert "Zand" not in str(left)
    assert [len(entry.learner_ids) for entry in sorted(taken(), key=lambda entry: entry.at)] == [3, 2]
