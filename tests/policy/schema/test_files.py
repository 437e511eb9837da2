"""Each mistake in a policy file is answered with the file, the key and what is wanted."""

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import PolicyMistakes, read_policy_file, reread_policy
from tests.factories.policy import SLUGS, mistakes_in, shipped, shipped_text, varied


@pytest.mark.parametrize("slug", SLUGS)
def test_the_policies_that_ship_have_no_mistake(slug: str) -> None:
    assert mistakes_in(shipped_text(slug)) == []


WRONG: list[tuple[str, Any, str]] = [
    ("version", None, 'version: is missing; wanted: a short text such as "3.0" or "2021-01-19"'),
    ("in_force_on", "soon", 'in_force_on: is "soon"; wanted: a date without quotes'),
    ("languages", ["nl", "xx"], 'languages[2]: is "xx"; wanted: one of nl, en'),
    ("purposes.course.basis", "contrakt", 'purposes.course.basis: is "contrakt"; wanted: one of contract'),
    ("purposes.course.basis", "contrakt", 'did you mean "contract"?'),
    ("purposes.course.natur", "service", "purposes.course.natur: is not a key that belongs here"),
    ("purposes.course.natur", "service", 'did you mean "nature"?'),
    ("purposes.help", {"title": {"nl": "Hulp"}, "basis": "contract"}, "purposes.help.nature: is missing; wanted: what"),
    ("purposes.course.title", {"xx": "De cursus"}, "purposes.course.title.nl: is missing; wanted: the Dutch text"),
    ("categories.sofi", {}, 'categories.sofi.key: is "sofi"; wanted: one of name, address'),
    ("categories.circumstances.fields", ["care_duties"], 'circumstances.fields[1]: is "care_duties"; wanted: a'),
    ("deadlines.access.within.number", -1, "deadlines.access.within.number: is -1; wanted: a whole number, 0 or more"),
    ("deadlines.access.within.number", "28", 'deadlines.access.within.number: is "28"; wanted: a whole number'),
    ("terms.default.stages", [{"number": 4}], "terms.default.stages[1].unit: is missing; wanted: days, weeks"),
    ("controller.postcode", "3584", 'controller.postcode: is "3584"; wanted: a postcode such as'),
    ("sharing.outside_eea", "sometimes", 'sharing.outside_eea: is "sometimes"; wanted: one of never, with_safeguard'),
    ("categories.name.promises", ["14"], 'categories.name.promises[1]: is "14"; wanted: a'),
    ("security.idle_minutes", 1, "security.idle_minutes: is 1; wanted: a whole number of minutes"),
    ("recipients.client.country", "Nederland", 'recipients.client.country: is "Nederland"; wanted: a country as'),
    ("checked", None, "checked: is missing; wanted: a table with fields and why"),
    ("checkt", {}, "checkt: is not a key that belongs here"),
]


@pytest.mark.parametrize(("path", "value", "wanted"), WRONG, ids=[wanted for _, _, wanted in WRONG])
def test_a_mistake_is_named_with_what_is_wanted(path: str, value: Any, wanted: str) -> None:
    found = mistakes_in(varied("lest-best", {path: value}))

    assert any(wanted in mistake for mistake in found), found
    assert all(mistake.startswith("school.toml: ") for mistake in found)
    assert all("\n" not in mistake for mistake in found)


def test_every_mistake_is_told_at_once() -> None:
    wrong = {"purposes.course.basis": "contrakt", "in_force_on": "soon", "controller.postcode": "?"}

    assert len(mistakes_in(varied("lest-best", wrong))) == 3


def test_what_is_not_toml_says_where() -> None:
    assert mistakes_in("version = ") == ["school.toml: isn't TOML: Invalid value (at end of document)"]


@pytest.mark.parametrize("step", ["a.", '"\\"" . ', "'a' .\t"])
@pytest.mark.parametrize("before", ["", "[", "x = {", "x = {y = 1, "])
def test_a_key_of_thousands_of_steps_is_refused_before_it_is_read(step: str, before: str) -> None:
    began = perf_counter()

    found = mistakes_in(f"version = 1\n{before}{step * 30_000}a = 1\n")

    assert found == ["school.toml: line 2 has a key of more than 10 steps; that is too deep"]
    assert perf_counter() - began < 2


@pytest.mark.parametrize("text", ["a" * 900_000, '"' * 900_000, "a. " * 8 + "b " * 400_000, "a" * 900_000 + ". "])
def test_looking_for_deep_keys_takes_no_time(text: str) -> None:
    began = perf_counter()

    assert mistakes_in(text)
    assert perf_counter() - began < 3


def test_a_file_of_nothing_but_mistakes_tells_the_first_and_counts_the_rest() -> None:
    began = perf_counter()

    found = mistakes_in(shipped_text("lest-best") + "".join(f"\n[categories.c{at}]\nx = 1" for at in range(5000)))

    assert len(found) == 201
    assert found[-1].endswith("more mistakes")
    assert perf_counter() - began < 10


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"\xff\xfe", "isn't UTF-8 at byte 0; save it as UTF-8"),
        (b"#" * 1_000_001, "is 1000001 bytes; at most 1000000 are wanted"),
    ],
)
def test_a_file_that_cannot_be_a_policy(tmp_path: Path, content: bytes, wanted: str) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes(content)

    with pytest.raises(PolicyMistakes, match=wanted):
        read_policy_file(path, known_fields())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyMistakes, match="can't be read: No such file"):
        read_policy_file(tmp_path / "none.toml", known_fields())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_policy_reads_the_same_from_what_is_stored(slug: str) -> None:
    policy = shipped(slug)

    again = reread_policy(policy.model_dump(mode="json", exclude_none=True), known_fields())

    assert again == policy
    assert again.fields == policy.fields
