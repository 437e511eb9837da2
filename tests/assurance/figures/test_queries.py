"""*Bewijs* and `portal evidence`: from what the worker counted last, with the time; who may see it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from portal import cli
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.promises import figures_by_promise, figures_of
from portal.assurance.figures.queries import list_evidence
from portal.assurance.figures.services import check_all
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.policy import SLUGS
from tests.page_client import PageClient
from tests.signing_in import SignIn

Enter = Callable[[str], Any]
cli._load()


def run(*words: str) -> Result:
    """Run `portal evidence` with these words."""
    return CliRunner().invoke(cli.portal, ["evidence", *words])


@pytest.mark.parametrize("slug", SLUGS)
def test_counting_is_kept_with_its_time_and_can_be_repeated(slug: str, enter: Enter) -> None:
    with enter(slug):
        made = check_all()
        assert check_all() == made == len(session.scalars(select(CheckedFigure)).all())
        found = list_evidence()
        assert {each.promise for each in found} == set(figures_by_promise(current_policy()))
        for each in found:
            for figure in each.evidence:
                assert figure.is_tested or (figure.count is not None and figure.checked_at is not None)
        assert len(figures_of(current_policy())) >= made


def test_a_figure_that_no_policy_cites_any_more_goes(enter: Enter) -> None:
    with enter("lest-best"):
        made = check_all()
        row = session.scalars(select(CheckedFigure)).first()
        assert row is not None
        row.subject = "gone"
        session.flush()
        assert check_all() == made
        assert session.scalars(select(CheckedFigure.id).where(CheckedFigure.subject == "gone")).all() == []


@pytest.mark.parametrize("role", ["privacy_staff", "privacy_officer", "management"])
def test_the_page_shows_what_is_red_first_with_what_to_do(role: str, client: PageClient, sign_in: SignIn) -> None:
    with in_school(school_id("lest-best")):
        check_all()
    sign_in(client, role)
    calm = client.get("/bewijs")
    assert calm.status_code == 200
    for promise in ("LB-01", "LB-12", "LB-16"):
        assert promise in calm.text
    assert "Kijk bij Bewaartijd waarom er iets blijft staan" not in calm.text
    with in_school(school_id("lest-best")):
        make_learner(last_contact_on=today() - timedelta(days=9 * 366))
    assert "Kijk bij Bewaartijd waarom er iets blijft staan" not in client.get("/bewijs").text, "counted at night alone"
    with in_school(school_id("lest-best")):
        check_all()
    assert "Kijk bij Bewaartijd waarom er iets blijft staan" in client.get("/bewijs").text


def test_who_has_no_need_of_it_does_not_see_it(client: PageClient, sign_in: SignIn) -> None:
    for role in ("teacher", "coach", "administration"):
        sign_in(client, role)
        assert client.get("/bewijs").status_code == 403, role


def test_before_the_first_night_the_page_says_that_nobody_counted(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    page = client.get("/bewijs").text
    assert "Nog niets geteld" in page
    assert "nog niet geteld" in page


def test_the_command_prints_each_promise_with_its_figures(database: Engine) -> None:
    with in_school(school_id("lest-best")):
        check_all()
    result = run("--school", "lest-best", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["school"] == "lest-best"
    by_promise = {each["promise"]: each for each in found["promises"]}
    figure = next(each for each in by_promise["LB-12"]["figures"] if each["figure"] == "past_term")
    assert figure["total"] >= figure["good"] >= 0
    assert figure["checked_at"] is not None
    tested = by_promise["LB-16"]["figures"][0]
    assert (tested["state"], tested["total"]) == ("tested", None)
    assert "LB-12 past_term default: " in run("--school", "lest-best").output
    missing = run("--school", "nergens")
    assert missing.exit_code == 1
    assert len(missing.output.splitlines()) == 1
