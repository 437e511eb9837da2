"""The processor's register on the shell, of every school."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from portal import cli, config
from tests.schools.hosting.test_details import WHOLE
from tests.seed import SCHOOLS

cli._load()


def register(*options: str) -> str:
    result = CliRunner().invoke(cli.portal, ["hosting", "register", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_it_names_each_school_what_is_done_for_it_and_what_is_open(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hosting.toml"
    path.write_text(WHOLE)
    monkeypatch.setattr(config.settings(), "hosting_file", path)

    said = register()

    assert "name: Voorbeeld Hosting" in said
    assert "address: not recorded yet" in said
    assert "Datacentrum (US): standard_clauses" in said
    for school in SCHOOLS:
        assert f"controller {school.slug}:" in said
    facts = json.loads(register("--json", "--language", "en"))
    by_slug = {each["school"]: each for each in facts["controllers"]}
    assert by_slug["lest-best"]["agreement_signed_on"] == "2026-01-15"
    assert by_slug["step-inburgering"]["agreement_signed_on"] is None
    assert any(each["categories"] for each in by_slug["lest-best"]["processing"])


def test_without_a_file_all_of_it_is_open(database: Engine) -> None:
    assert "name: not recorded yet" in register()
    assert "transfers outside the EEA: none" in register()


def test_a_mistake_in_the_file_is_one_line(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hosting.toml"
    path.write_text("nam = 'x'")
    monkeypatch.setattr(config.settings(), "hosting_file", path)
    result = CliRunner().invoke(cli.portal, ["hosting", "register"])
    assert result.exit_code == 1
    assert "nam" in result.output
