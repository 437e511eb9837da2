"""The first time and later, with and without JavaScript: a link, a printed letter, an app, a forgotten password."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from portal.accounts.invitations.links import make_link
from portal.accounts.models import LinkKind
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.accounts import PASSWORD, code_of, make_account
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
ASKS_SECOND_STEP = "leren-leren"
SLUG = "meester-in-nt2"
NEW_PASSWORD = "vijf groene stoelen buiten"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def open_page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Callable[[], Page]:
    return lambda: browse(scripted=request.param)


def gives(person: Person, name: str, password: str) -> None:
    """Fill in the sign-in page, and see where it leads."""
    person.go("/aanmelden")
    person.page.locator("[name=name]").fill(name)
    person.page.locator("[name=password]").fill(password)
    person.page.locator("form.sign-in [type=submit]").click()


def signs_out(person: Person) -> None:
    person.page.locator("form[action$='/uitloggen']").first.evaluate("form => form.submit()")
    person.page.wait_for_url("**/uitgelogd")


def test_an_app_recovery_codes_and_a_forgotten_password(
    live: Live, open_page: Callable[[], Page], mail_dir: Path
) -> None:
    address = f"{uuid4().hex[:12]}@voorbeeld.nl"
    with in_school(school_id(ASKS_SECOND_STEP)):
        account = make_account("Anna Bakker", "administration", email=address, password=None)
        token, account_id = make_link(account, LinkKind.INVITATION), account.id
    anna = Person(live, open_page(), ASKS_SECOND_STEP, address, account_id)

    anna.go(f"/uitnodiging/{token}")
    anna.titled("Welkom")
    anna.sets_password()
    used, codes = sets_up_an_app(anna)
    anna.titled("Geheimhouding")
    anna.page.get_by_label("Ik heb dit gelezen").check()
    anna.presses("Verder")
    anna.titled("Vandaag")

    signs_out(anna)
    gives(anna, address, PASSWORD)
    anna.titled("Tweede stap")
    proves(anna, used, is_taken=False)
    proves(anna, codes[0], is_taken=True)

    signs_out(anna)
    asks_a_new_password(anna)
    anna.go(link_to(mail_dir, address, "/wachtwoord"))
    anna.sets_password(NEW_PASSWORD, "Opslaan")
    anna.titled("Inloggen bij")
    gives(anna, address, PASSWORD)
    anna.reads("Inloggen is niet gelukt")
    gives(anna, address, NEW_PASSWORD)
    proves(anna, codes[0], is_taken=False)
    proves(anna, codes[1], is_taken=True)


def sets_up_an_app(anna: Person) -> tuple[str, list[str]]:
    """Turn on the second step, with one wrong code first; return the code that was taken, and the recovery codes."""
    page = anna.page
    anna.titled("Tweede stap aanzetten")
    anna.reads("Uw school vraagt een tweede stap")
    key = page.locator("bdi.code").inner_text()
    page.locator("[name=code]").fill("12345")
    anna.presses("Aanzetten")
    anna.reads("Dit klopt nog niet")
    assert page.locator("bdi.code").inner_text() == key
    code = code_of(key.replace(" ", ""))
    page.locator("[name=code]").fill(code)
    anna.presses("Aanzetten")
    anna.titled("Reservecodes")
    codes = page.locator(".codes .code").all_inner_texts()
    assert len(set(codes)) >= 8
    page.get_by_role("link", name="Ik heb ze bewaard, verder").click()
    return code, codes


def proves(anna: Person, code: str, *, is_taken: bool) -> None:
    """Give a code as the second step."""
    anna.page.locator("[name=code]").fill(code)
    anna.presses("Verder")
    if is_taken:
        anna.titled("Vandaag")
    else:
        anna.reads("Inloggen is niet gelukt")


def asks_a_new_password(anna: Person) -> None:
    anna.go("/aanmelden")
    anna.page.get_by_role("link", name="Wachtwoord vergeten?").click()
    anna.page.locator("[name=name]").fill(anna.email)
    anna.presses("Stuur mij een link")
    anna.titled("Kijk in uw e-mail")
    work(ASKS_SECOND_STEP)


def test_learners_get_a_letter_or_a_mail(live: Live, open_page: Callable[[], Page], mail_dir: Path) -> None:
    address = f"{uuid4().hex[:12]}@voorbeeld.nl"
    with in_school(school_id(SLUG)):
        group = make_group(f"Nieuw {uuid4().hex[:8]}")
        for each in (make_learner("Chen", "Wu", email=None), make_learner("Dilan", "Kaya", email=address)):
            enrol(each, group)
        group_name = group.name
    olga = make_person(live, open_page(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    ticks(olga, group_name, "Dilan Kaya", but="Chen Wu")
    olga.presses("Stuur een e-mail")
    olga.titled("Uitnodigingen nakijken")
    olga.presses("Verstuur 1 e-mail")
    work(SLUG)
    ticks(olga, group_name, "Chen Wu", but="Dilan Kaya")
    olga.reads("uitgenodigd tot")
    olga.presses("Druk brieven af")
    olga.titled("Brieven om in te loggen")
    olga.reads("Chen Wu")
    number, code = olga.page.locator(".card .code").all_inner_texts()

    chen = Person(live, open_page(), SLUG, number, olga.account_id)
    first_time(chen, code.replace("-", ""))
    signs_out(chen)
    gives(chen, number, PASSWORD)
    chen.titled("Mijn lessen")

    dilan = Person(live, open_page(), SLUG, address, olga.account_id)
    dilan.go(link_to(mail_dir, address, "/uitnodiging"))
    dilan.reads("Dilan Kaya")
    dilan.sets_password()
    dilan.titled("Mijn lessen")


def ticks(olga: Person, group: str, name: str, *, but: str) -> None:
    """Choose one of a group to invite, and not the other."""
    page = olga.page
    olga.go("/cursisten/uitnodigen")
    page.locator("[name=groep]").first.select_option(label=group)
    olga.presses("Toon")
    page.get_by_label(name).check()
    page.get_by_label(but).uncheck()


def first_time(chen: Person, code: str) -> None:
    chen.go("/aanmelden")
    chen.page.get_by_role("link", name="Eerste keer? Ik heb een brief met een code.").click()
    chen.page.locator("[name=number]").fill(chen.email)
    chen.page.locator("[name=code]").fill(code)
    chen.sets_password()
    chen.titled("Mijn lessen")
