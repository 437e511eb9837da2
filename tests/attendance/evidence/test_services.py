"""Of a screenshot each learner's own part is kept, under her own key, where policy, consent and register let it."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select

from portal.attendance.evidence.models import LessonEvidence
from portal.attendance.evidence.queries import open_picture
from portal.attendance.evidence.services import MOST_EACH, Screenshot, attach_screenshot, remove_evidence
from portal.attendance.models import Status
from portal.config import settings
from portal.core.clock import today
from portal.core.crypto import files, keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_people
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.courses.models import Lesson, LessonPlace
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import agree
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.documents import gallery, paper, shade_of
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff
from tests.factories.restrictions import hold

Enter = Callable[[str], AbstractContextManager[SchoolView]]
OFFICE = "administration"


class Online:
    """A lesson at a distance with two learners who are marked as present and said yes."""

    def __init__(self, *, consents: bool = True, **lesson: Any) -> None:
        self.group = group = make_group()
        self.amina: Learner = make_learner("Amina", "Yilmaz")
        self.chen: Learner = make_learner("Chen", "Li")
        self.lesson: Lesson = make_lesson(group, **{"place": LessonPlace.DISTANCE, **lesson})
        for each in (self.amina, self.chen):
            enrol(each, group)
            make_mark(self.lesson, each)
            if consents:
                agree(each, "quality_report")
        self.by: Actor = as_staff(OFFICE)

    def shot(self, **values: Any) -> Screenshot:
        places = {self.amina.id: 2, self.chen.id: 3}
        facts = {"content": gallery(2, 2), "columns": 2, "rows": 2, "places": places, "is_attested": True}
        return Screenshot(**{**facts, **values})

    def attach(self, **values: Any) -> list[UUID]:
        return attach_screenshot(self.lesson.id, self.shot(**values), by=self.by)


def rows() -> list[LessonEvidence]:
    return list(session.scalars(select(LessonEvidence).order_by(LessonEvidence.added_at)))


def picture_of(row: LessonEvidence) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(open_picture(row))))


@pytest.mark.promise("LB-02", part="screenshots")
def test_each_keeps_her_own_part_and_nobody_elses(school: SchoolView) -> None:
    online = Online()
    online.attach()

    kept = {row.learner_id: row for row in rows()}
    for learner, place in ((online.amina, 2), (online.chen, 3)):
        shown = picture_of(kept[learner.id])
        assert (shown.format, shown.size) == ("JPEG", (160, 120))
        assert max(abs(a - b) for a, b in zip(shown.convert("RGB").getpixel((5, 5)), shade_of(place), strict=True)) < 9
        row = files.get_file(kept[learner.id].file_id)
        assert (row.learner_id, row.category) == (learner.id, "evidence")
    on_disk = b"".join(path.read_bytes() for path in settings().files_dir.rglob("*") if path.is_file())
    assert b"JFIF" not in on_disk


def test_nothing_that_came_along_is_kept(school: SchoolView) -> None:
    told = PngInfo()
    told.add_text("Author", "Ahmed Geheim")
    online = Online()
    online.attach(content=gallery(2, 2, pnginfo=told))

    for row in rows():
        content = b"".join(open_picture(row))
        assert b"Geheim" not in content
        assert not Image.open(io.BytesIO(content)).getexif()


@pytest.mark.promise("LB-02", part="screenshots")
def test_where_the_policy_has_no_such_category_none_is_kept(enter: Enter) -> None:
    with enter("step-inburgering"):
        online = Online(consents=False)
        with pytest.raises(Invalid, match="not_in_policy") as caught:
            online.attach()
        assert caught.value.facts["category"] == "Bewijs van online lessen"
        assert rows() == []


@pytest.mark.promise("LB-02", part="screenshots")
def test_none_is_kept_of_who_did_not_say_yes(school: SchoolView) -> None:
    online = Online(consents=False)
    agree(online.chen, "quality_report")

    with pytest.raises(Invalid, match="needs_consent") as caught:
        online.attach()
    assert caught.value.field == f"place_{str(online.amina.id)[-9:]}"
    assert rows() == []
    assert len(online.attach(places={online.chen.id: 1})) == 1


def test_a_withdrawal_erases_hers_and_leaves_the_others(school: SchoolView) -> None:
    online = Online()
    online.attach()
    gone = next(row.file_id for row in rows() if row.learner_id == online.amina.id)

    erase_category(PersonKind.LEARNER, [online.amina.id], "evidence", why="withdrawal")

    assert [row.learner_id for row in rows()] == [online.chen.id]
    with pytest.raises((NotFound, keys.KeyDestroyed)):
        list(files.open_file(gone))
    assert picture_of(rows()[0]).size == (160, 120)


def test_who_is_erased_leaves_no_part_in_what_stays(school: SchoolView) -> None:
    online = Online()
    online.attach()

    erase_people(PersonKind.LEARNER, [online.amina.id], why="test")

    assert [row.learner_id for row in rows()] == [online.chen.id]
    assert picture_of(rows()[0]).size == (160, 120)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"is_attested": False}, "is_attested", "not_attested"),
        ({"columns": 0}, "columns", "out_of_range"),
        ({"rows": 8}, "rows", "out_of_range"),
        ({"content": b""}, "picture", "no_picture"),
        ({"content": b"x" * (6 * 1024 * 1024 + 1)}, "picture", "too_large"),
        ({"content": b"%PDF-1.4"}, "picture", "not_picture"),
        ({"content": b"\x89PNG\r\n\x1a\n" + bytes(40)}, "picture", "not_picture"),
        ({"content": gallery(2, 2)[:900]}, "picture", "broken"),
        ({"content": paper(size=(100, 100))}, "picture", "too_small"),
        ({"places": {}}, "picture", "nobody"),
    ],
)
def test_what_is_no_usable_screenshot_is_refused(
    school: SchoolView, values: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid, match=code) as caught:
        Online().attach(**values)
    assert caught.value.field == field
    assert rows() == []


def test_a_place_is_in_the_picture_and_of_one_person(school: SchoolView) -> None:
    online = Online()
    for places, code in (
        ({online.amina.id: 5}, "no_such_place"),
        ({online.amina.id: 0}, "no_such_place"),
        ({online.amina.id: 1, online.chen.id: 1}, "same_place"),
    ):
        with pytest.raises(Invalid, match=code):
            online.attach(places=places)
    assert rows() == []


def test_only_of_who_is_marked_as_present_and_not_restricted(school: SchoolView) -> None:
    online = Online()
    absent = make_learner("Bereket")
    enrol(absent, online.group)
    make_mark(online.lesson, absent, Status.ABSENT)
    agree(absent, "quality_report")
    with pytest.raises(Invalid, match="not_present"):
        online.attach(places={absent.id: 1})
    hold(online.amina.id, "evidence")
    with pytest.raises(Invalid, match="nobody"):
        online.attach(places={make_learner("Dilan").id: 1})


@pytest.mark.parametrize(
    ("lesson", "code"),
    [
        ({"place": LessonPlace.SCHOOL}, "not_online"),
        ({"held_on": today() + timedelta(days=2)}, "lesson_in_future"),
    ],
)
def test_only_a_lesson_at_a_distance_that_began_takes_one(
    school: SchoolView, lesson: dict[str, Any], code: str
) -> None:
    with pytest.raises(Conflict, match=code):
        Online(**lesson).attach()


def test_of_one_lesson_four_of_each_are_kept_at_most(school: SchoolView) -> None:
    online = Online()
    for _ in range(MOST_EACH):
        online.attach(places={online.amina.id: 1})
    with pytest.raises(Invalid, match="enough"):
        online.attach(places={online.amina.id: 1})


def test_one_is_taken_away_with_its_content(school: SchoolView) -> None:
    online = Online()
    first, second = online.attach()
    file_id = session.get_one(LessonEvidence, (current_school_id(), first)).file_id

    remove_evidence(online.lesson.id, first, by=online.by)

    assert [row.id for row in rows()] == [second]
    with pytest.raises(NotFound):
        list(files.open_file(file_id))
    with pytest.raises(NotFound):
        remove_evidence(make_lesson().id, second, by=online.by)


def test_who_keeps_no_register_attaches_none(school: SchoolView) -> None:
    online = Online()
    with pytest.raises(NotAllowed):
        attach_screenshot(online.lesson.id, online.shot(), by=as_staff("coach"))
