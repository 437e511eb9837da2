"""A file on the base means what it takes by name, changed as it says; the five mean what is stored whole here."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from portal.core.personal_data import CATEGORIES
from portal.policy.queries import known_fields
from portal.policy.schema import read_policy
from portal.policy.schema.composition import BASE_FILE, KEYED, SINGLE, compose, shared_base
from portal.policy.services import shipped_files
from tests.factories.policy import SLUGS, mistakes_in, shipped, varied, written

WHOLE = Path(__file__).parents[1] / "whole"
WORDS = {"nl": "Woorden."}


def small(**parts: Any) -> dict[str, Any]:
    """Return what a file with these parts alone is composed to, each list by key."""
    composed = compose(parts, shared_base())
    return {name: {part["key"]: part for part in value} if name in KEYED else value for name, value in composed.items()}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_file_means_what_is_stored_whole(slug: str) -> None:
    """`portal policy check --whole FILE` writes what a file means; a change here is a change of what a school says."""
    stored = json.loads((WHOLE / f"{slug}.json").read_text("utf-8"))

    assert shipped(slug).model_dump(mode="json", exclude_none=True) == stored


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_a_shipped_file_is_short(path: Path) -> None:
    assert 150 <= len(path.read_text("utf-8").splitlines()) <= 250


def test_the_base_makes_a_whole_policy_where_everything_is_taken() -> None:
    base = shared_base()
    parts: dict[str, Any] = {name: {key: {} for key in base[name]} for name in KEYED}
    for key, section in base["sections"].items():
        parts["sections"][key] = {} if "text" in section else {"text": WORDS}
    head = {"version": "1", "in_force_on": "2026-01-01", "languages": ["nl"], "controller": {"name": "School"}}

    assert mistakes_in(written(head | parts | {name: {} for name in SINGLE})) == []


def test_the_base_has_every_category_in_words_of_each_language() -> None:
    def texts(part: object) -> list[dict[str, str]]:
        if isinstance(part, dict):
            return [part] if "nl" in part else [found for value in part.values() for found in texts(value)]
        return [found for value in part for found in texts(value)] if isinstance(part, list) else []

    base = tomllib.loads(BASE_FILE.read_text("utf-8"))

    assert set(base["categories"]) == set(CATEGORIES)
    assert [text["nl"] for text in texts(base) if set(text) != {"nl", "en", "ar"}] == []


def test_nothing_holds_that_no_file_takes() -> None:
    assert small() == {}


def test_a_part_that_is_taken_comes_with_its_words_and_says_where_it_stands() -> None:
    purposes = small(purposes={"course": {"promises": ["LB-03"]}, "security": {}})["purposes"]

    assert purposes["course"]["title"] == shared_base()["purposes"]["course"]["title"]
    assert (purposes["course"]["source"], purposes["security"]["source"]) == ("statement", "school")


def test_what_the_file_sets_takes_the_place_of_what_the_base_says() -> None:
    course = small(purposes={"course": {"title": WORDS}})["purposes"]["course"]

    assert course["title"] == WORDS
    assert course["basis"] == "contract"


def test_lists_of_the_base_hold_as_far_as_the_file_takes_what_they_name() -> None:
    whole = small(
        purposes={"course": {}, "survey": {}},
        categories={"name": {}, "contact": {"without": ["learner.phone"]}},
        recipients={"survey": {}},
        templates={"survey_contacts": {}},
        checked={},
    )

    assert whole["categories"]["name"]["purposes"] == ["course", "survey"]
    assert whole["recipients"]["survey"]["categories"] == ["name", "contact"]
    assert whole["templates"]["survey_contacts"]["fields"] == [
        *("learner.given_name", "learner.name_prefix", "learner.family_name"),
        *("learner.email", "learner.preferred_language"),
    ]
    assert whole["checked"]["fields"] == ["learner.given_name", "learner.name_prefix", "learner.family_name"]


def test_a_list_of_the_file_holds_as_it_is() -> None:
    found = mistakes_in(varied("lest-best", {"categories.name.purposes": ["course", "newsletter"]}))

    assert found == ['school.toml: categories.name.purposes: there is no purpose "newsletter" in this file']


def test_a_question_comes_only_with_a_purpose_that_rests_on_consent() -> None:
    asked = small(purposes={"survey": {}})["purposes"]["survey"]
    unasked = small(purposes={"survey": {"basis": "legitimate_interest"}})["purposes"]["survey"]

    assert {"question", "withdrawn"} <= set(asked)
    assert not {"question", "withdrawn", "deletes"} & set(unasked)


def test_a_term_comes_along_with_its_category() -> None:
    terms = small(categories={"account": {}, "finance": {"term": "fiscal"}, "level": {"term": "own"}})["terms"]

    assert list(terms) == ["default", "fiscal"]


def test_a_field_that_is_left_out_is_kept_nowhere() -> None:
    policy = read_policy(varied("meester-in-nt2", {"categories.contact.without": ["learner.phone"]}), known_fields())

    assert not policy.allows("learner.phone")
    assert policy.allows("learner.email")


@pytest.mark.parametrize(
    ("contact", "added"),
    [
        ({}, ["learner.preferred_language"]),
        ({"fields": ["learner.email"]}, ["learner.preferred_language"]),
        ({"fields": ["learner.email", "learner.preferred_language"]}, None),
        ({"without": ["learner.preferred_language"]}, None),
        ({"fields": "all"}, None),
    ],
)
def test_what_the_base_adds_to_a_category_stands_there_once(contact: dict[str, Any], added: list[str] | None) -> None:
    category = small(categories={"contact": contact})["categories"]["contact"]

    assert category.get("added", {}).get("fields") == added
    assert "without" not in category
