"""A policy is told in sentences, in each language, with nothing that holds left out."""

import pytest

from portal.accounts.labels import ROLES
from portal.core.command_setup import in_language
from portal.policy.explanation.chapters import explain
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from tests.factories.policy import SLUGS, shipped, varied


def told(policy: Policy, language: str = "nl") -> dict[str, list[str]]:
    """Return the sentences of each chapter, without the space before them."""
    with in_language(language):
        chapters = explain(policy, language=language, roles=ROLES)
    return {chapter.heading: [sentence.strip() for sentence in chapter.sentences] for chapter in chapters}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_all_that_a_policy_has_is_told_in_each_language(slug: str, language: str) -> None:
    policy = shipped(slug)
    sentences = "\n".join(line for lines in told(policy, language).values() for line in lines)

    for part in (*policy.categories, *policy.purposes, *policy.recipients, *policy.templates):
        assert part.title.in_language(language).text in sentences
    for purpose in policy.consent_purposes():
        assert purpose.question is not None
        assert purpose.question.in_language(language).text in sentences
    assert "%(" not in sentences


def test_a_first_look_says_whose_policy_it_is() -> None:
    assert told(shipped("lest-best"))["Dit beleid"] == [
        "Lest Best B.V., versie 2021-01-19, geldig vanaf 19 januari 2021.",
        "De verklaring is er in: Nederlands, English, العربية.",
        "Een nieuwe versie komt op de pagina van de verklaring.",
    ]


def test_each_request_has_its_time_and_a_complaint_its_addressee() -> None:
    chapters = told(shipped("lest-best"))

    requests = chapters["Wat een cursist kan vragen en wijzigen"]
    assert "Inzage en een kopie: antwoord binnen 28 dagen." in requests
    assert requests.count("Een klacht: antwoord binnen 6 weken.") == 1
    assert "Een klacht gaat naar: directie." in chapters["Medewerkers"]
    assert "Een klacht gaat naar: privacyfunctionaris." in told(shipped("meester-in-nt2"))["Medewerkers"]


def test_how_long_the_log_goes_back_is_told() -> None:
    lines = told(shipped("onderwijs-pro"))["Medewerkers"]

    assert "Wie iets zag, wijzigde of doorgaf, staat 2 jaar in het logboek." in lines
    assert "Sporen van inloggen en van eigen gebruik blijven 90 dagen, ook in het logboek." in lines


def test_a_second_step_is_told_where_it_is_needed() -> None:
    line = "Een tweede stap bij het inloggen moet voor: administratie, privacyfunctionaris, directie."

    assert line in told(shipped("leren-leren"))["Medewerkers"]
    assert line not in told(shipped("lest-best"))["Medewerkers"]


def test_what_waits_for_the_school_is_named_or_nothing() -> None:
    none = read_policy(varied("lest-best", {"checked.fields": []}), known_fields())

    assert told(none)["Wat een cursist kan vragen en wijzigen"][-1].endswith("kijkt de school eerst na: niets.")
