"""The archives: a page that needs no network, files of hers, and a file to take along that others can read."""

import csv
import json
import re
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.core.clock import today
from portal.core.crypto import files
from portal.core.db.session import session
from portal.identity.models import IdentityDocument
from portal.imports.workbooks.delimited_text import rows_of
from portal.learners.record.models import Learner
from portal.requests.copies.formats.archive import SCHEMA
from portal.requests.copies.models import CopyState
from portal.schools.queries import SchoolView
from tests.factories.copies import archive_of, ask_copy, json_of, make, make_note
from tests.factories.everything import Everything
from tests.factories.imports import chosen, handed_in, make_office
from tests.factories.learners import make_learner, make_representative

FINDINGS = ("level", "exam_result", "evaluation", "note", "mark_note", "intake")


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner with a value of her own, one of the school's, a BSN and a parent."""
    learner = make_learner("Amina", "Haddad", email="amina@example.org", phone="0612345678")
    make_representative(learner, name="Moeder Haddad")
    return learner


@pytest.mark.parametrize(
    ("language", "direction", "said"), [("nl", "ltr", "Waarom"), ("en", "ltr", "Why"), ("ar", "rtl", "لماذا")]
)
def test_the_page_opens_without_a_network_in_her_language(
    app: Flask, amina: Learner, language: str, direction: str, said: str
) -> None:
    with app.app_context():
        parts = archive_of(make(ask_copy(amina, language=language)))
    page = next(content for name, content in parts.items() if name.endswith(".html")).decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert said in page
    assert not re.search(r"(src|href|action)=[\"'](?!#)|@import|url\(|<script|<link", page)
    assert "amina@example.org" in page


def test_stored_files_of_hers_are_in_it(app: Flask, amina: Learner) -> None:
    with app.app_context():
        file_id = files.store([b"jpeg"], about=(amina.id, "identity_document.file_id"), media_type="image/jpeg")
        document = IdentityDocument(learner_id=amina.id, file_id=file_id, requested_by="gemeente", requested_on=today())
        session.add(document)
        session.flush()
        parts = archive_of(make(ask_copy(amina)))
    assert parts[f"bestanden/identity_document-{document.id}.jpg"] == b"jpeg"


@pytest.mark.promise("ST-02", part="export")
@pytest.mark.parametrize("includes_findings", [False, True])
def test_a_file_to_take_along_holds_what_she_gave_and_what_was_observed(
    app: Flask, enter: Callable[[str], Any], includes_findings: bool
) -> None:
    with enter("step-inburgering"), app.app_context():
        everything = Everything()
        copy = make(ask_copy(everything.learner, kind="portability", includes_findings=includes_findings))
        parts = archive_of(copy)
    found = json.loads(parts["data.json"])
    tables = found["tables"]
    assert {"learner", "attendance_mark", "goal", "absence_notice"} <= tables.keys()
    assert bool(set(FINDINGS) & tables.keys()) is includes_findings
    assert "representative" not in tables
    assert "999999990" not in json.dumps(found)
    assert tables["attendance_mark"][0]["lesson"]
    schema = json.loads(parts["schema.json"])
    assert schema == json.loads(SCHEMA.read_bytes())
    assert {*schema["required"], "learner"} == set(schema["properties"]) - {"person"} == found.keys()
    assert found["format"] == schema["properties"]["format"]["const"]
    origins = set(schema["$defs"]["row"]["properties"]["source"]["enum"])
    for row in (each for rows in tables.values() for each in rows):
        assert UUID(row["id"])
        assert row.get("source", "school") in origins
        assert "bsn" not in row
        assert None not in row.values()


@pytest.mark.promise("ST-09", part="file")
def test_each_part_has_its_checksum_and_each_table_its_csv(app: Flask, amina: Learner) -> None:
    with app.app_context():
        parts = archive_of(make(ask_copy(amina, kind="portability")))
    sums = dict(reversed(line.split("  ")) for line in parts.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: sha256(content).hexdigest() for name, content in parts.items()}
    rows = list(csv.DictReader(StringIO(parts["tables/learner.csv"].decode("utf-8-sig"))))
    assert [row["given_name"] for row in rows] == ["Amina"]
    assert {f"tables/{name}.csv" for name in json.loads(parts["data.json"])["tables"]} <= parts.keys()


def test_what_a_spreadsheet_would_run_is_text(app: Flask, amina: Learner) -> None:
    amina.city = "=1+1"
    session.flush()
    with app.app_context():
        copy = make(ask_copy(amina, kind="portability"))
        assert copy.state is CopyState.READY
        assert '"=1+1"' not in archive_of(copy)["tables/learner.csv"].decode()


def test_another_school_takes_it_in_by_the_preview_of_its_import(app: Flask, enter: Callable[[str], Any]) -> None:
    with enter("step-inburgering"), app.app_context():
        learner = make_learner("Amina", "Haddad", email="amina@example.org", name_prefix="el")
        sheet = archive_of(make(ask_copy(learner, kind="portability")))["import.csv"]
    with enter("lest-best"), app.app_context():
        office = make_office()
        run = chosen(handed_in(sheet, office, "import.csv"), office)
    assert (run.counts["added"], run.counts["refused"]) == (1, 0)


def test_what_would_be_a_formula_is_text_in_the_sheet_and_hers_again_where_it_is_taken_in(
    app: Flask, enter: Callable[[str], Any]
) -> None:
    formula = '=HYPERLINK("https://example.org","klik")'
    with enter("step-inburgering"), app.app_context():
        learner = make_learner("'t Amina", formula)
        sheet = archive_of(make(ask_copy(learner, kind="portability")))["import.csv"]
    cells = list(csv.reader(StringIO(sheet.decode("utf-8-sig"))))[1]
    assert {f"'{formula}", "'t Amina"} <= set(cells)
    assert {formula, "'t Amina"} <= set(rows_of(sheet)[1])


def test_notes_go_along_only_where_she_asks(app: Flask, amina: Learner) -> None:
    make_note(amina, "Amina leest goed.")
    with app.app_context():
        without = json_of(make(ask_copy(amina, kind="portability")))
        along = json_of(make(ask_copy(amina, kind="portability", includes_findings=True)))
    assert "note" not in without["tables"]
    assert along["tables"]["note"][0]["body"] == "Amina leest goed."
