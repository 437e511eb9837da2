"""Each mistake in a policy file is answered with the file, the key and what is wanted."""

from pathlib import Path

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import PolicyMistakes, read_policy_file, reread_policy
from tests.factories.policy import SLUGS, changed, mistakes_in, shipped, shipped_text


@pytest.mark.parametrize("slug", SLUGS)
def test_the_policies_that_ship_have_no_mistake(slug: str) -> None:
    assert mistakes_in(shipped_text(slug)) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('version = "2021-01-19"\n', "", 'version: is missing; wanted: a short text such as "3.0" or "2021-01-19"'),
        ("in_force_on = 2021-01-19", 'in_force_on = "soon"', 'in_force_on: is "soon"; wanted: a date without quotes'),
        ('languages = ["nl", "en", "ar"]', 'languages = ["nl", "xx"]', 'languages[2]: is "xx"; wanted: one of nl, en'),
        ('basis = "contract"', 'basis = "contrakt"', 'purposes[course].basis: is "contrakt"; wanted: one of contract'),
        ('basis = "contract"', 'basis = "contrakt"', 'did you mean "contract"?'),
        ('nature = "service"', 'natur = "service"', "purposes[course].natur: is not a key that belongs here"),
        ('nature = "service"', 'natur = "service"', 'did you mean "nature"?'),
        ('nature = "service"', 'natur = "service"', "purposes[course].nature: is missing"),
        (
            'title.nl = "De cursus geven',
            'title.xx = "De cursus geven',
            "purposes[course].title.nl: is missing; wanted: the D",
        ),
        ('key = "bsn"', 'key = "sofi"', 'categories[sofi].key: is "sofi"; wanted: one of name, address'),
        ('"learner.care_duties"', '"care_duties"', 'fields[1]: is "care_duties"; wanted: a'),
        ("number = 28", "number = -1", "deadlines[1].within.number: is -1; wanted: a whole number, 0 or more"),
        ("number = 28", 'number = "28"', 'deadlines[1].within.number: is "28"; wanted: a whole number'),
        ('postcode = "3584 BH"', 'postcode = "3584"', 'controller.postcode: is "3584"; wanted: a postcode such as'),
        ("consent_unless_statutory = true", "", "sharing.consent_unless_statutory: is missing; wanted: true where"),
        ('"LB-14"', '"14"', 'promises[1]: is "14"; wanted: a'),
        ("idle_minutes = 60", "idle_minutes = 1", "security.idle_minutes: is 1; wanted: a whole number of minutes"),
        ('country = "NL"', 'country = "Nederland"', 'recipients[client].country: is "Nederland"; wanted: a country as'),
        ("[checked]", "[checkt]", "checkt: is not a key that belongs here"),
    ],
)
def test_a_mistake_is_named_with_what_is_wanted(old: str, new: str, wanted: str) -> None:
    found = mistakes_in(changed("lest-best", (old, new)))

    assert any(wanted in mistake for mistake in found), found
    assert all(mistake.startswith("school.toml: ") for mistake in found)
    assert all("\n" not in mistake for mistake in found)


def test_every_mistake_is_told_at_once() -> None:
    text = changed(
        "lest-best",
        ('basis = "contract"', 'basis = "contrakt"'),
        ("in_force_on = 2021-01-19", 'in_force_on = "soon"'),
        ('postcode = "3584 BH"', 'postcode = "?"'),
    )

    assert len(mistakes_in(text)) == 3


def test_what_is_not_toml_says_where() -> None:
    assert mistakes_in("version = ") == ["school.toml: isn't TOML: Invalid value (at end of document)"]


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
