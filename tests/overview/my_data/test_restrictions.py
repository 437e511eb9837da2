"""*Mijn gegevens* says what stands still, since when and why, and each time it was used all the same."""

from contextvars import copy_context
from functools import partial

import pytest

from portal.core.db.scope import in_school
from portal.core.http.access import Actor
from portal.purposes.restrictions.models import UseGround
from portal.purposes.restrictions.services import allow_use, tell_of_lifting
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.policy import name_staff
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.mark.usefixtures("in_dutch")
def test_she_reads_what_stands_still_and_who_used_it(client: PageClient, sign_in: SignIn, office: Actor) -> None:
    with in_school(HERE):
        learner = make_learner()
    sign_in(client, "learner", learner=learner)
    assert "Dit is afgeschermd" not in client.get("/mijn/gegevens").get_data(as_text=True)
    with in_school(HERE):
        restriction = hold(learner.id, "address", "level")
        tell_of_lifting(restriction.id, by=office)
        use = partial(
            allow_use,
            restriction.id,
            ground=UseGround.PUBLIC_INTEREST,
            why="De rechter vraagt het.",
            used_for="een zaak",
            article="Wpg artikel 6",
            by=office,
        )
        copy_context().run(use)

    page = " ".join(client.get("/mijn/gegevens").get_data(as_text=True).split())

    assert "Dit is afgeschermd: " in page
    assert "De reden: de school kijkt na of het klopt." in page
    assert "De school gaat dit weer gebruiken." in page
    assert "Toch gebruikt op" in page
    assert "Anouk Bos" not in page  # the policy tells her roles, not names
    assert "een zaak" in page
    assert "(Wpg artikel 6)." in page
    assert "De rechter vraagt het." in page
    with in_school(HERE):
        name_staff("lest-best")
    assert "Anouk Bos" in client.get("/mijn/gegevens").get_data(as_text=True)
