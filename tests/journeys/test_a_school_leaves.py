"""A school that leaves: management reads how, the operator hands over and destroys, its address says it is gone."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Page, expect
from sqlalchemy import text, update

from portal import cli, config
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.policy.services import SHIPPED
from portal.schools.models import School
from tests.factories.accounts import make_account
from tests.journeys.conftest import Live
from tests.journeys.people import Person
from tests.signing_in import accept_duty

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
GONE = {"nl": "Deze school is weg", "en": "This school is gone", "ar": "غادرت هذه المدرسة"}

cli._load()


def operator(*words: str | Path, typed: str = "") -> Result:
    result = CliRunner().invoke(cli.portal, [str(each) for each in words], input=f"{typed}\n")
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def slug(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A sixth school, which may leave; the operator has the tables' owner at hand."""
    monkeypatch.setenv("PORTAL_MIGRATE_DATABASE_URL", live.owner_url)
    config.settings.cache_clear()
    config.settings().demo = True
    name = f"taal-{uuid4().hex[:8]}"
    operator("school", "add", name, "--name", "Taal aan Zee", "--policy", SHIPPED / "lest-best.toml",
             "--manager", f"{name}@example.org")  # fmt: skip
    yield name
    config.settings.cache_clear()


def id_of(slug: str) -> UUID:
    with in_school(None):
        return UUID(str(session.scalar(text("select leaving_school(:slug)"), {"slug": slug})))


def make_manager(live: Live, page: Page, slug: str) -> Person:
    with in_school(id_of(slug)):
        account = make_account("Dina Bos", "management", email=f"{uuid4().hex[:12]}@example.org")
        accept_duty(account)
        return Person(live, page, slug, str(account.email), account.id)


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_school_leaves(live: Live, browse: Callable[..., Page], slug: str, tmp_path: Path, scripted: bool) -> None:
    page = browse(scripted=scripted, viewport={"width": 390, "height": 844})
    manager = make_manager(live, page, slug)
    manager.signs_in()
    manager.go("/instellingen")
    manager.reads("Als uw school weggaat", "U krijgt alles van de school in een map", "Wie het portaal voor u beheert")
    assert manager.fits()

    folder, certificate = tmp_path / "over", tmp_path / "bewijs.txt"
    operator("school", "close", slug, "--hand-over", folder)
    assert "Dina Bos" in (folder / "tables" / "account.csv").read_text()
    manager.go("/instellingen")
    manager.reads("Als uw school weggaat")
    operator("school", "close", slug, "--destroy", "--certificate", certificate, typed=slug)

    answer = page.goto(live.url("/vandaag", slug))
    assert answer is not None
    assert answer.status == 410
    manager.titled("Deze school is weg")
    manager.reads("Al haar gegevens zijn hier gewist.")
    assert manager.fits()
    assert "Dina Bos" not in certificate.read_text()
    manager.page.goto(live.url("/aanmelden", "lest-best"))
    expect(page.locator("h1")).not_to_contain_text("weg")


@pytest.mark.sample(1 / 6)
@pytest.mark.parametrize(("language", "width"), list(product(GONE, (390, 1280))))
def test_that_it_is_gone_fits_every_screen_in_every_language(
    live: Live, browse: Callable[..., Page], slug: str, language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 900})
    manager = make_manager(live, page, slug)
    school_id = id_of(slug)
    with in_school(school_id):
        session.execute(update(School).where(School.id == school_id).values(closed_at=text("now()")))
    manager.speaks(language)
    manager.go("/")
    manager.titled(GONE[language])
    assert manager.fits()
