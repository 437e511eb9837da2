"""What a policy's own parts may not do to each other."""

import tomllib
from typing import Any

import pytest

from tests.factories.policy import SLUGS, mistakes_in, raw, shipped_text, varied
from tests.promises import LISTED

MISTAKES: list[tuple[str, Any, str]] = [
    (
        "categories.name.term",
        "defualt",
        'categories.name.term: there is no retention term "defualt" in this file; did you mean "default"?',
    ),
    (
        "categories.name.purposes",
        ["cours"],
        'categories.name.purposes: there is no purpose "cours" in this file; did you mean "course"?',
    ),
    (
        "templates.attendance_for_client.recipient",
        "klant",
        'templates.attendance_for_client.recipient: there is no recipient "klant"',
    ),
    (
        "categories.circumstances.fields",
        ["learner.care_duty"],
        'no "learner.care_duty"; did you mean "learner.care_duties"?',
    ),
    (
        "categories.circumstances.fields",
        ["learner.employer"],
        '"learner.employer" belongs to the category "work" and is wanted there',
    ),
    ("conditions.bsn.fields", ["learner.iban"], 'conditions.bsn.fields: "learner.iban" stands in no category'),
    ("conditions.bsn.kind", "consent", "conditions.bsn.purpose: is missing or asks nobody; wanted: a purpose that"),
    ("purposes.survey.basis", "legal_obligation", "purposes.survey.law: is missing; a legal obligation wants the law"),
    ("purposes.course.question", {"nl": "Mag het?"}, "question, deletes and concerns are for consent alone"),
    ("purposes.course.basis", "consent", "purposes.course.question: is missing; a purpose that rests on consent wants"),
    ("deadlines.access.kinds", ["complaint"], 'deadlines: none is set for "access"; each right and complaints want'),
    ("languages", ["en"], 'languages: lack "nl"; Dutch is required'),
]


@pytest.mark.parametrize(("path", "value", "wanted"), MISTAKES, ids=[wanted for _, _, wanted in MISTAKES])
def test_a_mistake_across_parts_is_named(path: str, value: Any, wanted: str) -> None:
    found = mistakes_in(varied("lest-best", {path: value}))

    assert any(wanted in mistake for mistake in found), found


@pytest.mark.promise("LB-04")
def test_a_file_cannot_hold_what_is_kept_for_another_purpose() -> None:
    found = mistakes_in(
        varied(
            "lest-best",
            {
                "templates.survey_contacts.fields": ["learner.given_name", "learner.bsn"],
                "recipients.survey.categories": ["name", "contact", "trajectory", "bsn"],
            },
        )
    )

    refused = 'templates.survey_contacts.fields: holds fields of "bsn", which is kept for "duo" and not for "survey"'
    assert f"school.toml: {refused}" in found


def test_a_file_cannot_hold_what_its_recipient_does_not_get() -> None:
    fields = {"templates.survey_contacts.fields": ["learner.given_name", "attendance_mark.status"]}
    found = mistakes_in(varied("meester-in-nt2", fields))

    assert any('is kept for "progress", "client_report"' in mistake for mistake in found), found


@pytest.mark.promise("MN-09")
@pytest.mark.parametrize(
    "values",
    [
        {"templates.duo_hours.only": ["under_the_act", "reporting_trajectory"]},
        {"templates.duo_hours.shape": "attendance", "templates.duo_hours.fields": ["attendance_mark.status"]},
        {"templates.duo_hours.fields": ["learner.bsn", "attendance_mark.status"]},
    ],
)
def test_a_government_gets_attendance_only_as_the_hours_that_the_law_says(values: dict[str, Any]) -> None:
    assert mistakes_in(varied("meester-in-nt2", {})) == []
    found = mistakes_in(varied("meester-in-nt2", values))
    assert any("templates.duo_hours.fields" in mistake for mistake in found), found


def test_a_file_serves_a_purpose_of_its_recipient() -> None:
    found = mistakes_in(varied("lest-best", {"templates.survey_contacts.recipient": "blik_op_werk"}))

    assert any('"survey" is no purpose of the recipient "blik_op_werk"' in mistake for mistake in found), found


@pytest.mark.promise("MN-12")
@pytest.mark.parametrize("place", ["purpose", "template"])
def test_no_file_can_serve_research(place: str) -> None:
    if place == "purpose":
        text = varied("meester-in-nt2", {"purposes.survey.nature": "research"})
        wanted = '"research" is a purpose that this school never has (MN-07, MN-12)'
    else:
        text = varied("meester-in-nt2", {"templates.survey_contacts.purpose": "research"})
        wanted = 'templates.survey_contacts.purpose: there is no purpose "research" in this file'

    assert any(wanted in mistake for mistake in mistakes_in(text)), mistakes_in(text)


@pytest.mark.parametrize("nature", ["commercial", "charity"])
def test_step_shares_nothing_for_commerce_or_charity(nature: str) -> None:
    found = mistakes_in(varied("step-inburgering", {"purposes.improvement.nature": nature}))

    assert any(f'"{nature}" is a purpose that this school never has (ST-05)' in mistake for mistake in found)


def test_step_sends_nothing_out_of_the_eea_whatever_the_safeguard() -> None:
    abroad = {"recipients.panteia.country": "US", "recipients.panteia.safeguard": "standard_clauses"}
    found = mistakes_in(varied("step-inburgering", abroad))

    refused = 'recipients.panteia.country: "US" is outside the EEA, where this school sends nothing (ST-05, ST-06)'
    assert found == [f"school.toml: {refused}"]


@pytest.mark.promise("LL-16")
def test_leren_leren_needs_a_safeguard_out_of_the_eea() -> None:
    abroad = {"recipients.bookkeeping.country": "US"}

    assert mistakes_in(varied("leren-leren", abroad)) == [
        'school.toml: recipients.bookkeeping.safeguard: is missing; "US" is outside the EEA and wants adequacy or '
        "standard_clauses"
    ]
    for safeguard in ("adequacy", "standard_clauses"):
        assert mistakes_in(varied("leren-leren", abroad | {"recipients.bookkeeping.safeguard": safeguard})) == []
    assert mistakes_in(varied("leren-leren", {"recipients.bookkeeping.country": "NO"})) == []


def test_lest_best_shares_only_with_consent_or_by_law() -> None:
    found = mistakes_in(varied("lest-best", {"recipients.client.purposes": ["client_report", "course"]}))

    assert found == [
        'school.toml: recipients.client.purposes: "course" rests on contract; this school shares only with consent or '
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


ACTIVITY = {"title": {"nl": "Anders."}}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"audit.term": {"number": 89, "unit": "days"}}, "audit.term: is shorter than the term of sign-in traces"),
        (
            {"terms.activity": {**ACTIVITY, "stages": [{"number": 1, "unit": "years", "counted_from": ["handled"]}]}},
            'terms.activity.stages: sign-in traces want one step that deletes, counted from "recorded" alone',
        ),
        ({"categories.activity.term": "default"}, "terms.default.stages: sign-in traces want one step that deletes"),
        (
            {
                "audit.term": {"number": 0, "unit": "days"},
                "terms.activity": {**ACTIVITY, "stages": [{"number": 0, "unit": "days", "counted_from": ["recorded"]}]},
            },
            "audit.term.number: is 0; a log that goes at once can't say who looked",
        ),
    ],
)
def test_the_audit_is_kept_as_long_as_its_sign_in_traces_at_least(values: dict[str, Any], told: str) -> None:
    assert mistakes_in(varied("lest-best", values))[0].startswith(f"school.toml: {told}")


def test_a_policy_is_plain_toml_that_anyone_can_read() -> None:
    assert tomllib.loads(shipped_text("lest-best"))["version"] == "2021-01-19"


def test_a_term_counts_from_a_day_that_is_kept() -> None:
    stages = [{"number": 5, "unit": "years", "counted_from": ["end_of_guidance"], "then": "delete"}]
    title = {"nl": "Vijf jaar."}

    found = mistakes_in(varied("leren-leren", {"terms.default": {"title": title, "stages": stages}}))

    assert any(
        'count from "end_of_guidance", and no category keeps trajectory.guidance_ended_on' in each for each in found
    )


def test_a_file_holds_only_what_its_writers_know() -> None:
    fields = ["learner.given_name", "level.level"]
    of_levels = mistakes_in(varied("meester-in-nt2", {"templates.attendance_for_client.fields": fields}))
    marks = ["learner.given_name", "attendance_mark.status"]
    of_marks = mistakes_in(varied("lest-best", {"templates.survey_contacts.fields": marks}))

    assert any("lacks learner.number, learner.name_prefix, learner.family_name" in each for each in of_levels)
    assert any('"level.level" can\'t stand in a file of the shape "attendance"' in each for each in of_levels)
    assert any('"attendance_mark.status" can\'t stand in a file of the shape "people"' in each for each in of_marks)
