"""Making one record of two, on the page."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import html5lib
import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.core.audit import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.corrections.models import Correction
from portal.learners.corrections.sealed_texts import open_proposed
from portal.learners.corrections.services import propose_correction
from portal.learners.merges.models import RecordMerge
from portal.learners.record.models import OWN_RECORD, Learner
from portal.policy.queries import current_policy
from portal.purposes.queries import has_consent
from portal.purposes.withdrawals.services import withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import agree, as_learner
from tests.factories.courses import make_lesson
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient, hidden_in
from tests.seed import SCHOOLS

NS = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def two(school: SchoolView) -> tuple[Learner, Learner]:
    """Two records of one person."""
    kept = make_learner("Amina", "Yilmaz", city="Utrecht")
    other = make_learner("Emine", "Yilmaz", city="Zeist", phone="+31612345678")
    make_trajectory(other)
    return kept, other


def test_the_second_record_is_chosen_compared_and_merged(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    sign_in(client, "administration")
    chosen = client.get(f"/cursisten/samenvoegen?houd={kept.id}").get_data(as_text=True)
    assert "Yilmaz, Emine" in chosen
    assert "Yilmaz, Amina" not in chosen
    preview = client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").get_data(as_text=True)
    for words in ("Utrecht", "Zeist", "06 12345678", "trajecten: 1"):
        assert words in preview
    data = {"houd": str(kept.id), "weg": str(other.id), "learner.city": "weg", "learner.given_name": "houd"}
    assert client.post("/cursisten/samenvoegen", data).status_code == 303
    with in_school(kept.school_id):
        row = session.get_one(Learner, (kept.school_id, kept.id), populate_existing=True)
    assert (row.given_name, row.city, row.phone) == ("Amina", "Zeist", "+31612345678")
    old = client.get(f"/cursisten/{other.id}")
    assert (old.status_code, old.headers["Location"].endswith(str(kept.id))) == (303, True)
    assert "Emine" not in client.get("/cursisten").get_data(as_text=True)


def test_the_preview_says_which_consents_will_end(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    agree(kept, "survey")
    agree(other, "survey")
    withdraw_consent(other.id, "survey", by=as_learner(other))
    agree(kept, "client_report")
    title, stays = (current_policy().purpose(key).title.nl for key in ("survey", "client_report"))
    sign_in(client, "administration")
    path = f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}"
    text = unescape(client.get(path).get_data(as_text=True))
    assert "Deze toestemming stopt" in text
    assert title in text
    assert stays not in text

    client.post("/cursisten/samenvoegen", {"houd": str(kept.id), "weg": str(other.id)})

    with in_school(kept.school_id):
        assert not has_consent(kept.id, "survey", SYSTEM)
        assert has_consent(kept.id, "client_report", SYSTEM)


def test_the_preview_names_no_consent_where_none_ends(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    agree(kept, "survey")
    agree(other, "survey")
    sign_in(client, "administration")
    text = client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").get_data(as_text=True)
    assert "Deze toestemming stopt" not in text


def test_records_with_different_bsns_are_not_merged(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    one, other = make_learner(bsn="999999990"), make_learner("Emine", bsn="123456782")
    sign_in(client, "administration")
    path = f"/cursisten/samenvoegen?houd={one.id}&weg={other.id}"
    assert "verschillende BSN" in client.get(path).get_data(as_text=True)
    client.post("/cursisten/samenvoegen", {"houd": str(one.id), "weg": str(other.id)})
    assert "verschillende BSN" in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize("role", ["teacher", "coach", "privacy_officer"])
def test_who_may_not_merge_is_refused(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner], role: str
) -> None:
    kept, other = two
    sign_in(client, role)
    assert client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").status_code == 403
    data = {"houd": str(kept.id), "weg": str(other.id)}
    assert client.post("/cursisten/samenvoegen", data).status_code == 403


def test_nonsense_and_other_schools_are_not_there(
    client: PageClient, client_at: Any, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    sign_in(client, "administration")
    assert client.get("/cursisten/samenvoegen").status_code == 404
    assert client.get("/cursisten/samenvoegen?houd=x").status_code == 404
    elsewhere = client_at("step-inburgering")
    sign_in(elsewhere, "administration")
    assert elsewhere.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").status_code == 404
    data = {"houd": str(kept.id), "weg": str(other.id)}
    assert elsewhere.post("/cursisten/samenvoegen", data).status_code == 404


def test_each_difference_is_shown_and_chosen(client: PageClient, sign_in: Any, two: tuple[Learner, Learner]) -> None:
    kept, other = two
    lesson = make_lesson()
    make_mark(lesson, kept, Status.PRESENT)
    make_mark(lesson, other, Status.ABSENT)
    for learner, name in ((kept, "Aminah"), (other, "Eminé")):
        propose_correction(learner.id, "learner.given_name", name, by=as_learner(learner))
    sign_in(client, "administration")
    address = f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}"

    page = client.get(address).get_data(as_text=True)

    choices = {
        fieldset.get("id") or fieldset.find(f".//{NS}input").get("name"): "".join(fieldset.itertext())
        for fieldset in html5lib.parse(page).iter(f"{NS}fieldset")
    }
    mark, proposal = f"attendance_mark.{lesson.id}", f"correction.learner.given_name.{OWN_RECORD}"
    assert choices.keys() == {"learner.given_name", "learner.street", mark, proposal}
    assert all(each in choices[mark] for each in ("Les ", "aanwezig", "afwezig", kept.number, other.number))
    assert all(each in choices[proposal] for each in ("Aminah", "Eminé"))

    taken = {"learner.given_name": "weg", "learner.street": "houd", mark: "weg", proposal: "weg"}
    assert client.post("/cursisten/samenvoegen", {"houd": kept.id, "weg": other.id, **taken}).status_code == 303
    with in_school(kept.school_id):
        row = session.get_one(Learner, (kept.school_id, kept.id), populate_existing=True)
        assert (row.given_name, row.city) == ("Emine", "Utrecht")
        assert session.scalars(select(AttendanceMark.status)).all() == [Status.ABSENT]
        waiting = session.scalars(select(Correction).where(Correction.is_waiting)).one()
        assert open_proposed(waiting) == "Eminé"


@pytest.fixture
def merged(client: PageClient, sign_in: Any, two: tuple[Learner, Learner]) -> tuple[UUID, UUID, str]:
    """Two records that the office made one, and the address at which that is taken back."""
    kept, other = two
    sign_in(client, "administration")
    client.post("/cursisten/samenvoegen", {"houd": kept.id, "weg": other.id, "learner.street": "weg"})
    page = client.get(f"/cursisten/{kept.id}").get_data(as_text=True)
    (link,) = re.findall(rf'href="(/cursisten/{kept.id}/samengevoegd/[^"]+)"', page)
    return kept.id, other.id, link


def text_following(client: PageClient, response: Any) -> str:
    assert response.status_code == 303
    return unescape(client.get(response.headers["Location"]).get_data(as_text=True))


def test_merging_is_taken_back_from_the_record(client: PageClient, merged: tuple[UUID, UUID, str]) -> None:
    kept_id, other_id, link = merged
    page = unescape(client.get(link).get_data(as_text=True))
    assert "wordt weer een eigen dossier" in page
    assert "trajecten: 1" in page

    text = text_following(client, client.post(link))

    assert "Er zijn weer twee dossiers." in text
    assert "Utrecht" in text
    assert "samengevoegd/" not in text
    assert "Zeist" in client.get(f"/cursisten/{other_id}").get_data(as_text=True)
    assert "Dit is al ongedaan gemaakt." in text_following(client, client.post(link))
    assert "Dit is al ongedaan gemaakt." in text_following(client, client.get(link))
    with in_school(SCHOOLS[0].id):
        told = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.merge_undone")).all()
    assert [set(each.learner_ids) for each in told] == [{kept_id, other_id}]


def test_the_page_says_what_stays_as_it_was_changed(client: PageClient, merged: tuple[UUID, UUID, str]) -> None:
    kept_id, _other_id, link = merged
    edit = f"/cursisten/{kept_id}/wijzig/address"
    hidden = hidden_in(client.get(edit), edit)
    assert client.post(edit, {**hidden, "city": "Amersfoort", "source": "school"}).status_code == 303

    page = unescape(client.get(link).get_data(as_text=True))
    assert "blijft zo: Woonplaats" in page
    text = text_following(client, client.post(link))
    assert "Kijk beide dossiers na." in text
    assert "Amersfoort" in text


def test_what_can_not_be_taken_back_says_why(client: PageClient, merged: tuple[UUID, UUID, str]) -> None:
    kept_id, other_id, link = merged
    unknown = f"/cursisten/{kept_id}/samengevoegd/{new_id()}"
    assert "Dit kan niet meer ongedaan worden gemaakt." in text_following(client, client.post(unknown))
    with in_school(SCHOOLS[0].id):
        third = make_learner("Aylin", "Yilmaz").id
    client.post("/cursisten/samenvoegen", {"houd": kept_id, "weg": third})
    assert "Maak dat eerst ongedaan." in text_following(client, client.post(link))
    with in_school(SCHOOLS[0].id):
        above = make_learner("Aysel", "Yilmaz").id
    client.post("/cursisten/samenvoegen", {"houd": above, "weg": kept_id})
    response = client.post(link)
    assert response.headers["Location"].endswith(str(above))
    assert "Maak dat eerst ongedaan." in text_following(client, response)
    assert "Maak dat eerst ongedaan." in text_following(client, client.get(link))
    assert client.post(f"/cursisten/{other_id}/samengevoegd/{new_id()}").status_code == 303


@pytest.mark.parametrize("role", ["teacher", "coach", "privacy_officer"])
def test_who_may_not_merge_neither_sees_nor_takes_it_back(
    client: PageClient, client_at: Any, sign_in: Any, merged: tuple[UUID, UUID, str], role: str
) -> None:
    kept_id, _other_id, link = merged
    elsewhere = client_at("step-inburgering")
    sign_in(elsewhere, "administration")
    assert (elsewhere.get(link).status_code, elsewhere.post(link).status_code) == (404, 404)
    sign_in(client, role)
    assert (client.get(link).status_code, client.post(link).status_code) == (403, 403)
    assert "samengevoegd/" not in client.get(f"/cursisten/{kept_id}").get_data(as_text=True)
    with in_school(SCHOOLS[0].id):
        assert session.scalars(select(RecordMerge)).one()


def test_the_page_of_merging_says_whether_it_can_be_taken_back(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    sign_in(client, "administration")
    path = f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}"
    assert "Een dag lang kunt u het nog ongedaan maken." in client.get(path).get_data(as_text=True)
    agree(kept, "survey")
    agree(other, "survey")
    withdraw_consent(other.id, "survey", by=as_learner(other))
    text = client.get(path).get_data(as_text=True)
    assert "Een dag lang" not in text
    assert "Daarom kunt u dit samenvoegen niet ongedaan maken." in text
