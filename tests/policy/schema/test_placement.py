"""What a file can't say on the base is told before it is composed."""

from typing import Any

import pytest

from tests.factories.policy import mistakes_in, varied

MISPLACED: list[tuple[str, Any, str]] = [
    ("checked", [], "checked: is no table; wanted: [checked]"),
    ("purposes", [{"key": "course"}], "purposes: is no table; wanted: a table by key, such as [purposes.course]"),
    ("rights.access", True, "rights.access: is no table; wanted: {} to take it as the base has it, or what differs"),
    ("categories.name.key", "name", "categories.name.key: is not a key that belongs here: the name of its table says"),
    ("sharing.source", "school", "sharing.source: is not a key that belongs here: whether it cites promises says it"),
    ("terms.activity.until_asked", True, "terms.activity.title: is missing; the words in the base tell of the base's"),
    ("categories.work.without", "learner.employer", "categories.work.without: is no list; wanted: a list of fields"),
    (
        "categories.work.without",
        ["learner.employers"],
        'categories.work.without: the base has no "learner.employers" there; did you mean "learner.employer"?',
    ),
]


@pytest.mark.parametrize(("path", "value", "wanted"), MISPLACED, ids=[wanted for _, _, wanted in MISPLACED])
def test_what_is_out_of_place_is_named(path: str, value: Any, wanted: str) -> None:
    found = mistakes_in(varied("lest-best", {path: value}))

    assert [mistake for mistake in found if wanted in mistake] == found
    assert found


@pytest.mark.parametrize("value", [3, "text", [3], [[]], {"a": 1}, True])
@pytest.mark.parametrize("key", ["fields", "purposes", "term", "added", "without", "origins", "promises"])
def test_a_value_of_another_kind_is_a_mistake_and_never_a_fault(key: str, value: Any) -> None:
    assert mistakes_in(varied("lest-best", {f"categories.contact.{key}": value}))
