"""Handing in a screenshot of a lesson, seeing and erasing pictures; a learner sees her own, and nobody else's."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.evidence.models import LessonEvidence
from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LessonPlace
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.consent import agree
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.documents import gallery
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")


class World:
    """A teacher, signed in, with a lesson at a distance of two learners, of whom one said yes to pictures."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        self.client = client
        teacher = sign_in(client, "teacher")
        with in_school(LEST_BEST):
            group = make_group("A2 online")
            make_teacher_of(group, teacher)
            self.amina, self.chen = make_learner("Amina", "Yilmaz"), make_learner("Chen", "Liang")
            lesson = make_lesson(group, place=LessonPlace.DISTANCE)
            for each in (self.amina, self.chen):
                enrol(each, group)
                make_mark(lesson, each)
            agree(self.amina, "quality_report")
            self.lesson_id = lesson.id
        self.url = f"/lessen/{self.lesson_id}/beelden"
        self.place = f"place_{str(self.amina.id)[-9:]}"

    def hand_in(self, **values: Any) -> Any:
        sent = {**hidden_in(self.client.get(self.url), self.url), "columns": "2", "rows": "1", self.place: "2"}
        picture = (io.BytesIO(gallery(2, 1)), "les.png")
        return self.client.post(self.url, {**sent, "is_attested": "y", "picture": picture, **values})

    @property
    def kept(self) -> list[LessonEvidence]:
        with in_school(LEST_BEST):
            return list(session.scalars(select(LessonEvidence)))


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("evidence",)])
def test_who_restricted_her_pictures_is_not_named(
    client: PageClient, world: World, categories: tuple[str, ...]
) -> None:
    with in_school(LEST_BEST):
        for each in (world.amina, world.chen):
            hold(each.id, *categories)

    shown = client.get(world.url).get_data(as_text=True)

    assert not any(each.family_name in shown for each in (world.amina, world.chen))
    assert "afgeschermd" not in shown
    assert client.post(world.url, {world.place: "1", "columns": "1", "rows": "1"}).status_code == 422
    assert world.kept == []


@pytest.mark.promise("LB-02", part="screenshots")
def test_a_teacher_hands_one_in_sees_it_and_erases_it(client: PageClient, world: World) -> None:
    assert world.url in client.get(f"/lessen/{world.lesson_id}/presentie").get_data(as_text=True)
    shown = client.get(world.url).get_data(as_text=True)
    assert "Nog geen beelden" in shown
    assert "Hiervoor is eerst toestemming van de cursist nodig" in shown

    assert world.hand_in().status_code == 303

    (row,) = world.kept
    assert row.learner_id == world.amina.id
    page = client.get(world.url).get_data(as_text=True)
    assert f"{world.url}/{row.id}" in page
    picture = client.get(f"{world.url}/{row.id}")
    assert picture.mimetype == "image/jpeg"
    assert client.post(f"{world.url}/{row.id}/weg").status_code == 303
    assert world.kept == []
    assert client.get(f"{world.url}/{row.id}").status_code == 404
    with in_school(LEST_BEST):
        found = select(AuditEvent.event).where(AuditEvent.event.startswith("attendance.evidence"))
        assert list(session.scalars(found.order_by(AuditEvent.id)))[:2]


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(client: PageClient, world: World) -> None:
    refused = world.hand_in(**{world.place: "3"})

    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Zoveel beelden zijn er niet." in text
    assert 'value="3"' in text
    assert world.hand_in(picture=(io.BytesIO(b"geen beeld"), "les.png")).status_code == 422
    assert world.hand_in(columns="veel").status_code == 422
    assert world.hand_in(is_attested="").status_code == 422
    assert world.kept == []


def test_sent_twice_it_is_kept_once(client: PageClient, world: World) -> None:
    sent = {**hidden_in(client.get(world.url), world.url), "columns": "2", "rows": "1", world.place: "2"}
    for _ in range(2):
        picture = (io.BytesIO(gallery(2, 1)), "les.png")
        assert client.post(world.url, {**sent, "is_attested": "y", "picture": picture}).status_code == 303
    assert len(world.kept) == 1


def test_she_sees_her_own_and_another_does_not(client: PageClient, world: World, sign_in: SignIn) -> None:
    world.hand_in()
    (row,) = world.kept

    sign_in(client, "learner", learner=world.amina)
    page = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert f"/mijn/aanwezigheid/beelden/{row.id}" in page
    assert client.get(f"/mijn/aanwezigheid/beelden/{row.id}").mimetype == "image/jpeg"
    sign_in(client, "learner", learner=world.chen)
    assert client.get(f"/mijn/aanwezigheid/beelden/{row.id}").status_code == 404


def test_another_teacher_reaches_none(client: PageClient, world: World, sign_in: SignIn) -> None:
    world.hand_in()
    (row,) = world.kept
    sign_in(client, "teacher")
    for path in (world.url, f"{world.url}/{row.id}"):
        assert client.get(path).status_code == 404
    assert client.post(f"{world.url}/{row.id}/weg").status_code == 404


def test_a_lesson_at_school_says_that_it_takes_none(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        lesson_id = make_lesson(make_group("A2 op school")).id
    SignIn()(client, "administration")
    assert "Deze les is op school." in client.get(f"/lessen/{lesson_id}/beelden").get_data(as_text=True)
    assert f"/lessen/{lesson_id}/beelden" not in client.get(f"/lessen/{lesson_id}/presentie").get_data(as_text=True)
