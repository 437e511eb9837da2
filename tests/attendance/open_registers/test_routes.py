"""The list of open registers says whose they are."""

from datetime import timedelta

from portal.core.clock import today
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")


def test_an_open_register_names_who_taught_that_day_or_took_over(client: PageClient, sign_in: SignIn) -> None:
    day = today() - timedelta(days=1)
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend", starts_on=day - timedelta(days=9))
        make_teacher_of(group, make_account("Noor Bakker", "teacher"))
        gone = make_account("Vera Smit", "teacher")
        make_teacher_of(group, gone, ends_on=day - timedelta(days=2))
        make_enrolled_learner(group, starts_on=day - timedelta(days=9))
        stand_in = make_account("Sam Visser", "teacher")
        make_lesson(group, held_on=day)
        make_lesson(group, held_on=day - timedelta(days=1), substitute_id=stand_in.id)
    sign_in(client, "administration")
    text = client.get("/presentie").get_data(as_text=True)
    assert text.count("Noor Bakker") == 1
    assert text.count('vervanger: <bdi translate="no">Sam Visser') == 1
    assert "Vera Smit" not in text
