"""An evaluation from the school's questions to two agreements: who fills in what, and what nobody changes any more."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.progress.evaluations.models import EvaluationQuestion, JointEvaluation
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_teacher_of
from tests.factories.evaluations import make_joint_evaluation, make_questions
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

REFUSED = {403, 404}


class World:
    """A learner and her teacher, each in a browser, and the school's two questions."""

    def __init__(self, client_at: Callable[[str], PageClient], sign_in: SignIn, school: SchoolView) -> None:
        self.school = school
        with in_school(school.id):
            group = make_group()
            self.amina: Learner = make_enrolled_learner(group, "Amina", "Yilmaz")
            make_questions()
        self.teacher, self.learner = client_at("lest-best"), client_at("lest-best")
        make_teacher_of_group = sign_in(self.teacher, "teacher", name="Tess Jansen")
        with in_school(school.id):
            make_teacher_of(group, make_teacher_of_group)
        sign_in(self.learner, "learner", learner=self.amina)

    def start(self) -> str:
        url = f"/cursisten/{self.amina.id}/voortgang/samen"
        self.teacher.get(url)
        return str(self.teacher.post(url, {"kind": "progress"}).headers["Location"])

    def said(self, step: str, words: str) -> dict[str, str]:
        return {"q.1": step, "q.2": words}

    def agree(self, client: PageClient, url: str, remark: str = "") -> int:
        """Agree as the page that is seen now lets one."""
        seen = hidden_in(client.get(url), f"{url}/akkoord").get("seen", "")
        return client.post(f"{url}/akkoord", {"remark": remark, "seen": seen}).status_code

    @property
    def row(self) -> JointEvaluation:
        with in_school(self.school.id):
            session.expire_all()
            return session.scalars(select(JointEvaluation)).one()


@pytest.fixture
def world(client_at: Callable[[str], PageClient], sign_in: SignIn, school: SchoolView) -> World:
    return World(client_at, sign_in, school)


def test_both_answer_agree_and_then_it_is_fixed(world: World) -> None:
    url = world.start()
    own = url.replace("/voortgang", "/mijn")
    assert "Vul de evaluatie in" in world.learner.get("/mijn/niveau").get_data(as_text=True)

    assert world.teacher.post(url, world.said("4", "Zij spreekt veel.")).status_code == 303
    assert world.teacher.post(f"{url}/akkoord").status_code == 409
    world.learner.get(own)
    assert world.learner.post(own, world.said("3", "Ik lees elke dag.")).status_code == 303
    page = world.teacher.get(url).get_data(as_text=True)
    assert "Zij spreekt veel." in page
    assert "Ik lees elke dag." in page
    assert world.agree(world.teacher, url) == 303
    assert world.agree(world.learner, own, "Ik wil meer schrijven.") == 303

    assert world.row.is_fixed
    for browser, address in ((world.teacher, url), (world.learner, own)):
        text = browser.get(address).get_data(as_text=True)
        assert "Allebei akkoord." in text
        assert "Ik wil meer schrijven." in text
        assert "Ik ben akkoord" not in text
        assert browser.post(address, world.said("1", "Toch niet")).status_code == 409
        assert browser.post(f"{address}/akkoord").status_code == 409
        assert "Ik lees elke dag." in browser.get(f"{address}/afdrukken").get_data(as_text=True)
    assert world.teacher.post(f"{url}/weg").status_code == 409
    assert "allebei akkoord" in world.learner.get("/mijn/niveau").get_data(as_text=True)
    assert "Lees de evaluatie" not in world.learner.get("/mijn/niveau").get_data(as_text=True)


def test_who_changes_an_answer_takes_both_agreements_away(world: World) -> None:
    url = world.start()
    own = url.replace("/voortgang", "/mijn")
    world.teacher.post(url, world.said("4", ""))
    world.learner.get(own)
    world.learner.post(own, world.said("3", ""))
    assert world.agree(world.teacher, url) == 303
    assert world.row.teacher_agreed_at is not None

    world.learner.post(own, world.said("5", "Meer"))

    assert (world.row.teacher_agreed_at, world.row.agreed_by_name) == (None, None)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (("", "Goed"), "Kies een cijfer van 1 tot 5."),
        (("6", "Goed"), "Kies een cijfer"),
        (("4", "x" * 1001), "1000 tekens"),
    ],
)
def test_a_refused_answer_keeps_what_was_typed(world: World, sent: tuple[str, str], words: str) -> None:
    own = world.start().replace("/voortgang", "/mijn")
    world.learner.get(own)

    refused = world.learner.post(own, world.said(*sent))

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert words in text
    assert sent[1] in text
    assert world.row.learner_answers is None


def test_one_is_finished_before_the_next_begins_or_taken_away(world: World) -> None:
    url = world.start()
    begin = f"/cursisten/{world.amina.id}/voortgang/samen"

    again = world.teacher.post(begin, {"kind": "progress"})
    none_asked = world.teacher.post(begin, {"kind": "final"})

    assert "Er is al zo&#39;n evaluatie." in again.get_data(as_text=True) or again.status_code == 303
    assert none_asked.status_code == 422
    assert "nog geen vragen" in none_asked.get_data(as_text=True)
    assert world.teacher.post(f"{url}/weg").status_code == 303
    assert world.teacher.get(url).status_code == 404


def test_nobody_else_reads_it(world: World, client: PageClient, sign_in: SignIn) -> None:
    with in_school(world.school.id):
        other = make_joint_evaluation(make_enrolled_learner(make_group(), "Dilan"))

    assert world.learner.get(f"/mijn/evaluaties/{other.id}").status_code == 404
    assert world.learner.post(f"/mijn/evaluaties/{other.id}").status_code == 404
    assert world.teacher.get(f"/voortgang/evaluaties/{other.id}").status_code == 404
    sign_in(client, "management")
    assert client.get(f"/voortgang/evaluaties/{other.id}").status_code in REFUSED


def test_management_makes_the_questions(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, Role.MANAGEMENT.value)
    page = "/instellingen/evaluaties"
    assert "Nog geen vragen." in client.get(page).get_data(as_text=True)

    refused = client.post(page, {"kind": "final", "answer_kind": "text", "text": " "})
    stored = client.post(page, {"kind": "final", "answer_kind": "text", "text": "Wat wilt u nog leren?"})

    assert (refused.status_code, stored.status_code) == (422, 303)
    text = client.get(page).get_data(as_text=True)
    assert "Wat wilt u nog leren?" in text
    gone = re.search(rf'action="({page}/[^"]+/weg)"', text)
    assert gone is not None
    assert client.post(gone[1]).status_code == 303
    assert "Wat wilt u nog leren?" not in client.get(page).get_data(as_text=True)
    with in_school(school.id):
        assert session.scalars(select(EvaluationQuestion.is_retired)).all() == [True]


def test_a_school_whose_policy_keeps_none_begins_none(
    client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Callable[[str], Any]
) -> None:
    with enter("onderwijs-pro"):
        learner = make_enrolled_learner(make_group())
    browser = client_at("onderwijs-pro")
    sign_in(browser, "coach")

    assert browser.post(f"/cursisten/{learner.id}/voortgang/samen", {"kind": "progress"}).status_code in REFUSED


def test_nobody_agrees_with_answers_that_she_did_not_see(world: World) -> None:
    url = world.start()
    own = url.replace("/voortgang", "/mijn")
    world.teacher.post(url, world.said("4", "Zij spreekt veel."))
    world.learner.post(own, world.said("3", "Ik lees elke dag."))
    seen = hidden_in(world.learner.get(own), f"{own}/akkoord")["seen"]
    world.teacher.post(url, world.said("1", "Zij komt nooit."))

    for version in (seen, ""):
        stale = world.learner.post(f"{own}/akkoord", {"remark": "Mooi zo.", "seen": version})
        assert stale.status_code == 409
        assert "De antwoorden zijn intussen anders. Lees ze eerst." in stale.text
        assert "Zij komt nooit." in stale.text
        assert "Mooi zo." in stale.text
        assert world.row.learner_agreed_at is None
    assert world.learner.post(f"{own}/akkoord", hidden_in(stale, f"{own}/akkoord")).status_code == 303
    assert world.row.learner_agreed_at is not None


def test_each_side_is_told_that_the_evaluation_waits_for_it(world: World) -> None:
    url = world.start()
    own = url.replace("/voortgang", "/mijn")
    assert "Een evaluatie wacht op u" in world.learner.get("/meldingen").text
    assert "Een evaluatie wacht op u" not in world.teacher.get("/meldingen").text

    world.learner.get(own)
    world.learner.post(own, world.said("3", "Ik lees elke dag."))
    page = world.teacher.get("/meldingen").text
    assert "Amina Yilmaz" in page
    asked = re.findall(r'name="naar" value="([^"]+)"', page)
    assert [world.teacher.post("/meldingen/openen", {"naar": each}).location for each in asked] == [url]
