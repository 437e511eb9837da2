"""What an act has a school tell a municipality has no switch, and no objection against it: of whom the act says so, or
of whom it asked.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import count_withdrawn, give_file
from portal.disclosures.queries import list_learner_ids
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Funding, TargetGroup, Trajectory
from portal.organisations.models import OrganisationKind
from portal.purposes.objections.services import make_objections
from portal.purposes.statutes.queries import find_municipality_request, list_owed_purposes
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


def text_of(answer: TestResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


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


REQUESTED = {
    "target_group": TargetGroup.FAMILY,
    "funding": Funding.DUO_LOAN,
    "municipality_asked_on": today(),
    "municipality_request": "Brief G-7",
}


@pytest.mark.promise("LB-09")
@pytest.mark.parametrize("group", [TargetGroup.FAMILY, TargetGroup.OTHER])
@pytest.mark.parametrize("funding", [*Funding, None])
def test_of_others_a_municipality_gets_it_from_the_day_it_asked(
    scene: Scene, group: TargetGroup, funding: Funding | None
) -> None:
    puts(scene.amina, **{**REQUESTED, "target_group": group, "funding": funding})
    assert list_owed_purposes(scene.amina.id, SYSTEM) == {"client_report"}

    disclosure = make(ask(scene))

    assert list_learner_ids(disclosure) == [scene.amina.id]
    assert count_withdrawn(disclosure) == 0


@pytest.mark.promise("LB-09")
@pytest.mark.parametrize(
    "values",
    [
        {"municipality_asked_on": today() + timedelta(days=1)},
        {"municipality_asked_on": today() - timedelta(days=9), "municipality_request_ended_on": today()},
        {"municipality_request_ended_on": today()},
    ],
)
def test_before_it_asked_and_after_it_took_that_back_a_yes_is_asked(scene: Scene, values: dict[str, object]) -> None:
    puts(scene.amina, **{**REQUESTED, **values})

    assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert find_municipality_request(scene.amina.id, SYSTEM) is None
    assert list_learner_ids(make(ask(scene))) == []


@pytest.mark.promise("LB-09")
@pytest.mark.parametrize("values", [OWED, REQUESTED])
@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind is not OrganisationKind.MUNICIPALITY])
def test_a_client_that_is_no_municipality_gets_nothing_by_law(
    scene: Scene, values: dict[str, object], kind: OrganisationKind
) -> None:
    puts(scene.amina, **values)
    scene.client.kind = kind
    session.flush()

    assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert list_learner_ids(make(ask(scene))) == []


def test_once_she_is_no_more_with_that_municipality_it_gets_nothing(scene: Scene) -> None:
    ended = today() - timedelta(days=29)
    puts(scene.amina, **REQUESTED, ends_on=ended)

    assert list_owed_purposes(scene.amina.id, SYSTEM) == frozenset()
    assert list_learner_ids(make(ask(scene))) == []


def test_a_request_that_is_taken_back_voids_a_file_that_nobody_fetched(scene: Scene) -> None:
    puts(scene.amina, **REQUESTED)
    disclosure = make(ask(scene))
    puts(scene.amina, **REQUESTED, municipality_request_ended_on=today())

    assert count_withdrawn(disclosure) == 1
    with pytest.raises(Conflict, match="void"):
        give_file(disclosure.id, signed_in_at=now(), by=scene.office)


@pytest.mark.parametrize("slug", ["lest-best", "meester-in-nt2"])
def test_her_page_says_who_asked_when_and_by_which_law(
    client_at: Callable[[str], PageClient], enter: Enter, sign_in: SignIn, slug: str
) -> None:
    client = client_at(slug)
    with enter(slug):
        scene = make_scene()
        puts(scene.amina, **{**REQUESTED, "municipality_asked_on": date(2026, 3, 2)})
    sign_in(client, "learner", learner=scene.amina)

    page = text_of(client.get("/mijn/toestemmingen"))

    assert "Op 2 maart 2026 vroeg Gemeente Utrecht hoe het met de cursus gaat." in page
    assert "Besluit inburgering 2021, art. 9.2 lid 4" in page
    assert "De gemeente mag uw aanwezigheid ook gebruiken om te controleren of u naar de les gaat." in page
    assert 'value="client_report"' not in client.get("/mijn/rechten/bezwaar").get_data(as_text=True)
    record = text_of(client.get("/mijn/gegevens/alles"))
    assert all(each in record for each in ("Brief G-7", "2 maart 2026", "Gemeente Utrecht"))


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
