"""`portal school add` and `portal policy explain` on the shell."""

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
from portal.policy.services import SHIPPED
from portal.schools.queries import current_school
from tests.page_client import PageClient

LEST_BEST = SHIPPED / "lest-best.toml"


cli._load()


def run(*words: str | Path) -> Result:
    """Run `portal` with these words."""
    return CliRunner().invoke(cli.portal, [str(word) for word in words])


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


def test_a_school_with_a_first_file_is_added_and_its_statement_answers(
    database: Engine, client_at: Callable[[str], PageClient], tmp_path: Path
) -> None:
    path = tmp_path / "taal-aan-zee.toml"
    assert run("policy", "new", "Taal aan Zee", "--output", path).exit_code == 0
    assert run("policy", "check", path).exit_code == 0
    explained = run("policy", "explain", path)
    assert explained.exit_code == 0
    assert "Nog niet vastgelegd: het e-mailadres van de school." in explained.output

    added = run("school", "add", "taal-aan-zee", "--name", "Taal", "--policy", path, "--manager", "directie@taal.nl")

    assert added.exit_code == 0, added.output
    for language in ("nl", "en", "ar"):
        assert client_at("taal-aan-zee").get("/privacy", language=language).status_code == 200
    page = client_at("taal-aan-zee").get("/privacy").get_data(as_text=True)
    assert 'Wat doet <bdi translate="no">Taal aan Zee</bdi> met uw gegevens?' in page
    assert page.count("nog niet vastgelegd") == 6  # two addresses; day and country of two agreements
    assert "De verklaring van de school noemde dit niet." not in page


def test_explain_tells_in_the_language_that_is_asked() -> None:
    english = run("policy", "explain", "--language", "en", LEST_BEST).output

    assert "What the school keeps\n  Name and learner number: " in english
    assert "    Who sees it: the learner herself, teacher (of own groups), " in english


def test_explain_tells_the_mistakes_of_a_file_that_has_any(tmp_path: Path) -> None:
    path = tmp_path / "school.toml"
    path.write_text('version = "1"\n', "utf-8")

    result = run("policy", "explain", path)

    assert result.exit_code == 1
    assert "school.toml: controller: is missing" in result.stderr
    assert result.stdout == ""
