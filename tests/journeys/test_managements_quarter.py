"""Management's quarter: from *Vandaag* through who can reach what, ending what isn't needed, to a signed review."""

from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from portal.accounts.queries import has_role
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.oversight.access_reviews.models import AccessReview
from portal.permissions import Role
from tests.conftest import school_id
from tests.journeys.conftest import Live
from tests.journeys.people import make_person
from tests.signing_in import make_account

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "step-inburgering"
TITLES = {"nl": "Controle doen", "en": "Do the review", "ar": "إجراء المراجعة"}


@pytest.mark.promise("OP-09", part="reviewed")
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_managements_quarter(live: Live, browse: Callable[..., Page], scripted: bool) -> None:
    page = browse(scripted=scripted, viewport={"width": 390, "height": 844})
    manager = make_person(live, page, SLUG, "Dina Bos", "management")
    with in_school(school_id(SLUG)):
        session.execute(delete(AccessReview))  # of a journey before this one
        leaving = make_account("Tess Visser", "teacher")

    manager.signs_in()
    manager.go("/vandaag")
    page.locator("main").get_by_role("link", name="Controle van toegang").click()
    page.get_by_role("link", name="Controle doen").click()
    manager.titled("Controle doen")
    assert manager.fits()
    for each in page.get_by_role("radio", name="blijft").all():
        each.check()
    for each in page.get_by_role("radio", name="ja", exact=True).all():
        each.check()
    hers = page.get_by_role("region", name="Tess Visser").last
    hers.get_by_role("radio", name="stopt meteen").check()
    manager.presses("Ondertekenen")
    manager.reads("Zet een vinkje. Daarmee ondertekent u.")
    expect(hers.get_by_role("radio", name="stopt meteen")).to_be_checked()
    page.get_by_label("Ik heb bij iedereen gekeken").check()
    manager.presses("Ondertekenen")
    manager.titled("Controle van")
    manager.reads("Ondertekend door Dina Bos", "Tess Visser", "gestopt")
    assert manager.fits()

    with in_school(school_id(SLUG)):
        assert not has_role(leaving.id, Role.TEACHER, SYSTEM)
    manager.go("/vandaag")
    expect(page.locator("main").get_by_role("link", name="Controle van toegang")).to_have_count(0)


@pytest.mark.sample(1 / 6)
@pytest.mark.parametrize(("language", "width"), list(product(TITLES, (390, 1280))))
def test_the_review_fits_every_screen_in_every_language(
    live: Live, browse: Callable[..., Page], language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 900})
    manager = make_person(live, page, SLUG, "Dina Bos", "management")
    manager.signs_in()
    manager.speaks(language)
    manager.go("/toegangscontrole/nieuw")
    manager.titled(TITLES[language])
    assert manager.fits()
