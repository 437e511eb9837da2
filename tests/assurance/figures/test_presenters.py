"""The public statement says how the school kept it, from what was counted; nothing before anybody counted."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.assurance.figures.keys import TESTED, FigureKey
from portal.assurance.figures.labels import PUBLIC
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.presenters import present_public_figures
from portal.assurance.figures.promises import figures_by_promise
from portal.assurance.figures.services import check_all
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.requests.data_requests.models import RequestKind
from tests.assurance.counts.broken_data import DAY, set_row
from tests.conftest import school_id
from tests.factories.learners import make_contact_person, make_learner
from tests.factories.policy import SLUGS, shipped
from tests.factories.requests import ask
from tests.page_client import PageClient

Enter = Callable[[str], Any]


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
    assert re.search(r'cookies die nodig zijn</td><td data-label="Gelukt">\s*getest bij elke versie', page)
    assert "niets te meten" in page


def said(title: str) -> tuple[int, int]:
    """Return what the statement of the school in scope says of a line."""
    found = present_public_figures()
    assert found is not None
    line = next(each for each in found.lines if each.title == title)
    return line.good, line.total


@pytest.mark.usefixtures("in_dutch")
def test_a_line_is_of_all_kinds_together(enter: Enter) -> None:
    title = "Wij geven op tijd antwoord op vragen over gegevens"
    with enter("meester-in-nt2"):
        for kind in (RequestKind.ACCESS, RequestKind.ACCESS, RequestKind.ACCESS, RequestKind.ERASURE):
            ask(make_learner(), kind)
        check_all()
        assert said(title) == (4, 4)
        set_row(ask(make_learner(), RequestKind.ERASURE), due_on=today() - DAY)
        check_all()
        assert said(title) == (4, 5)


@pytest.mark.usefixtures("in_dutch")
def test_contacts_count_among_what_is_kept_too_long(enter: Enter) -> None:
    with enter("leren-leren"):
        check_all()
        long_ago, (good, total) = 20 * 366 * DAY, said("Wij bewaren niets te lang")
        make_contact_person(None, created_at=now() - long_ago, last_contact_on=today() - long_ago)
        check_all()
        after = said("Wij bewaren niets te lang")
    assert after[1] > total
    assert after[1] - after[0] > total - good


@pytest.mark.parametrize("slug", SLUGS)
def test_each_promise_has_a_line_on_the_statement(slug: str, enter: Enter) -> None:
    shown = {key for each in PUBLIC for key in each.keys}
    for promise, figures in figures_by_promise(shipped(slug)).items():
        assert shown & {each.key for each in figures}, promise
    with enter(slug):
        check_all()
        found = present_public_figures()
        assert found is not None
        assert len(found.lines) == len({line.title for line in found.lines}) >= 10


def test_each_figure_is_on_the_statement_once_unless_it_would_help_a_thief() -> None:
    keys = [key for each in PUBLIC for key in each.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) >= TESTED
    assert not set(keys) & {FigureKey.SECOND_FACTOR, FigureKey.BACKUPS_MADE, FigureKey.INCIDENTS_IN_TIME}
