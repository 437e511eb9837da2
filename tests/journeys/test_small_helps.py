"""What script adds to plain forms: reading a password, ticking everybody, seeing a colour, the open tab in sight, and
half a date that a browser would hand over as nothing."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import make_person

SLUG = "onderwijs-pro"


def test_a_password_shows_until_it_is_sent(live: Live, browse: Callable[..., Page]) -> None:
    page = browse()
    page.goto(live.url("/aanmelden", SLUG))
    page.evaluate("document.querySelector('form.sign-in').addEventListener('submit', event => event.preventDefault())")
    password = page.locator("[name=password]")
    page.locator("[name=name]").fill("amina@example.org")
    password.fill("fiets lamp")
    page.get_by_role("button", name="Toon wat u typt").click()
    expect(password).to_have_attribute("type", "text")
    page.locator("form.sign-in [type=submit]").click()
    expect(password).to_have_attribute("type", "password")


def test_one_box_ticks_everybody(live: Live, browse: Callable[..., Page]) -> None:
    with in_school(school_id(SLUG)):
        for name in ("Amina", "Bereket"):
            make_learner(name)
    olga = make_person(live, browse(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go("/cursisten/uitnodigen")
    each, everybody = olga.page.locator("[name=cursist]"), olga.page.get_by_label("Iedereen uit deze lijst")
    send = olga.page.get_by_role("button", name="Stuur een e-mail")
    expect(everybody).not_to_be_checked()
    expect(send).to_have_text("Stuur een e-mail")
    everybody.check()
    assert all(box.is_checked() for box in each.all())
    expect(send).to_have_text(f"Stuur een e-mail ({each.count()})")
    each.first.uncheck()
    expect(everybody).not_to_be_checked()
    expect(send).to_have_text(f"Stuur een e-mail ({each.count() - 1})")
    everybody.check()
    everybody.uncheck()
    assert not any(box.is_checked() for box in each.all())


def test_everybody_who_is_found_while_one_types_is_counted(live: Live, browse: Callable[..., Page]) -> None:
    with in_school(school_id(SLUG)):
        for number in range(60):
            make_learner(f"Selam {number:02}", "Weldu")
    olga = make_person(live, browse(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go("/cursisten")
    search = olga.page.locator("main [name=zoek]")
    search.press_sequentially("weld")
    chosen = olga.page.get_by_label("Kies Weldu, Selam 07")
    chosen.check()
    search.press("End")
    search.press_sequentially("u")
    all_found = olga.page.get_by_label("Alle 60 die gevonden zijn")
    mail = olga.page.get_by_role("button", name="E-mail sturen")
    expect(mail).to_have_attribute("formaction", re.compile("zoek=weldu$"))  # the answer to the last letter is there
    expect(chosen).to_be_checked()
    expect(mail).to_have_text("E-mail sturen (1)")
    olga.page.get_by_label("Iedereen uit deze lijst").check()
    expect(mail).to_have_text("E-mail sturen (50)")
    all_found.check()
    expect(mail).to_have_text("E-mail sturen (60)")
    mail.click()
    expect(olga.page.locator("main h2")).to_have_text("60 cursisten")


def test_a_colour_shows_while_it_is_chosen(live: Live, browse: Callable[..., Page]) -> None:
    mia = make_person(live, browse(), SLUG, "Mia de Groot", "management")
    mia.signs_in()
    mia.go("/instellingen")
    mia.page.locator("[name$=hue]").fill("300")
    hue = "getComputedStyle(document.documentElement).getPropertyValue('--school-h').trim()"
    assert mia.page.evaluate(hue) == "300"


def test_the_open_tab_is_in_sight_on_a_phone(live: Live, browse: Callable[..., Page]) -> None:
    with in_school(school_id(SLUG)):
        learner = make_learner("Amina")
    olga = make_person(live, browse(viewport={"width": 390, "height": 844}), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go(f"/cursisten/{learner.id}/geschiedenis")
    expect(olga.page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


def test_half_a_date_is_not_sent_and_stays(live: Live, browse: Callable[..., Page]) -> None:
    mia = make_person(live, browse(), SLUG, "Mia de Groot", "management")
    mia.signs_in()
    mia.go("/vakanties")
    form = mia.page.locator("main form[method=post]").last
    form.locator("[name=name]").fill("Herfst")
    day, half = form.locator("[name=starts_on]"), "input => input.validity.badInput"
    day.press_sequentially("12")
    sent = live.posts
    form.locator("[type=submit]").click()
    told = form.locator("#starts_on-error")
    expect(told).to_have_text("Dit is geen datum. Kies een dag.")
    expect(day).to_have_attribute("aria-describedby", "starts_on-error")
    expect(day).to_be_focused()
    assert day.evaluate(half)
    day.fill("2026-12-21")
    expect(told).to_have_count(0)
    form.locator("[type=submit]").click()
    expect(mia.page.locator("#ends_on-error")).to_have_text("Vul dit in.")
    assert live.posts == sent + 1


def test_a_form_speaks_the_page_s_language_and_not_the_browser_s(live: Live, browse: Callable[..., Page]) -> None:
    page = browse()
    page.goto(live.url("/wachtwoord-vergeten", SLUG))
    page.locator("main form [type=submit]").click()
    expect(page.locator("#name-error")).to_have_text("Vul dit in.")
    expect(page.locator("[data-focus]")).to_be_focused()
