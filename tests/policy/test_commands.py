"""`portal policy` and `portal school` on the shell."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from portal import cli
from portal.accounts.models import Account, Membership
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.policy.services import SHIPPED, shipped_files
from portal.schools.queries import current_school
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

    assert Policy.model_validate(whole).purpose("course").title.nl == "De cursus geven en er met u over praten"


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


def test_list_shows_each_school_in_a_line(database: Engine) -> None:
    result = run("school", "list")

    assert "lest-best\tLest Best\tlest-best.localhost" in result.output.splitlines()
    assert len(result.output.splitlines()) == 5


def add(*words: str | Path) -> Result:
    """Run `portal school add` for a sixth school."""
    return run("school", "add", "taal-aan-zee", "--name", "Taal aan Zee", "--policy", LEST_BEST, *words)


def test_a_school_is_added_with_its_policy_and_its_manager_invited(database: Engine, app: Any) -> None:
    result = add("--manager", "Directie@TaalAanZee.nl", "--host", "portaal.taalaanzee.nl")

    assert result.exit_code == 0, result.output
    with in_school(None):
        added = session.scalar(text("select school_by_slug('taal-aan-zee')"))
    with in_school(added):
        assert current_school().name == "Taal aan Zee"
        assert current_policy().version == "2021-01-19"
        account = session.query(Account).one()
        assert account.email == "directie@taalaanzee.nl"
        assert [row.role.value for row in session.query(Membership)] == ["management"]
    assert "taal-aan-zee\tTaal aan Zee\tportaal.taalaanzee.nl" in run("school", "list").output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--manager", "nobody"], "--manager: an e-mail address is wanted"),
        (["--manager", "a@b.nl", "--host", "https://x"], "--host: a host name such as portaal.school.nl is wanted"),
        (["--manager", "a@b.nl", "--host", "lest-best.localhost"], "--host: a school answers there already"),
    ],
)
def test_a_school_that_cannot_be_added_leaves_nothing(database: Engine, words: list[str], why: str) -> None:
    result = add(*words)

    assert result.exit_code == 1
    assert why in result.stderr
    assert len(run("school", "list").output.splitlines()) == 5


def test_a_slug_that_is_taken_is_refused(database: Engine) -> None:
    words = [
        "school",
        "add",
        "lest-best",
        "--name",
        "Nog een",
        "--policy",
        LEST_BEST,
        "--manager",
        "a@b.nl",
        "--host",
        "nog.een.nl",
    ]

    result = run(*words)

    assert result.exit_code == 1
    assert "SLUG: another school has it" in result.stderr
