"""A school that leaves gets everything, and nothing of it is left; another school loses nothing (AVG art. 28(3)(g))."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from portal import cli
from portal.app import create_app
from portal.core.crypto import key_store, keys
from portal.core.crypto.ciphers import SchoolGone
from portal.core.crypto.closed_schools import list_closed
from portal.core.db import closures
from portal.core.db.scope import in_school, reveal
from portal.core.db.session import session
from portal.core.personal_data import Sealed
from portal.learners.record.models import Learner
from portal.requests.data_requests.models import DataRequest
from portal.schools.departures.contents import MACHINERY
from portal.schools.departures.folders import HandOverError, read_back
from tests.core.backups.hosting import Hosting
from tests.factories.learners import make_learner
from tests.factories.requests import ask as ask_request
from tests.house.rows import OWNED, TABLES
from tests.page_client import PageClient
from tests.schools.departures.leaving import HERE, SECRET, THERE, Left, close, counted
from tests.seed import SCHOOLS

BSN = "999999990"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_it_gets_everything_readable_and_read_back(left: Left) -> None:
    before = counted(HERE.id)

    made = left.hand_over()

    assert made.exit_code == 0, made.output
    for name in sorted(set(OWNED) - MACHINERY.keys() - {"audit_event"}):
        assert len(table(left.folder, name)) == before[name], name
    hers = next(row for row in table(left.folder, "learner") if row["id"] == str(left.learner_id))
    assert hers["bsn"] == BSN
    assert "password_hash" not in (left.folder / "tables" / "account.csv").read_text().partition("\n")[0]
    sealed = [
        (name, column.name)
        for name in OWNED
        if name not in MACHINERY
        for column in TABLES[name].columns
        if isinstance(column.type, Sealed)
    ]
    with in_school(HERE.id):
        for name, column in sealed:
            wanted = session.scalar(select(func.count(TABLES[name].c[column])))
            assert sum(bool(row[column]) for row in table(left.folder, name)) == wanted, (name, column)
    assert any(path.read_bytes() == SECRET for path in (left.folder / "files").iterdir())
    schema = json.loads((left.folder / "schemas" / "learner.json").read_text())
    assert schema["properties"]["bsn"]["x-category"] == "bsn"
    assert (left.folder / "policy").glob("*.json")
    assert "SHA256SUMS" in (left.folder / "README.md").read_text()


def test_what_was_touched_cut_or_added_is_not_read_back(left: Left) -> None:
    left.hand_over()
    whole = read_back(left.folder)
    assert whole.rows["learner"]
    learners = left.folder / "tables" / "learner.csv"
    content = learners.read_bytes()
    for harmed in (content + b"x", content[:-9], b""):
        learners.write_bytes(harmed)
        with pytest.raises(HandOverError):
            read_back(left.folder)
    learners.write_bytes(content)
    (left.folder / "more.txt").write_text("more")
    with pytest.raises(HandOverError):
        read_back(left.folder)


def test_nothing_is_destroyed_before_all_is_handed_over_answered_and_confirmed(left: Left) -> None:
    before = counted(HERE.id)
    assert "wasn't handed over" in left.destroy().output
    left.hand_over()
    assert "is there already" in left.hand_over().output
    assert "another name was typed" in left.destroy(typed=THERE.slug).output
    with in_school(HERE.id):
        ask_request(make_learner("Dilan"))
    assert "changed since the hand-over" in left.destroy().output
    left.folder = left.folder.with_name("again")
    left.hand_over()
    assert "are open" in left.destroy().output
    (left.folder / "README.md").write_text("minder")
    assert "isn't as it was written" in left.destroy("--despite", "curator").output
    after = counted(HERE.id)
    assert after["learner"] == before["learner"] + 1
    assert not list_closed()
    assert close().exit_code == 2


def test_nothing_is_left_of_it_and_all_of_another(left: Left) -> None:
    others = counted(THERE.id)
    with in_school(HERE.id):
        reveal()
        waiting = session.scalar(select(func.count()).select_from(DataRequest).where(DataRequest.is_open))
    left.hand_over()

    done = left.destroy("--despite", "de school stopt")

    assert done.exit_code == 0, done.output
    here = counted(HERE.id)
    assert {name: count for name, count in here.items() if count} == {"school_host": here["school_host"]}
    assert counted(THERE.id) == others
    with in_school(HERE.id), pytest.raises(SchoolGone):
        keys.seal(left.learner_id, "learner.bsn", BSN)
    said = left.certificate.read_text()
    assert "BEWIJS VAN VERNIETIGING S-" in said
    assert f"{waiting}" in said
    assert "de school stopt" in said
    assert "Yilmaz" not in said
    assert CliRunner().invoke(cli.portal, ["school", "list"]).output.count("\n") == len(SCHOOLS) - 1
    assert CliRunner().invoke(cli.portal, ["keys", "verify"]).exit_code == 0


def test_its_address_says_that_it_left_and_another_is_served(left: Left) -> None:
    left.hand_over()
    left.destroy("--despite", "de school stopt")
    app = create_app()

    gone = PageClient(app, f"{HERE.slug}.localhost").get("/aanmelden")

    assert gone.status_code == 410
    assert "Deze school is weg" in gone.get_data(as_text=True)
    assert PageClient(app, f"{THERE.slug}.localhost").get("/aanmelden").status_code == 200


@pytest.mark.parametrize("at", ["destroy_school", "delete_rows", "rmtree", "certificate"])
def test_cut_off_half_way_it_goes_on_where_it_was(left: Left, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    others = counted(THERE.id)
    left.hand_over()
    place = {
        "destroy_school": "portal.schools.departures.services.destroy_school",
        "delete_rows": "portal.core.db.closures.delete_rows",
        "rmtree": "portal.schools.departures.services.shutil.rmtree",
        "certificate": "portal.schools.departures.services.certificate_text",
    }[at]

    def cut_off(*_given: Any, **_more: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(place, cut_off)
        assert left.destroy("--despite", "curator").exit_code == 1
    assert not left.certificate.exists()

    again = left.destroy()

    assert again.exit_code == 0, again.output
    assert not {name for name, count in counted(HERE.id).items() if count} - {"school_host"}
    assert counted(THERE.id) == others
    first = left.certificate.read_text()
    assert "curator" in first
    assert left.destroy().exit_code == 0
    assert left.certificate.read_text() == first


def test_a_backup_from_before_does_not_bring_it_back(host: Hosting, left: Left) -> None:
    others = counted(THERE.id)
    assert host.backup().exit_code == 0
    before = host.newest()
    left.hand_over()
    left.destroy("--despite", "de school stopt")
    with host.empty_place():
        restored = host.restore(str(before))

        assert restored.exit_code == 0, restored.output
        assert "1 schools that left since are gone again" in restored.output
        assert not {name for name, count in counted(HERE.id).items() if count} - {"school_host"}
        with in_school(THERE.id):
            assert session.scalar(select(func.count()).select_from(Learner)) == others["learner"]
        gone = PageClient(create_app(), f"{HERE.slug}.localhost").get("/aanmelden")
        assert gone.status_code == 410
    key_store.forget()
    assert host.backup().exit_code == 0


def test_the_application_itself_can_not_become_who_deletes(host: Hosting) -> None:
    with in_school(HERE.id), pytest.raises(Exception, match="permission denied"):
        session.execute(text(f"set local role {closures.ROLE}"))
