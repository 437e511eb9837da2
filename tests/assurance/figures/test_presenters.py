"""The public statement says how the school kept it, from what was counted; nothing before anybody counted."""

from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.services import check_all
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import ask
from tests.page_client import PageClient


def test_the_statement_says_nothing_before_the_first_count(client: PageClient) -> None:
    assert "Houden wij ons eraan?" not in client.get("/privacy").text


def test_the_statement_says_how_many_of_how_many(client: PageClient) -> None:
    with in_school(school_id("lest-best")):
        ask(make_learner())
        check_all()
        row = session.query(CheckedFigure).filter_by(key="answered_in_time", subject="access").one()
        kept = f"{row.good} van {row.total}"
        assert row.total > 0
    page = client.get("/privacy").text
    assert "Houden wij ons eraan?" in page
    assert f'Wij geven op tijd antwoord op vragen over gegevens</td><td data-label="Gelukt">{kept}' in page
    assert "niets te meten" in page
