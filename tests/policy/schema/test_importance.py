"""Which changes are important, and which consents they end."""

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.differences import differences
from portal.policy.schema.importance import changed_consents, consents_asked_anew, is_important, new_consents
from tests.factories.policy import shipped, varied

OLDER = shipped("lest-best")
SURVEY = {"question": OLDER.purpose("survey").question, "withdrawn": OLDER.purpose("survey").withdrawn}


def newer(**values: object) -> Policy:
    """Return Lest Best's policy as version 2026 with values at these paths, in which `__` stands for a point."""
    paths = {key.replace("__", "."): value for key, value in values.items()}
    return read_policy(varied("lest-best", {"version": "2026", **paths}), known_fields(), name="x.toml")


@pytest.mark.parametrize(
    ("values", "important"),
    [
        ({"controller__city": "Zeist"}, False),
        ({"complaints__role": "privacy_officer"}, False),
        ({"purposes__survey__title": {"nl": "Vragen"}}, True),
        ({"deadlines__requests__within": {"number": 2, "unit": "weeks"}}, True),
        ({"audit__term": {"number": 9, "unit": "years"}}, True),
        ({"recipients__survey__country": "US", "recipients__survey__safeguard": "adequacy"}, True),
        ({"staff__term": {"number": 9, "unit": "years"}}, True),
        ({"staff__text": {"nl": "Dit houden wij van u bij."}}, True),
        ({"accountability__term": {"number": 9, "unit": "years"}}, True),
    ],
)
def test_what_touches_what_people_were_promised_is_important(values: dict[str, object], important: bool) -> None:
    assert is_important(differences(OLDER, newer(**values))) is important


@pytest.mark.parametrize(
    "values",
    [
        {"purposes__survey__question": {"nl": "Mag het bureau u bellen?"}},
        {"purposes__survey__withdrawn": {"nl": "Dan belt niemand u."}},
        {"recipients__survey__country": "US", "recipients__survey__safeguard": "adequacy"},
    ],
)
def test_a_consent_to_what_is_another_question_now_is_asked_anew(values: dict[str, object]) -> None:
    version = newer(**values)

    assert changed_consents(OLDER, version) == consents_asked_anew(OLDER, version) == ("survey",)


def test_a_translation_that_is_added_and_another_purpose_change_no_consent() -> None:
    question = SURVEY["question"]
    assert question is not None
    texts = {**question.model_dump(exclude_none=True), "tr": "Soru?"}

    assert changed_consents(OLDER, newer(purposes__survey__question=texts, controller__city="Zeist")) == ()


def test_a_consent_that_is_asked_no_more_ends_and_a_new_one_is_named() -> None:
    older, other = newer(), shipped("step-inburgering")

    assert "survey" in changed_consents(older, other)
    assert "survey" not in consents_asked_anew(older, other)
    assert new_consents(older, other) == ("library",)
