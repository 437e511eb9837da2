"""What a sheet says of a trajectory of which a municipality asked how it goes: it doesn't become another's."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.session import session
from portal.imports.models import Listing
from portal.imports.queries import get_rows
from portal.imports.runs.storage import start_storing
from portal.learners.trajectories.models import TargetGroup, Trajectory
from portal.organisations.models import Organisation
from portal.schools.queries import SchoolView
from tests.factories.imports import chosen, handed_in, make_office, sheet_bytes, stored
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.jobs import do_jobs

HEADER = ["Nummer", "Voornaam", "Achternaam", "Wet", "Doelgroep", "Opdrachtgever", "Klantmanager", "Contractnummer"]
ASKED = {"municipality_asked_on": today(), "municipality_request": "Brief G-7"}


@pytest.fixture
def hers(school: SchoolView) -> Callable[..., Trajectory]:
    """Make a trajectory of Amina with Gemeente Utrecht as its client."""

    def made(**values: object) -> Trajectory:
        learner, client = make_learner("Amina", "Berg", number="501"), make_organisation()
        return make_trajectory(learner, target_group=TargetGroup.FAMILY, client_id=client.id, **values)

    return made


@pytest.mark.parametrize(("group", "client"), [("asiel", "Gemeente Utrecht"), ("gezin", "Gemeente Zeist")])
def test_client_and_target_group_stay_where_a_municipality_asked(
    hers: Callable[..., Trajectory], group: str, client: str
) -> None:
    trajectory = hers(**ASKED)
    client_id = trajectory.client_id

    row = ["501", "Amina", "Berg", "Wi2021", group, client, "Kim de Boer", "C-7"]
    office = make_office()
    run = chosen(handed_in(sheet_bytes(HEADER, row), office), office)
    assert get_rows(run, Listing.CHANGED, 1).rows[0]["notes"] == [["", "municipality_asked", {}]]
    start_storing(run.id, by=office)
    do_jobs("imports.store")

    session.expire_all()
    kept = session.scalars(select(Trajectory)).one()
    assert (kept.target_group, kept.client_id, kept.client_manager_id) == (TargetGroup.FAMILY, client_id, None)
    assert (kept.municipality_request, kept.contract_number) == ("Brief G-7", "C-7")


def test_without_a_request_a_sheet_changes_both(hers: Callable[..., Trajectory]) -> None:
    hers()

    stored(
        sheet_bytes(HEADER, ["501", "Amina", "Berg", "Wi2021", "asiel", "Gemeente Zeist", None, None]), make_office()
    )

    session.expire_all()
    kept = session.scalars(select(Trajectory)).one()
    assert kept.target_group is TargetGroup.ASYLUM
    assert session.scalars(select(Organisation.id).where(Organisation.name == "Gemeente Zeist")).one() == kept.client_id
