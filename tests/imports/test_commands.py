"""`portal import`: counts and refused rows as JSON, a dry run, refusals in one line and a code that isn't 0."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from portal.core.db.session import session
from portal.imports.commands import import_
from portal.imports.models import ImportRun, RunState
from portal.learners.record.models import Learner
from tests.factories.imports import sheet_bytes
from tests.imports.sample_workbooks import EXPECTED, make
from tests.imports.sample_workbooks.refused import compound_file


def run(*arguments: str) -> Result:
    """Run the command as the shell does."""
    return CliRunner().invoke(import_, ["--school", "meester-in-nt2", *arguments])


def learners(enter: Callable[[str], Any]) -> int:
    """Count the learners of the school."""
    with enter("meester-in-nt2"):
        return session.scalar(select(func.count()).select_from(Learner)) or 0


@pytest.mark.parametrize("workbook", EXPECTED, ids=lambda workbook: workbook["file"])
def test_json_gives_counts_and_each_refused_row(
    workbook: dict[str, Any], tmp_path: Path, database: Any, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    for earlier in workbook.get("after", []):
        assert run(str(make(earlier, tmp_path))).exit_code == 0
    done = run("--json", str(make(workbook["file"], tmp_path)))
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["stored"] is True
    assert {name: told["counts"][name] for name in workbook["counts"]} == workbook["counts"]
    refused = [[each["sheet"], each["row"], each["column"], each["code"]] for each in told["refused"]]
    assert refused == workbook["refused"]
    assert all(each["reason"].strip() for each in told["refused"])
    assert told["skipped_sheets"] == workbook.get("skipped", [])


def test_a_dry_run_stores_nothing(tmp_path: Path, database: Any, enter: Callable[[str], Any]) -> None:
    done = run("--dry-run", "--json", str(make("04-learners.csv", tmp_path)))
    told = json.loads(done.stdout)
    assert (told["stored"], told["counts"]["added"]) == (False, 5)
    assert learners(enter) == 0
    with enter("meester-in-nt2"):
        assert session.scalars(select(ImportRun)).all() == []


def test_without_json_it_tells_in_lines(tmp_path: Path, database: Any, enter: Callable[[str], Any]) -> None:
    done = run(str(make("01-inschrijvingen-september.xlsx", tmp_path)))
    assert "01-inschrijvingen-september.xlsx: stored: 4 added, 0 changed, 0 unchanged, 2 refused" in done.stdout
    assert "column m/v: Uw school bewaart dit niet. Het hoort bij:" in done.stdout
    assert "Inschrijvingen row 9 BSN: Dit BSN klopt niet" in done.stdout
    assert learners(enter) == 4


def test_what_it_stored_can_be_undone_on_the_screen(tmp_path: Path, database: Any, enter: Callable[[str], Any]) -> None:
    run(str(make("04-learners.csv", tmp_path)))
    with enter("meester-in-nt2"):
        stored = session.scalars(select(ImportRun)).one()
        assert (stored.state, stored.started_by, stored.file_id) == (RunState.STORED, None, None)


def test_a_column_that_isnt_kept_is_named_with_its_category(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(sheet_bytes(["Nummer", "Voornaam", "Achternaam", "Nationaliteit"], ["1", "A", "B", "Syrisch"]))
    told = json.loads(run("--json", str(path)).stdout)
    assert told["counts"]["added"] == 1
    column = told["refused_columns"][0]
    assert (column["row"], column["column"], column["field"]) == (1, "Nationaliteit", "learner.nationality")
    assert column["category"] in column["reason"]


def test_a_refused_file_is_one_line_and_a_code(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(compound_file("EncryptionInfo", "EncryptedPackage"))
    done = CliRunner().invoke(import_, ["--school", "meester-in-nt2", str(path)], standalone_mode=False)
    assert isinstance(done.exception, click.ClickException)
    assert done.exception.message.startswith("lijst.xlsx: password: Op dit bestand zit een wachtwoord.")
    told = run("--json", str(path))
    assert told.exit_code == 1
    assert json.loads(told.stdout)["refusal"] == "password"


def test_an_unknown_school_and_a_wrong_ground_are_named(tmp_path: Path, database: Any) -> None:
    path = make("04-learners.csv", tmp_path)
    nowhere = CliRunner().invoke(import_, ["--school", "nergens", str(path)])
    assert nowhere.exit_code == 1
    assert 'there is no school "nergens"' in nowhere.output
    wrong = run("--ground", "learner.shoe=ja", str(path))
    assert wrong.exit_code == 1
    assert 'a field such as learner.nationality, "=" and a reason is wanted' in wrong.output


def test_a_200_mb_file_is_refused_unread(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "groot.xlsx"
    with path.open("wb") as out:
        out.truncate(200 * 1024 * 1024)
    done = run("--json", str(path))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["refusal"] == "too_large"


def test_only_headings_are_refused_with_a_code_that_isnt_0(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "leeg.xlsx"
    path.write_bytes(sheet_bytes(["Voornaam", "Achternaam"]))
    done = run("--json", str(path))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["refusal"] == "no_rows"


def test_it_says_how_far_it_is_on_the_error_stream(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "lang.xlsx"
    path.write_bytes(
        sheet_bytes(["Nummer", "Voornaam", "Achternaam"], *([f"A{at}", "A", f"B{at}"] for at in range(600)))
    )
    done = run("--json", str(path))
    assert "500 rows read" in done.stderr
    assert "600 of 600 learners stored" in done.stderr
    assert json.loads(done.stdout)["counts"]["added"] == 600


def test_json_lists_what_was_left_out(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "lijst.xlsx"
    rows = [[1, "Anna", "Jansen", "geen", "x"], [2, "Bea", "Bos", None, None], [None, "Totaal", 2, None, None]]
    path.write_bytes(sheet_bytes(["Nr", "Voornaam", "Achternaam", "Telefoon", "Opmerking"], *rows))
    told = json.loads(run("--json", str(path)).stdout)
    assert [(each["column"], each["counts_rows"]) for each in told["left_out_columns"]] == [
        ("Nr", True),
        ("Opmerking", False),
    ]
    assert [(each["row"], each["code"]) for each in told["skipped_rows"]] == [(4, "total")]
    assert [(each["row"], each["column"], each["code"]) for each in told["notes"]] == [(2, "Telefoon", "not_taken")]
