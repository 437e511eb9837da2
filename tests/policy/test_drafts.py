"""A first policy file has no mistake, asks what only the school knows, and says what the base says in each language."""

import tomllib
from datetime import date
from typing import Any

import pytest

from portal.core.command_setup import in_language
from portal.policy.drafts import draft_policy, file_name
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.composition import KEYED, shared_base
from tests.factories.policy import mistakes_in

DAY = date(2026, 11, 28)


def draft(language: str = "nl", name: str = "Taal aan Zee") -> str:
    """Return a first file, with its comments in a language."""
    with in_language(language):
        return draft_policy(name, day=DAY, language=language)


def drafted() -> Policy:
    return read_policy(draft(), known_fields())


def uncommented(text: str, *starts: str) -> str:
    """Return a file with the # taken away before lines that begin so."""
    lines = [
        line[2:] if line.startswith(tuple(f"# {start}" for start in starts)) else line for line in text.split("\n")
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_a_first_file_has_no_mistake_in_whatever_language_its_comments_are(language: str) -> None:
    text = draft(language)

    assert mistakes_in(text) == []
    assert tomllib.loads(text) == tomllib.loads(draft())
    assert shared_base()["categories"]["level"]["why"][language] in text


@pytest.mark.parametrize("name", ['Taal "aan" Zee', "De École \\ ’s-Gravenhage", "مدرسة", "#"])
def test_any_name_of_a_school_is_written_as_it_is(name: str) -> None:
    assert read_policy(draft(name=name), known_fields()).controller.name == name


@pytest.mark.parametrize(
    ("name", "file"),
    [("Taal aan Zee", "taal-aan-zee.toml"), ("École 2!", "ecole-2.toml"), ("مدرسة", "school.toml"), ("../x", "x.toml")],
)
def test_a_name_becomes_a_file_name(name: str, file: str) -> None:
    assert file_name(name) == file


def test_every_choice_of_the_base_stands_there_taken_or_as_a_comment() -> None:
    text = draft()

    for kind in KEYED:
        for key in shared_base()[kind]:
            assert any(line.removeprefix("# ").startswith((f"{key} = ", f"{key}.")) for line in text.split("\n")), key


def test_the_defaults_are_sound() -> None:
    policy = drafted()

    assert policy.sharing.agreement_needed
    assert policy.sharing.outside_eea == "never"
    assert not policy.allows("learner.bsn")
    assert policy.consent_purposes() == ()
    assert {right.key for right in policy.rights} == set(shared_base()["rights"])
    assert policy.category("complaint") is not None
    assert [policy.is_usable(recipient) for recipient in policy.recipients] == [False, False]
    assert policy.in_force_on == DAY
    assert not policy.cites_statement


def test_what_only_the_school_knows_is_asked_and_not_invented() -> None:
    text, policy = draft(), drafted()

    assert text.count("# VRAAG: ") > 15
    assert "# VRAAG: Op welk adres zit de school?\n# street = " in text
    assert (policy.controller.street, policy.controller.email) == (None, None)
    assert policy.recipient("bookkeeping").agreed_on is None


ANSWERED: list[tuple[tuple[str, ...], Any]] = [
    (
        ("street", "postcode", "city", "email = "),
        lambda policy: policy.controller.address == "Dorpsstraat 1, 1234 AB Utrecht",
    ),
    (
        ("bookkeeping.agreement", "bookkeeping.country"),
        lambda policy: policy.is_usable(policy.recipient("bookkeeping")),
    ),
    (("newsletter = {}",), lambda policy: [each.key for each in policy.consent_purposes()] == ["newsletter"]),
    (("duo = {}", "duo.country", "bsn = {}"), lambda policy: policy.needs_reporting_trajectory("learner.bsn")),
]


@pytest.mark.parametrize(("starts", "holds"), ANSWERED, ids=[starts[0] for starts, _ in ANSWERED])
def test_a_choice_is_made_by_taking_the_mark_away(starts: tuple[str, ...], holds: Any) -> None:
    assert holds(read_policy(uncommented(draft(), *starts), known_fields()))
