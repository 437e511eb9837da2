"""The public statement is made from the policy that the school works by."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import pytest

from portal.policy.labels import labels_in
from portal.policy.queries import current_policy
from tests.factories.policy import SLUGS, changed, publish, shipped, varied
from tests.page_client import PageClient

At = Callable[[str], PageClient]
Enter = Callable[[str], Any]
NEW = ('version = "2021-01-19"', 'version = "2026"'), ("in_force_on = 2021-01-19", "in_force_on = 2026-01-02")


def part(html: str, name: str) -> str:
    """Return the text of the article or section with this id."""
    found = re.search(rf'<(article|section)[^>]* id="{name}">(.*?)</\1>', html, re.S)
    assert found, f"no {name}"
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found.group(2))))


@pytest.mark.promise("MN-01")
def test_staff_read_what_is_held_of_them(client_at: At) -> None:
    policy = shipped("meester-in-nt2")
    assert policy.staff is not None

    shown = part(client_at("meester-in-nt2").get("/privacy").text, "staff")

    for each in policy.staff.data:
        assert each.title.nl in shown
        assert each.why.nl in shown
        assert each.seen_by.nl in shown
        assert each.law is None or each.law in shown
    assert "Tot 2 jaar nadat u hier stopt" in shown
    assert "Autoriteit Persoonsgegevens" in shown


@pytest.mark.promise("MN-01")
def test_each_category_stands_there_with_its_purposes_bases_recipients_and_term(client_at: At) -> None:
    html = client_at("meester-in-nt2").get("/privacy").text
    policy = shipped("meester-in-nt2")
    words = {
        "contract": "afspraak met u",
        "legal_obligation": "de wet",
        "legitimate_interest": "belang van de school",
    }

    assert len(policy.categories) == len(re.findall(r'id="data-', html))
    for category in policy.categories:
        shown = part(html, f"data-{category.key}")
        assert category.title.nl in shown
        assert category.why.nl in shown
        assert policy.term_for(category.key).title.nl in shown
        for key in category.purposes:
            purpose = policy.purpose(key)
            assert f"{purpose.title.nl} ({words[purpose.basis]})" in shown
        for recipient in policy.recipients_of(category.key):
            assert recipient.title.nl in shown


@pytest.mark.promise("MN-01")
def test_the_page_follows_the_policy_that_is_enforced(client_at: At, enter: Enter) -> None:
    less = varied("meester-in-nt2", {"version": "3.1", "categories.contact.without": ["learner.phone_other"]})
    with enter("meester-in-nt2"):
        publish(less)
        assert not current_policy().allows("learner.phone_other")

    html = client_at("meester-in-nt2").get("/privacy").text

    assert "tweede telefoonnummer" not in part(html, "data-contact")
    assert 'Versie <bdi translate="no">3.1</bdi>' in html


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_the_statement_reads_in_each_language(client_at: At, slug: str, language: str) -> None:
    response = client_at(slug).get("/privacy", language=language)

    assert response.status_code == 200
    for section in shipped(slug).sections:
        shown = section.text.in_language(language)
        assert not shown.is_fallback
        assert shown.text in unescape(response.text)


def test_a_gap_shows_the_dutch_and_says_so(client: PageClient, enter: Enter) -> None:
    dutch_alone = {"sections.only_these.text": {"nl": "Wij bewaren alleen wat hieronder staat, en niets anders."}}
    with enter("lest-best"):
        publish(varied("lest-best", {"version": "2026", **dutch_alone}))

    html = client.get("/privacy", language="en").text

    assert '<span lang="nl" dir="ltr">Wij bewaren alleen wat hieronder staat, en niets anders.</span>' in html
    statement, _, changes = html.partition('id="changes"')
    assert statement.count("not translated yet") == 1
    assert changes.count("not translated yet") == 1, "beside what it was before"


def test_a_language_that_the_policy_has_not_is_told_at_the_top(client: PageClient, enter: Enter) -> None:
    with enter("lest-best"):
        publish(changed("lest-best", *NEW, ('languages = ["nl", "en", "ar"]', 'languages = ["nl", "en"]')))

    assert "يمكنك قراءته بالهولندية." in client.get("/privacy", language="ar").text


@dataclass(frozen=True)
class Fewer:
    """A school's first version, and the field that its second keeps no longer."""

    slug: str
    version: str
    day: str
    field: str
    label: str
    place: str


FEWER = (
    Fewer("lest-best", "2021-01-19", "19 januari 2021", "nationality", "nationaliteit", "data-identification"),
    Fewer(
        "step-inburgering",
        "2018-09-10",
        "10 september 2018",
        "residence_status",
        "verblijfsstatus",
        "data-residence",
    ),
)


@pytest.mark.promise("LB-15")
@pytest.mark.promise("ST-12")
@pytest.mark.parametrize("fewer", FEWER, ids=[fewer.slug for fewer in FEWER])
def test_every_version_is_public_with_its_date_and_what_changed(client_at: At, enter: Enter, fewer: Fewer) -> None:
    browser = client_at(fewer.slug)
    first = f'Versie <bdi translate="no">{fewer.version}</bdi>, geldig vanaf {fewer.day}'
    assert first in browser.get("/privacy").text

    dated = {"version": "2026", "in_force_on": date(2026, 1, 2)}
    without = {f"categories.{fewer.place.removeprefix('data-')}.without": [f"learner.{fewer.field}"]}
    with enter(fewer.slug):
        publish(varied(fewer.slug, dated | without), summary="Wij vragen minder.")

    html = browser.get("/privacy").text
    assert 'Versie <bdi translate="no">2026</bdi>, geldig vanaf 2 januari 2026' in html
    assert fewer.label not in part(html, fewer.place)
    changes = part(html, "changes")
    assert "Wij vragen minder." in changes
    assert f"weg: {fewer.label}" in changes
    assert f'href="/privacy/{fewer.version}"' in html

    earlier = browser.get(f"/privacy/{fewer.version}").text
    assert first in earlier
    assert "Dit is een oude versie." in earlier
    assert fewer.label in part(earlier, fewer.place)


def test_how_long_the_log_is_kept_stands_there(client_at: At) -> None:
    shown = part(client_at("onderwijs-pro").get("/privacy").text, "security")

    wanted = "Wat in het logboek staat, bewaren wij 2 jaar. Sporen van inloggen en van eigen gebruik: 90 dagen."
    assert wanted in shown


def test_a_version_that_is_not_there_is_not_found(client: PageClient) -> None:
    assert client.get("/privacy/1999").status_code == 404


def test_another_schools_version_is_not_found(client: PageClient) -> None:
    assert client.get("/privacy/2018-09-10").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_versions(
    client: PageClient, enter: Enter, count_statements: Callable[[], Any]
) -> None:
    with enter("lest-best"):
        for number in range(12):
            publish(changed("lest-best", ('version = "2021-01-19"', f'version = "v{number}"')))
    client.get("/privacy")
    with count_statements() as seen:
        client.get("/privacy")

    assert len(seen) <= 6


def test_the_cookies_are_those_that_the_portal_sets(client: PageClient) -> None:
    html = client.get("/privacy").text

    assert re.findall(r'<span class="code">(__Host-[a-z]+)</span>', html) == ["__Host-inzage", "__Host-taal"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_statement_speaks_of_no_other_and_consent_stops_at_once(
    client_at: Callable[[str], PageClient], slug: str
) -> None:
    client = client_at(slug)
    texts = {
        code: client.get("/privacy", headers={"Accept-Language": code}).get_data(as_text=True)
        for code in ("nl", "en", "ar")
    }

    for code, other in (("nl", "verklaring noem"), ("en", "statement doesn't name"), ("ar", "لا يذكر البيان")):
        assert other not in texts[code]
    row = texts["nl"].partition("Stoppen met een toestemming")[2].partition("</tr>")[0]
    assert "Meteen" in row or not row


def test_a_change_without_a_kind_of_its_own_is_told_by_its_part(client_at: At, enter: Enter) -> None:
    with enter("lest-best"):
        values = {"version": "2", "complaints.role": "privacy_officer", "purposes.survey.question": {"nl": "Mag dat?"}}
        publish(varied("lest-best", values))

    told = part(client_at("lest-best").get("/privacy").text, "changes")

    assert "Veranderd: waar klachten heen gaan." in told
    assert "Veranderd: een doel, Onderzoek naar hoe tevreden cursisten zijn (de vraag om toestemming)." in told


@pytest.mark.promise("MN-17", part="own fields")
@pytest.mark.parametrize("slug", SLUGS)
def test_the_statement_says_what_is_checked_first_and_what_stands_at_once(client_at: At, slug: str) -> None:
    policy = shipped(slug)
    shown = part(client_at(slug).get("/privacy").text, "rights")

    checked = shown.partition("Alleen dit kijkt de school eerst na: ")[2].partition(".")[0].split(", ")
    assert [label.strip() for label in checked] == [str(label) for label in labels_in(policy.checked.fields)]
    named = shown.partition("Klopt dit niet: ")[2].partition("?")[0]
    kept = {
        "uw aanwezigheid": policy.feature("attendance"),
        "uw niveau": policy.feature("levels"),
        "een uitslag": policy.feature("exams"),
        "een notitie": policy.feature("notes"),
    }
    assert set(filter(None, named.split(", "))) == {label for label, is_kept in kept.items() if is_kept}
    assert ("De school antwoordt binnen 14 dagen" in shown) is any(kept.values())


@pytest.mark.parametrize("slug", SLUGS)
def test_the_answers_stand_before_the_statement(client_at: At, slug: str) -> None:
    html, controller = client_at(slug).get("/privacy").text, shipped(slug).controller
    answers, _, whole = html.partition("<h2>De hele verklaring</h2>")
    complaint = part(answers, "complain")

    for category in shipped(slug).categories:
        assert f'href="#data-{category.key}"' in answers
        assert f'id="data-{category.key}"' in whole
    for wanted in (controller.phone, controller.questions_email, controller.street):
        assert wanted is None or wanted in complaint
    assert "U krijgt antwoord binnen:" in complaint
