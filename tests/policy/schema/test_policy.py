"""What the five policies say when they are asked."""

from datetime import date
from typing import get_args

import pytest

from portal.permissions import OUTSIDE, Role
from portal.policy.schema import LocalText, Policy
from portal.policy.schema.statement import StaffRole
from tests.factories.policy import SLUGS, shipped


@pytest.mark.parametrize(
    ("slug", "kind", "due"),
    [
        ("lest-best", "access", date(2027, 2, 28)),
        ("onderwijs-pro", "erasure", date(2027, 2, 28)),
        ("step-inburgering", "access", date(2027, 2, 28)),
        ("leren-leren", "portability", date(2027, 2, 28)),
    ],
)
def test_a_request_of_31_january_is_due(slug: str, kind: str, due: date) -> None:
    assert shipped(slug).due_on(kind, date(2027, 1, 31)) == due


def test_four_weeks_are_not_a_month() -> None:
    received = date(2026, 3, 1)

    assert shipped("lest-best").due_on("access", received) == date(2026, 3, 29)
    assert shipped("step-inburgering").due_on("access", received) == date(2026, 4, 1)
    assert shipped("step-inburgering").extended_to("access", received) is None
    assert shipped("step-inburgering").extended_to("erasure", received) == date(2026, 6, 1)
    assert shipped("lest-best").extended_to("complaint", received) is None


def test_a_request_of_a_kind_without_a_deadline_is_an_error() -> None:
    with pytest.raises(KeyError):
        shipped("lest-best").due_on("haste", date(2026, 1, 1))


def test_attendance_and_levels_are_off_where_a_statement_names_none() -> None:
    on = {slug: (shipped(slug).feature("attendance"), shipped(slug).feature("levels")) for slug in SLUGS}

    assert on == {
        "lest-best": (True, True),
        "meester-in-nt2": (True, True),
        "step-inburgering": (True, True),
        "onderwijs-pro": (False, False),
        "leren-leren": (False, False),
    }


def test_an_unknown_feature_is_an_error() -> None:
    with pytest.raises(KeyError):
        shipped("lest-best").feature("telepathy")


@pytest.mark.parametrize("slug", SLUGS)
def test_the_bookkeeping_of_the_portal_is_kept_everywhere(slug: str) -> None:
    policy = shipped(slug)

    for field in (
        "account.email",
        "account_session.ip_address",
        "consent.purpose",
        "correction.old",
        "field_origin.ground",
    ):
        assert policy.allows(field)
    assert policy.source_of("account.email") == "school"


def test_each_learner_needs_the_conditions_of_her_school() -> None:
    onderwijs_pro, meester = shipped("onderwijs-pro"), shipped("meester-in-nt2")

    for field in ("learner.marital_status", "learner.bsn", "learner.nationality", "learner.employer"):
        assert onderwijs_pro.needs_ground(field)
    assert not onderwijs_pro.needs_ground("learner.phone")
    assert not shipped("lest-best").needs_ground("learner.nationality")
    assert meester.needs_reporting_trajectory("learner.bsn")
    assert not onderwijs_pro.needs_reporting_trajectory("learner.bsn")
    assert meester.needs_client_request("identity_document.file_id")


def test_a_field_asks_consent_by_itself_or_because_all_its_category_serves_does() -> None:
    assert shipped("onderwijs-pro").consent_for_field("learner.phone_other") == "more_about_you"
    assert shipped("onderwijs-pro").consent_for_field("learner.gender") is None
    assert shipped("leren-leren").consent_for_field("learner.special_notes") == "child_guidance"
    assert shipped("lest-best").consent_for_field("lesson_evidence.file_id") == "quality_report"
    assert shipped("lest-best").consent_for_field("attendance_mark.status") is None
    assert shipped("lest-best").consent_for_field("learner.iban") is None


def test_meester_checks_as_little_as_it_can() -> None:
    assert shipped("meester-in-nt2").checked_fields == {
        "learner.given_name",
        "learner.name_prefix",
        "learner.family_name",
        "learner.birth_date",
        "learner.bsn",
    }


def test_lest_best_asks_consent_for_all_but_duo() -> None:
    policy = shipped("lest-best")

    assert {
        key: policy.needs_consent(policy.recipient(key)) for key in ("client", "blik_op_werk", "survey", "duo")
    } == {
        "client": True,
        "blik_op_werk": True,
        "survey": True,
        "duo": False,
    }
    assert policy.consent_for_template("attendance_for_client") == "client_report"
    assert shipped("meester-in-nt2").consent_for_template("attendance_for_client") is None
    assert [purpose.key for purpose in policy.consent_purposes()] == ["client_report", "quality_report", "survey"]


def test_only_what_rests_on_consent_has_a_question() -> None:
    for slug in SLUGS:
        for purpose in shipped(slug).purposes:
            assert (purpose.question is not None) == purpose.asks_consent


def test_step_has_exactly_its_four_recipients_with_their_undertakings() -> None:
    policy = shipped("step-inburgering")

    assert [recipient.key for recipient in policy.recipients] == ["panteia", "bureau_ice", "duo", "library"]
    assert all(policy.is_usable(recipient) for recipient in policy.recipients)


def test_a_recipient_without_an_agreement_cannot_be_used_where_one_is_needed() -> None:
    policy = shipped("onderwijs-pro")
    bare = policy.recipient("ideal").model_copy(update={"agreement": None})

    assert not policy.is_usable(bare)
    assert shipped("lest-best").is_usable(bare)


def test_the_survey_gets_no_bsn_nationality_or_results() -> None:
    policy = shipped("meester-in-nt2")
    template = policy.template("survey_contacts")

    assert policy.categories_in(template) == ("name", "contact", "trajectory")
    assert not {"learner.bsn", "learner.nationality"} & set(template.fields)


@pytest.mark.parametrize(
    ("slug", "category", "anchors", "end"),
    [
        ("lest-best", "contact", {"last_contact": date(2022, 11, 22)}, date(2026, 11, 22)),
        (
            "lest-best",
            "contact",
            {"last_contact": date(2023, 1, 1), "end_of_guidance": date(2022, 6, 1)},
            date(2026, 6, 1),
        ),
        ("meester-in-nt2", "contact", {"last_contact": date(2019, 5, 1)}, date(2026, 12, 31)),
        ("step-inburgering", "exam", {"last_contact": date(2019, 5, 1)}, date(2026, 12, 31)),
        ("onderwijs-pro", "contact", {"last_contact": date(2024, 2, 29)}, date(2026, 2, 28)),
        ("onderwijs-pro", "activity", {"recorded": date(2026, 1, 1)}, date(2026, 4, 1)),
        ("onderwijs-pro", "finance", {"end_of_year": date(2020, 12, 31)}, date(2027, 12, 31)),
        (
            "leren-leren",
            "name",
            {"end_of_contract": date(2020, 3, 1), "last_contact": date(2021, 1, 1)},
            date(2025, 3, 1),
        ),
        ("leren-leren", "correspondence", {"archived": date(2020, 1, 1)}, date(2025, 1, 1)),
        ("leren-leren", "correspondence", {"handled": date(2020, 1, 1)}, date(2020, 1, 1)),
        ("leren-leren", "newsletter", {"last_contact": date(2020, 1, 1)}, None),
        ("lest-best", "contact", {}, None),
    ],
)
def test_a_category_is_kept_until(slug: str, category: str, anchors: dict[str, date | None], end: date | None) -> None:
    assert shipped(slug).keep_until(category, anchors) == end


def test_lest_best_keeps_what_the_law_needs_without_the_person() -> None:
    ends = shipped("lest-best").stage_ends("trajectory", {"end_of_guidance": date(2020, 1, 31)})

    assert ends == (("deidentify", date(2024, 1, 31)), ("delete", date(2030, 1, 31)))


@pytest.mark.parametrize("slug", SLUGS)
def test_sign_in_traces_have_the_term_of_activity(slug: str) -> None:
    policy = shipped(slug)
    [stage] = policy.term_for("activity").stages

    assert policy.activity_term == stage
    assert policy.audit.term.added_to(date(2026, 1, 1)) > stage.added_to(date(2026, 1, 1))


def test_without_activity_sign_in_traces_go_with_the_audit() -> None:
    policy = shipped("lest-best")
    kept = tuple(category for category in policy.categories if category.key != "activity")

    without = Policy.model_validate(policy.model_copy(update={"categories": kept}).model_dump())

    assert without.activity_term == policy.audit.term


def test_masks_differ_by_school() -> None:
    assert shipped("step-inburgering").masks_for("request") == ("photo",)
    assert set(shipped("onderwijs-pro").masks_for("request")) == {"photo", "mrz", "document_number", "bsn"}
    assert shipped("lest-best").masks_for("request") == ()


def test_a_missing_language_shows_dutch_and_says_so() -> None:
    policy = shipped("lest-best")
    text = policy.purpose("survey").title

    assert policy.text(text, "en") == LocalText("A survey of how satisfied learners are", "en", is_fallback=False)
    shown = policy.text(text, "ti")
    assert shown.is_fallback
    assert shown.language == "nl"
    assert str(shown) == text.nl


@pytest.mark.parametrize("slug", SLUGS)
def test_every_text_is_there_in_dutch_english_and_arabic(slug: str) -> None:
    def texts(part: object) -> list[dict[str, str]]:
        if isinstance(part, dict):
            return [part] if "nl" in part else [found for value in part.values() for found in texts(value)]
        return [found for value in part for found in texts(value)] if isinstance(part, list) else []

    found = texts(shipped(slug).model_dump(mode="json"))

    assert len(found) > 50
    assert [text["nl"] for text in found if not (text["en"] and text["ar"])] == []


def test_every_role_of_staff_can_be_promised_a_second_step() -> None:
    assert set(get_args(StaffRole)) == {role.value for role in set(Role) - OUTSIDE}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_purpose_uses_something(slug: str) -> None:
    policy = shipped(slug)

    assert all(policy.used_for(purpose.key) for purpose in policy.purposes)
    assert policy.used_for("of_an_earlier_version") == {category.key for category in policy.categories}


def test_a_purpose_that_hangs_on_a_field_uses_its_category() -> None:
    assert shipped("onderwijs-pro").used_for("more_about_you") == {"contact"}
