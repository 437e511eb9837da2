"""Where a mistake in a policy file is, in words."""

import pytest
from flask import Flask

from portal.policy.announcements.labels import PARTS
from portal.policy.announcements.presenters import MistakeView, present_mistakes
from portal.policy.schema.policy import Policy


@pytest.mark.parametrize(
    ("path", "where", "key"),
    [
        ("", "Het bestand", ""),
        ("languages", "De talen", ""),
        ("controller.cty", "De gegevens van de school", ""),
        ("purposes.survey.basis", "De doelen", "survey"),
        ("terms.default.stages[2].unit", "Hoe lang gegevens blijven", "default"),
        ("languages[1]", "De talen", ""),
        ("verzonnen.x", "Het bestand", ""),
    ],
)
def test_a_place_is_told_by_its_part_and_key(app: Flask, path: str, where: str, key: str) -> None:
    with app.test_request_context():
        [view] = present_mistakes([(path, "is missing")])
    assert view == MistakeView(where, key, f"{path}: is missing" if path else "is missing")


def test_every_part_of_a_policy_has_a_name() -> None:
    assert set(PARTS) == set(Policy.model_fields)
