"""What an act has a school tell a municipality has no switch, and no objection against it: of whom the act says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import count_withdrawn
from portal.disclosures.queries import list_learner_ids
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Funding, TargetGroup, Trajectory
from portal.purposes.objections.services import make_objections
from portal.purposes.statutes.queries import list_owed_purposes
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import agree, as_learner
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.learners import make_organisation, make_trajectory
from tests.page_client import PageClient
from tests.signing_in import SignIn

Enter = Callable[[str], AbstractContextManager[SchoolView]]

OWED = {"act": Act.WI2021, "target_group": TargetGroup.ASYLUM, "funding": Funding.MUNICIPALITY}
NOT_OWED = [
    {"act": Act.WI2013},
    {"target_group": TargetGroup.FAMILY},
    {"target_group": None},
    {"funding": Funding.EMPLOYER},
    {"funding": None},
]


@pytest.fixture
def scene(school: SchoolView) -> Scene:
    return make_scene()


def puts(learner: Learner, **values: object) -> None:
    """Let her trajectory be one of which an act has the municipality hear, but for these values."""
    row = session.scalars(select(Trajectory).where(Trajectory.learner_id == learner.id)).one()
    for name, value in {**OWED, **values}.items():
        setattr(row, name, value)
    session.flush()


@pytest.mark.promise("LB-09")
def test_her_municipality_gets_what_the_act_says_without_a_yes(scene: Scene) -> None:
    puts(scene.amina)
    assert list_owed_purposes(scene.amina.id, SYSTEM) == {"client_report"}

    disclosure = make(ask(scene))

    assert list_learner_ids(disclosure) == [scene.amina.id]
    assert count_withdrawn(disclosure) == 0


@pytest.mark.promise("LB-09")
@pytest.mark.parametrize("values", NOT_OWED)
def test_of_everybody_else_a_yes_is_asked(scene: Scene, values: dict[str, object]) -> None:
    puts(scene.amina, **values)

    assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert list_learner_ids(make(ask(scene))) == []


@pytest.mark.promise("LB-09")
def test_an_employer_gets_nothing_without_a_yes_though_her_municipality_does(scene: Scene) -> None:
    puts(scene.amina)
    employer = make_organisation("Bakkerij Het Anker")
    make_trajectory(scene.amina, client_id=employer.id, act=Act.VOLUNTARY, funding=Funding.EMPLOYER)
    theirs = Scene(employer, scene.group, scene.amina, scene.bereket, scene.chen, scene.office)

    assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert list_learner_ids(make(ask(theirs))) == []
    assert list_learner_ids(make(ask(scene))) == [scene.amina.id]
    agree(scene.amina, "client_report")
    assert list_learner_ids(make(ask(theirs))) == [scene.amina.id]


def test_an_objection_doesnt_take_her_out_of_what_the_act_asks(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()
        for learner in (scene.amina, scene.bereket):
            make_objections(learner.id, ["client_report"], data_request_id=None, by=as_learner(learner))
        puts(scene.amina)

        assert list_learner_ids(make(ask(scene))) == [scene.amina.id]


@pytest.mark.parametrize("slug", ["lest-best", "meester-in-nt2"])
def test_her_page_says_that_the_law_asks_it_and_has_no_switch(
    client_at: Callable[[str], PageClient], enter: Enter, sign_in: SignIn, slug: str
) -> None:
    client = client_at(slug)
    with enter(slug):
        scene = make_scene()
        puts(scene.amina)
    sign_in(client, "learner", learner=scene.amina)

    page = client.get("/mijn/toestemmingen").get_data(as_text=True)

    assert "uw gemeente hoort hoe het met de cursus gaat" in page
    assert "Wet inburgering 2021, art. 35" in page
    assert "doel-client_report" not in page
    assert 'value="client_report"' not in client.get("/mijn/rechten/bezwaar").get_data(as_text=True)


def test_another_schools_trajectory_says_nothing(enter: Enter, scene: Scene) -> None:
    puts(scene.amina)
    with enter("meester-in-nt2"):
        assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert school_id("meester-in-nt2") != scene.amina.school_id
