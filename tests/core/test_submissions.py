"""A form that was sent is known by a digest for two days, and only within its school."""

from datetime import timedelta

from sqlalchemy import func, select, update

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.personal_data import PersonKind
from portal.core.submissions import Submission, claim, forget_old, note_answer
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.learners import make_learner


def test_the_same_is_told_from_another(school: SchoolView) -> None:
    first, _nowhere = claim(["amina", "yilmaz"])
    assert first is not None
    note_answer(first, "/cursisten/1")

    assert claim(["amina", "yilmaz"]) == (None, "/cursisten/1")
    assert claim(["amina", "yilma", "z"])[0] is not None
    with in_school(school_id("step-inburgering")):
        assert claim(["amina", "yilmaz"])[0] is not None


def test_nothing_that_was_typed_is_kept(school: SchoolView) -> None:
    claim(["a very secret name"])

    digest = session.scalar(select(Submission.digest))
    assert digest is not None
    assert len(digest) == 32
    assert b"secret" not in digest


def test_an_address_too_long_to_keep_is_left_out(school: SchoolView) -> None:
    first, _nowhere = claim(["a form"])
    assert first is not None
    note_answer(first, "/" + "x" * 3000)

    assert claim(["a form"]) == (None, None)


def test_what_led_nowhere_stored_nothing_and_may_come_again(school: SchoolView) -> None:
    first, _nowhere = claim(["a form"])
    assert first is not None
    note_answer(first, None)

    assert claim(["a form"])[0] is not None


def test_who_is_erased_leaves_the_address_to_which_it_led(school: SchoolView) -> None:
    amina, bereket = make_learner("Amina"), make_learner("Bereket")
    for each in (amina, bereket):
        note_answer(claim([each.given_name])[0] or each.id, f"/cursisten/{each.id}/gegevens#naam")

    erase_person(PersonKind.LEARNER, amina.id, why="asked")

    assert claim(["Amina"]) == (None, None)
    assert claim(["Bereket"]) == (None, f"/cursisten/{bereket.id}/gegevens#naam")


def test_it_is_forgotten_after_two_days(school: SchoolView) -> None:
    claim(["a form"])
    forget_old()
    assert claim(["a form"])[0] is None

    session.execute(update(Submission).values(sent_at=func.clock_timestamp() - timedelta(days=3)))
    forget_old()
    assert claim(["a form"])[0] is not None
