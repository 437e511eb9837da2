"""Each value that differs between two policies is told by its path, and nothing else."""

from typing import Any

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.comparison import compare
from tests.factories.policy import SLUGS, shipped, varied


def newer(values: dict[str, Any]) -> Policy:
    return read_policy(varied("lest-best", values), known_fields())


CHANGES: list[tuple[str, Any, list[str]]] = [
    ("controller.city", "Zeist", ['controller.city: "Utrecht" → "Zeist"']),
    ("controller.phone", None, ['controller.phone: - "030-8883791"']),
    ("complaints.role", "privacy_officer", ['complaints.role: "management" → "privacy_officer"']),
    ("purposes.survey.question", {"nl": "Mag het?"}, ['purposes.survey.question.nl: "Mag het onderzoeksbureau u']),
    ("categories.work.without", ["learner.employer"], ['categories.work.fields: - "learner.employer"']),
    ("categories.progress.purposes", ["client_report"], ['categories.progress.purposes: - "course"']),
    ("sharing.agreement_needed", True, ["sharing.agreement_needed: false → true"]),
    ("deadlines.access.within.number", 27, ["deadlines.access.within.number: 28 → 27"]),
    ("rights.complaint", {}, ['rights.complaint: + "complaint"']),
    ("categories.newsletter", {"purposes": ["course"], "term": "default"}, ['categories.newsletter: + "Nieuwsbrief"']),
    ("categories.complaint", None, ['categories.complaint: - "Klachten"']),
    ("languages", ["nl", "ar", "en"], ["languages: in another order"]),
]


@pytest.mark.parametrize(("path", "value", "wanted"), CHANGES, ids=[wanted[0] for _, _, wanted in CHANGES])
def test_a_change_is_a_line_with_its_path(path: str, value: Any, wanted: list[str]) -> None:
    lines = [str(change) for change in compare(shipped("lest-best"), newer({path: value}))]

    for start in wanted:
        assert any(line.startswith(start) for line in lines), lines


def test_parts_in_another_order_are_told_by_their_keys() -> None:
    policy = shipped("lest-best")
    turned = policy.model_copy(update={"rights": tuple(reversed(policy.rights))})

    assert [str(change) for change in compare(policy, turned)] == ["rights: in another order"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_policy_does_not_differ_from_itself(slug: str) -> None:
    assert compare(shipped(slug), shipped(slug)) == []
