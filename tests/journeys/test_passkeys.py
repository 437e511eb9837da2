"""A learner makes a passkey on her phone and signs in with it; somebody who works there has one as her second step."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.config import settings
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.disclosures import make_scene
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

SLUG = "lest-best"
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def reached_as_here(live: Live) -> Iterator[None]:
    """Let the portal know by which scheme and port a browser reaches it in a test."""
    given = settings()
    kept = given.external_scheme, given.external_port
    given.external_scheme, given.external_port = "http", live.port
    yield
    given.external_scheme, given.external_port = kept


def has_lock(page: Page) -> Callable[[bool], None]:
    """Give a browser a phone's lock, with room for passkeys; return what opens it or keeps it shut."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip

    def opens(is_opened: bool) -> None:
        name = made["authenticatorId"]
        devtools.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": is_opened})

    return opens


def signs_out(person: Person) -> None:
    person.page.locator("form[action$='/uitloggen']").first.evaluate("form => form.submit()")
    person.page.wait_for_url("**/uitgelogd")


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_learner_signs_in_with_the_lock_of_her_phone(live: Live, browse: Callable[..., Page]) -> None:
    with in_school(school_id(SLUG)):
        scene = make_scene(f" {uuid4().hex[:8]}")
    page = browse(**PHONE)
    amina = make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=scene.amina)
    opens = has_lock(page)
    amina.signs_in()
    amina.go("/account")
    amina.page.get_by_role("link", name="Passkey maken").click()
    amina.titled("Passkey maken")
    amina.reads("De school krijgt die niet")
    assert amina.fits()
    page.get_by_label("Naam van de passkey").fill("Mijn telefoon")
    amina.presses("Passkey maken")
    amina.titled("Mijn passkeys")
    amina.reads("Uw passkey is klaar", "Mijn telefoon", "De laatste tijd niet gebruikt")
    assert amina.fits()

    amina.go("/account/passkeys/nieuw")
    amina.presses("Passkey maken")
    amina.reads("Op dit apparaat hebt u al een passkey")
    signs_in_with_the_lock(amina, opens)
    page.get_by_role("button", name="Verwijderen").click()
    amina.reads("U hebt nog geen passkey")
    signs_out(amina)
    amina.go("/aanmelden")
    amina.presses("Inloggen met een passkey")
    amina.reads("Deze passkey werkt hier niet")


def signs_in_with_the_lock(amina: Person, opens: Callable[[bool], None]) -> None:
    """Sign out and in again with the passkey: not while the phone stays shut."""
    signs_out(amina)
    amina.go("/aanmelden?terug=/account/passkeys")
    assert amina.fits()
    opens(False)
    amina.presses("Inloggen met een passkey")
    amina.reads("Dat is niet gelukt, of u bent gestopt")
    opens(True)
    amina.presses("Inloggen met een passkey")
    amina.titled("Mijn passkeys")
    amina.reads("Laatst gebruikt op")


def test_who_works_there_has_one_as_second_step_and_to_prove_anew(live: Live, browse: Callable[..., Page]) -> None:
    page = browse()
    noor = make_person(live, page, SLUG, "Noor Bakker", "teacher")
    has_lock(page)
    noor.signs_in()
    noor.go("/account/passkeys/nieuw")
    noor.presses("Passkey maken")
    noor.titled("Reservecodes")
    noor.page.get_by_role("link", name="Ik heb ze bewaard").click()
    noor.titled("Mijn passkeys")
    signs_out(noor)
    noor.signs_in("/aanmelden/tweede-stap")
    noor.reads("Gebruik nu uw passkey")
    noor.presses("Verder met een passkey")
    noor.page.wait_for_url(lambda url: "/aanmelden" not in url)
    noor.waited(20)
    noor.go("/account/passkeys/nieuw")
    noor.titled("Bent u het echt?")
    noor.presses("Verder met een passkey")
    noor.titled("Passkey maken")


def test_without_script_there_is_no_button_and_the_password_does(live: Live, browse: Callable[..., Page]) -> None:
    page = browse(scripted=False, **PHONE)
    noor = make_person(live, page, SLUG, "Noor Bakker", "teacher")
    noor.go("/aanmelden")
    expect(page.get_by_role("button", name="Inloggen met een passkey")).to_be_hidden()
    noor.signs_in()
    noor.go("/account/passkeys/nieuw")
    noor.reads("Dit kan niet in deze browser")
    expect(page.get_by_role("button", name="Passkey maken")).to_be_hidden()
