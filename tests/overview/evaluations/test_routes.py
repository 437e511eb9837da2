"""An agreed evaluation as a PDF: who gets it, what stands in it, and that it leaves an entry."""

import json
import unicodedata
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.courses import make_enrolled_learner, make_group, make_teacher_of
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")


def make_agreed(learner: Learner, said: str = "Spreken gaat goed") -> UUID:
    """Make an evaluation on which both agreed, in which the learner says this."""
    row = make_joint_evaluation(learner, is_answered=True)
    answers = json.dumps({key: "4" if each["is_scale"] else said for key, each in row.questions.items()})
    row.learner_answers = keys.seal(learner.id, "joint_evaluation.learner_answers", answers)
    row.learner_remark = keys.seal(learner.id, "joint_evaluation.learner_remark", "Dank u wel 𓀀")
    row.teacher_agreed_at = row.learner_agreed_at = now()
    row.agreed_by_name = "Sam de Vries"
    session.flush()
    return row.id


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.fixture
def amina(client: PageClient, sign_in: SignIn) -> Learner:
    """A learner in the group of the teacher who is signed in."""
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group = make_group()
        learner = make_enrolled_learner(group, "Amina", "Yilmaz")
        make_teacher_of(group, teacher)
    return learner


def entries() -> list[Any]:
    with in_school(LEST_BEST):
        return list(session.scalars(select(AuditEvent).where(AuditEvent.event == "record.viewed")))


def test_a_teacher_takes_it_and_that_is_written_down(client: PageClient, amina: Learner) -> None:
    with in_school(LEST_BEST):
        key = make_agreed(amina)
    assert f"/voortgang/evaluaties/{key}/pdf" in client.get(f"/voortgang/evaluaties/{key}").get_data(as_text=True)

    answer = client.get(f"/voortgang/evaluaties/{key}/pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    text = text_of(answer.data)
    assert "Amina Yilmaz" in text
    assert "Spreken gaat goed" in text
    assert "[?]" in text  # no font has that sign
    assert any("overview.evaluation_as_pdf" in str(vars(each)) and amina.id in each.learner_ids for each in entries())


@pytest.mark.promise("ST-08", part="shielded")
def test_of_who_restricted_her_data_there_is_none_for_staff(client: PageClient, amina: Learner) -> None:
    with in_school(LEST_BEST):
        key = make_agreed(amina)
        hold(amina.id)

    assert client.get(f"/voortgang/evaluaties/{key}/pdf").status_code == 404


def test_she_takes_her_own_and_arabic_comes_with_it(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(LEST_BEST):
        key = make_agreed(amina, "القراءة تسير بشكل جيد")
        other = make_agreed(make_enrolled_learner(make_group(), "Bilal"))
    sign_in(client, "learner", learner=amina)

    answer = client.get(f"/mijn/evaluaties/{key}/pdf")

    assert answer.status_code == 200
    letters = {letter for letter in text_of(answer.data) if unicodedata.bidirectional(letter) == "AL"}
    assert len(letters) > 5
    assert client.get(f"/mijn/evaluaties/{other}/pdf").status_code == 404
    assert client.get(f"/voortgang/evaluaties/{key}/pdf").status_code == 403


def test_what_is_not_agreed_or_not_hers_is_not_given(client: PageClient, amina: Learner) -> None:
    with in_school(LEST_BEST):
        waiting = make_joint_evaluation(amina, is_answered=True).id
        beyond = make_agreed(make_enrolled_learner(make_group(), "Bilal"))
    assert client.get(f"/voortgang/evaluaties/{waiting}/pdf").status_code == 409
    assert client.get(f"/voortgang/evaluaties/{beyond}/pdf").status_code == 404
