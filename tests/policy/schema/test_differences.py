"""What changed from one version to the next is told, and nothing else."""

from typing import Any

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.differences import differences
from portal.policy.schema.periods import Period
from tests.factories.policy import shipped, varied

GENDER = "learner.gender"
REST = ("trajectory", "level", "exam", "progress")


def newer(slug: str, values: dict[str, Any]) -> Policy:
    """Return a shipped policy with values set at paths."""
    return read_policy(varied(slug, values), known_fields())


def test_a_file_differs_from_itself_in_nothing() -> None:
    assert differences(shipped("lest-best"), shipped("lest-best")) == []


WEEKS = {"number": 2, "unit": "weeks"}
STAGE = {"number": 3, "unit": "years", "counted_from": ["last_contact"]}


@pytest.mark.parametrize(
    ("path", "value", "kind", "entries"),
    [
        ("categories.birth.fields", ["learner.birth_country", GENDER], "fields_added", (GENDER,)),
        ("categories.work.without", ["learner.employer"], "fields_removed", ("learner.employer",)),
        ("terms.default.stages", [STAGE], "term_changed", ()),
        ("rights.erasure", None, "right_removed", ("erasure",)),
        ("rights.complaint", {}, "right_added", ("complaint",)),
        ("deadlines.access.within", WEEKS, "deadline_changed", ("access",)),
        ("recipients.client.categories", ["name", "attendance"], "recipient_gets_less", REST),
        ("purposes.security.basis", "contract", "basis_changed", ()),
    ],
)
def test_a_change_is_told(path: str, value: Any, kind: str, entries: tuple[str, ...]) -> None:
    found = differences(shipped("lest-best"), newer("lest-best", {path: value}))

    assert (kind, entries) in [(change.kind, change.entries) for change in found]


def test_that_a_recipient_gets_more_is_told() -> None:
    found = differences(
        newer("lest-best", {"recipients.client.categories": ["name", "attendance"]}), shipped("lest-best")
    )

    assert [(change.kind, change.entries) for change in found] == [("recipient_gets_more", REST)]


def test_what_came_and_went_is_told_by_its_title() -> None:
    fewer = shipped("onderwijs-pro")
    bare = fewer.model_copy(
        update={
            "categories": tuple(part for part in fewer.categories if part.key != "newsletter"),
            "recipients": fewer.recipients[1:],
        }
    )

    gone = {(change.kind, change.title.nl) for change in differences(shipped("onderwijs-pro"), bare) if change.title}
    came = {(change.kind, change.title.nl) for change in differences(bare, shipped("onderwijs-pro")) if change.title}

    ideal = shipped("onderwijs-pro").recipient("ideal").title.nl
    assert gone == {("category_removed", "Nieuwsbrief"), ("recipient_removed", ideal)}
    assert came == {("category_added", "Nieuwsbrief"), ("recipient_added", ideal)}


def test_whether_staff_are_named_is_told() -> None:
    [change] = differences(shipped("lest-best"), newer("lest-best", {"audit.looks": "name"}))

    assert (change.kind, change.old, change.new) == ("looks_changed", "role", "name")


def test_the_audits_term_tells_old_and_new() -> None:
    [change] = differences(shipped("lest-best"), newer("lest-best", {"audit.term": {"number": 5, "unit": "years"}}))

    assert change.kind == "audit_term_changed"
    assert (change.old, change.new) == (Period(number=2, unit="years"), Period(number=5, unit="years"))


def test_a_deadline_tells_old_and_new() -> None:
    change = differences(shipped("lest-best"), newer("lest-best", {"deadlines.access.within.number": 4}))[0]

    assert (change.old, change.new) == (Period(number=28, unit="days"), Period(number=4, unit="days"))


def test_a_question_that_changed_stands_there_as_it_was_and_as_it_is() -> None:
    older = shipped("lest-best")
    question = {"nl": "Mogen wij u iets vragen?"}

    [change] = differences(older, newer("lest-best", {"version": "2", "purposes.survey.question": question}))

    assert change.entries == ("purposes", "survey", "question")
    assert change.old == older.purpose("survey").question
    assert change.new.nl == "Mogen wij u iets vragen?"
