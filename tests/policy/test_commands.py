"""`portal policy new`, `check` and `publish` on the shell."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal import cli
from portal.core.clock import today
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.policy.services import SHIPPED, shipped_files
from tests.factories.policy import changed, varied

LEST_BEST = SHIPPED / "lest-best.toml"


cli._load()


def run(*words: str | Path) -> Result:
    """Run `portal` with these words."""
    return CliRunner().invoke(cli.portal, [str(word) for word in words])


def written(folder: Path, content: str) -> Path:
    """Write a policy file and return where."""
    path = folder / "school.toml"
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_check_says_what_a_good_file_holds(path: Path) -> None:
    result = run("policy", "check", path)

    assert result.exit_code == 0
    assert result.output.startswith(f"{path.name}: version ")


def test_check_gives_a_line_for_each_mistake_and_fails(tmp_path: Path) -> None:
    wrong = {"categories.name.term": "forever", "terms.activity.law": "", "controller.city": None}
    path = written(tmp_path, varied("lest-best", wrong))

    result = run("policy", "check", path)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert 'school.toml: categories.name.term: there is no retention term "forever"' in result.stderr
    assert all(line.startswith("school.toml: ") for line in result.stderr.splitlines())


def test_check_says_what_would_differ_at_a_school(database: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, varied("lest-best", {"version": "2026", "complaints.role": "privacy_officer"}))

    result = run("policy", "check", "--school", "lest-best", path)

    assert result.exit_code == 0
    assert '  complaints.role: "management" → "privacy_officer"' in result.output.splitlines()
    assert "lest-best" not in result.output


def test_check_prints_the_whole_that_a_file_means() -> None:
    whole = json.loads(run("policy", "check", "--whole", LEST_BEST).output)

    assert Policy.model_validate(whole).purpose("course").title.nl == "De cursus geven en erover praten"


def test_publish_puts_a_file_in_force(tmp_path: Path, database: Engine, enter: Callable[[str], Any]) -> None:
    path = written(tmp_path, changed("lest-best", ('version = "2021-01-19"', 'version = "2026"')))

    result = run("policy", "publish", "--school", "lest-best", path)

    assert result.output.splitlines() == [
        "compared with version 2021-01-19:",
        '  version: "2021-01-19" → "2026"',
        "lest-best: version 2026 is in force",
    ]
    with enter("lest-best"):
        assert current_policy().version == "2026"
    with enter("step-inburgering"):
        assert current_policy().version == "2018-09-10"


@pytest.mark.parametrize(
    ("slug", "replacement", "why"),
    [
        ("nowhere", ('version = "2021-01-19"', 'version = "2026"'), 'there is no school "nowhere"'),
        (
            "lest-best",
            ('city = "Utrecht"', 'city = "Zeist"'),
            'version: "2021-01-19" is published and says something else',
        ),
        ("lest-best", ("in_force_on = 2021", "in_force_on = 2099"), "in_force_on: 2099-01-19 lies ahead"),
    ],
)
def test_publish_says_why_not(
    tmp_path: Path, database: Engine, slug: str, replacement: tuple[str, str], why: str
) -> None:
    more = () if "version" in replacement[0] or "city" in replacement[0] else (('= "2021-01-19"', '= "2099"'),)

    result = run("policy", "publish", "--school", slug, written(tmp_path, changed("lest-best", replacement, *more)))

    assert result.exit_code == 1
    assert why in result.stderr


def test_new_writes_a_first_file_that_check_accepts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("policy", "new", "Taal aan Zee")

    assert result.output.startswith("taal-aan-zee.toml: written; answer its questions")
    assert run("policy", "check", "taal-aan-zee.toml").output.startswith("taal-aan-zee.toml: version 1, in force ")


def test_new_writes_its_comments_in_the_language_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "school.toml"

    run("policy", "new", "Taal aan Zee", "--language", "en", "--output", path)

    assert "# QUESTION: At which address is the school?" in path.read_text("utf-8")


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "eigen werk")

    result = run("policy", "new", "Taal aan Zee", "--output", path)

    assert result.exit_code == 1
    assert f"{path}: is there already" in result.stderr
    assert path.read_text() == "eigen werk"


@pytest.mark.parametrize(
    ("name", "output", "why"),
    [
        ("  ", "x.toml", "NAME: the school's name is wanted"),
        ("a\nb", "x.toml", "NAME: the school's name is wanted"),
        ("a" * 121, "x.toml", "NAME: the school's name is wanted, at most 120"),
        ("Taal", "nowhere/x.toml", "can't be written: No such file or directory"),
    ],
)
def test_new_says_why_not(tmp_path: Path, name: str, output: str, why: str) -> None:
    result = run("policy", "new", name, "--output", tmp_path / output)

    assert result.exit_code == 1
    assert why in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_important_change_is_announced_for_a_day_where_people_are_told_before(
    database: Engine, tmp_path: Path, enter: Callable[[str], Any]
) -> None:
    path = written(tmp_path, varied("leren-leren", {"version": "2026", "audit.term": {"number": 9, "unit": "years"}}))
    day = (today() + timedelta(days=14)).isoformat()
    words = ("policy", "publish", "--school", "leren-leren", path)

    refused = run(*words)
    assert refused.exit_code == 1
    assert "people are told before it holds; name its day with --on" in refused.output
    for _ in range(2):
        result = run(*words, "--on", day)
        assert result.exit_code == 0, result.output
        assert f"version 2026 is announced for {day}; its change is important" in result.output
    past = run(*words, "--on", today().isoformat())
    assert past.exit_code == 1

    with enter("leren-leren"):
        assert current_policy().version != "2026"
