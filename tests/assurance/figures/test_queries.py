"""*Bewijs* and `portal evidence`: from what the worker counted last, with the time; who may see it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, update

from portal import cli
from portal.assurance.figures.keys import Count, Figure, FigureKey
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.presenters import FigureState, present_report, state_of_promise
from portal.assurance.figures.promises import figures_by_promise, figures_of
from portal.assurance.figures.queries import Evidence, PromiseEvidence, list_evidence
from portal.assurance.figures.services import check_all
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.oversight.access_reviews.models import AccessReview
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.oversight import make_review
from tests.factories.policy import SLUGS
from tests.page_client import PageClient
from tests.signing_in import SignIn

Clock = Callable[[datetime], None]
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


def test_before_the_first_night_no_promise_is_kept(database: Engine) -> None:
    found = json.loads(run("--school", "lest-best", "--json").output)["promises"]
    assert len(found) > 9
    assert {each["kept"] for each in found} == {None}
    assert {each["state"] for each in found} == {"waiting", "tested"}


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ((None, None), FigureState.WAITING),
        ((Count(2, 2), None), FigureState.WAITING),
        ((Count(1, 2), None), FigureState.RED),
        ((Count(0, 0), Count(0, 0)), FigureState.NOTHING),
        ((Count(0, 0), Count(2, 2)), FigureState.KEPT),
        ((Count(2, 2), Count(1, 2)), FigureState.RED),
    ],
)
def test_a_promise_is_kept_only_where_all_was_counted_and_there_was_something(
    counts: tuple[Count | None, ...], state: FigureState
) -> None:
    figures = tuple(Evidence(Figure(FigureKey.FILES_GONE), each, now() if each else None) for each in counts)
    assert state_of_promise(PromiseEvidence("XX-01", figures)) is state


def test_the_page_adds_up_to_all_promises(client: PageClient, sign_in: SignIn) -> None:
    with in_school(school_id("lest-best")):
        make_learner(last_contact_on=today() - timedelta(days=9 * 366))
        check_all()
        report = present_report(list_evidence(), current_policy())
    assert sum(report.states.values()) == len(report.promises)
    assert all(report.states[each] for each in (FigureState.RED, FigureState.KEPT, FigureState.NOTHING))
    sign_in(client, "management")
    page = client.get("/bewijs").text
    said = {
        "Beloften op orde": f"{report.states[FigureState.KEPT]} van {len(report.promises)}",
        "Vraagt aandacht": str(report.states[FigureState.RED]),
        "Niets te meten": str(report.states[FigureState.NOTHING]),
        "Getest bij elke versie": "1",
    }
    for label, value in said.items():
        assert re.search(rf'{label}</span><span class="big[^"]*">{value}</span>', page), label
    assert "Nog niet geteld" not in page


def test_what_somebody_signs_for_says_who_and_when(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    def attested() -> Any:
        found = json.loads(run("--school", "lest-best", "--json").output)["promises"]
        return {
            figure["figure"]: figure["attested"]
            for promise in found
            for figure in promise["figures"]
            if "attested" in figure
        }

    both = {"access_reviewed", "measures_in_place"}
    sign_in(client, "management", name="Dina Bos")
    assert "Nog door niemand ondertekend" not in client.get("/bewijs").text
    with in_school(school_id("lest-best")):
        check_all()
    assert attested() == dict.fromkeys(both)
    assert "Nog door niemand ondertekend" in client.get("/bewijs").text

    with in_school(school_id("lest-best")):
        review = make_review()
        name, signed_at = review.signed_by_name, review.signed_at
    assert attested() == dict.fromkeys(both), "counted at night alone"
    clock(datetime.now(UTC) + timedelta(minutes=1))
    with in_school(school_id("lest-best")):
        check_all()
    assert attested() == {key: {"by": name, "at": signed_at.isoformat()} for key in both}
    assert f"signed by {name} at" in run("--school", "lest-best").output
    page = client.get("/bewijs").text
    assert re.search(rf"Ondertekend door <bdi[^>]*>{name}</bdi> op \d", page)

    with in_school(school_id("lest-best")):
        session.execute(update(AccessReview).values(signed_by=None, signed_by_name=""))
    assert attested()["measures_in_place"] == {"by": None, "at": signed_at.isoformat()}
    assert "Ondertekend op " in client.get("/bewijs").text


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
    says = {"kept": True, "red": False}
    assert all(each["kept"] is says.get(each["state"]) for each in found["promises"])
    tested = by_promise["LB-16"]["figures"][0]
    assert (tested["state"], tested["total"]) == ("tested", None)
    assert "LB-12 past_term default: " in run("--school", "lest-best").output
    missing = run("--school", "nergens")
    assert missing.exit_code == 1
    assert len(missing.output.splitlines()) == 1
