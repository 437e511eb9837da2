"""What a policy's own parts may not do to each other."""

import tomllib

import pytest

from tests.factories.policy import SLUGS, changed, mistakes_in, raw
from tests.promises import LISTED

MISTAKES = [
    (
        'term = "default"',
        'term = "defualt"',
        'there is no retention term "defualt" in this file; did you mean "default"?',
    ),
    (
        'purposes = ["course"]',
        'purposes = ["cours"]',
        'there is no purpose "cours" in this file; did you mean "course"?',
    ),
    (
        'recipient = "client"',
        'recipient = "klant"',
        "templates[attendance_for_client].recipient: there is no recipient",
    ),
    ("learner.care_duties", "learner.care_duty", 'no "learner.care_duty"; did you mean "learner.care_duties"?'),
    (
        "learner.care_duties",
        "learner.employer",
        '"learner.employer" belongs to the category "work" and is wanted there',
    ),
    ('fields = ["learner.bsn"]\nsource', 'fields = ["learner.iban"]\nsource', '"learner.iban" stands in no category'),
    ('key = "survey"\ntitle', 'key = "duo"\ntitle', "purposes[duo]: stands there twice; each key is wanted once"),
    ('promises = ["LB-07"]\n\n[security]', "\n[security]", "confidentiality.promises: is empty; wanted: the promises"),
    ('law = "Wet inburgering"', "", "purposes[duo].law: is missing; a legal obligation wants the law that asks it"),
    ('"consent"\nnature = "client"', '"contract"\nnature = "client"', "question and deletes are for consent alone"),
    ('kinds = ["access"]', 'kinds = ["complaint"]', 'deadlines: none is set for "access"; each right and complaints'),
    ('languages = ["nl", "en", "ar"]', 'languages = ["en"]', 'languages: lack "nl"; Dutch is required'),
]


@pytest.mark.parametrize(("old", "new", "wanted"), MISTAKES, ids=[wanted for _, _, wanted in MISTAKES])
def test_a_mistake_across_parts_is_named(old: str, new: str, wanted: str) -> None:
    found = mistakes_in(changed("lest-best", (old, new)))

    assert any(wanted in mistake for mistake in found), found


def test_a_consent_without_its_question_is_refused() -> None:
    text = "\n".join(line for line in changed("lest-best").splitlines() if not line.startswith("question."))

    found = mistakes_in(text)

    assert len(found) == 3
    assert "purposes[client_report].question: is missing; a purpose that rests on consent wants it" in found[0]


@pytest.mark.promise("LB-04")
def test_a_file_cannot_hold_what_is_kept_for_another_purpose() -> None:
    found = mistakes_in(
        changed(
            "lest-best",
            ('"learner.preferred_language", "trajectory.route",', '"learner.preferred_language", "learner.bsn",'),
            ('categories = ["name", "contact", "trajectory"]', 'categories = ["name", "contact", "trajectory", "bsn"]'),
        )
    )

    refused = 'templates[survey_contacts].fields: holds fields of "bsn", which is kept for "duo" and not for "survey"'
    assert f"school.toml: {refused}" in found


def test_a_file_cannot_hold_what_its_recipient_does_not_get() -> None:
    found = mistakes_in(
        changed("meester-in-nt2", ('"trajectory.route",\n]', '"trajectory.route", "attendance_mark.status",\n]'))
    )

    assert any('is kept for "progress", "client_report"' in mistake for mistake in found), found


def test_a_file_serves_a_purpose_of_its_recipient() -> None:
    found = mistakes_in(changed("lest-best", ('recipient = "survey"', 'recipient = "blik_op_werk"')))

    assert any('"survey" is no purpose of the recipient "blik_op_werk"' in mistake for mistake in found), found


@pytest.mark.promise("MN-12")
@pytest.mark.parametrize("place", ["purpose", "template"])
def test_no_file_can_serve_research(place: str) -> None:
    if place == "purpose":
        text = changed("meester-in-nt2", ('nature = "quality"', 'nature = "research"'))
        wanted = '"research" is a purpose that this school never has (MN-07, MN-12)'
    else:
        text = changed("meester-in-nt2", ('purpose = "survey"', 'purpose = "research"'))
        wanted = 'templates[survey_contacts].purpose: there is no purpose "research" in this file'

    assert any(wanted in mistake for mistake in mistakes_in(text)), mistakes_in(text)


@pytest.mark.parametrize("nature", ["commercial", "charity"])
def test_step_shares_nothing_for_commerce_or_charity(nature: str) -> None:
    found = mistakes_in(changed("step-inburgering", ('nature = "quality"', f'nature = "{nature}"')))

    assert any(f'"{nature}" is a purpose that this school never has (ST-05)' in mistake for mistake in found)


def test_step_sends_nothing_out_of_the_eea_whatever_the_safeguard() -> None:
    found = mistakes_in(
        changed("step-inburgering", ('country = "NL"', 'country = "US"\nsafeguard = "standard_clauses"'))
    )

    refused = 'recipients[panteia].country: "US" is outside the EEA, where this school sends nothing (ST-05, ST-06)'
    assert found == [f"school.toml: {refused}"]


@pytest.mark.promise("LL-16")
def test_leren_leren_needs_a_safeguard_out_of_the_eea() -> None:
    without = mistakes_in(changed("leren-leren", ('country = "NL"', 'country = "US"')))

    assert without == [
        'school.toml: recipients[bookkeeping].safeguard: is missing; "US" is outside the EEA and wants adequacy or '
        "standard_clauses"
    ]
    for safeguard in ("adequacy", "standard_clauses"):
        text = changed("leren-leren", ('country = "NL"', f'country = "US"\nsafeguard = "{safeguard}"'))
        assert mistakes_in(text) == []
    assert mistakes_in(changed("leren-leren", ('country = "NL"', 'country = "NO"'))) == []


def test_lest_best_shares_only_with_consent_or_by_law() -> None:
    found = mistakes_in(
        changed("lest-best", ('purposes = ["client_report"]', 'purposes = ["client_report", "course"]'))
    )

    assert found == [
        'school.toml: recipients[client].purposes: "course" rests on contract; this school shares only with consent or '
        "where a law asks it"
    ]


@pytest.mark.parametrize(("slug", "prefix"), list(zip(SLUGS, ("LB", "MN", "ST", "OP", "LL"), strict=True)))
def test_every_cited_promise_is_one_of_that_school(slug: str, prefix: str) -> None:
    def cited(part: object) -> list[str]:
        if isinstance(part, dict):
            own = part.get("promises", [])
            return [*own, *(found for value in part.values() for found in cited(value))]
        return [found for value in part for found in cited(value)] if isinstance(part, list) else []

    found = set(cited(raw(slug)))

    assert found <= {promise for promise in LISTED if promise.startswith(prefix)}
    assert len(found) >= 12


def test_a_policy_is_plain_toml_that_anyone_can_read() -> None:
    assert tomllib.loads(changed("lest-best"))["version"] == "2021-01-19"
