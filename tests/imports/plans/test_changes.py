"""What a learner changed herself stays when an older sheet comes in, unless the office takes the sheet's values."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.imports.commands import import_
from portal.imports.mappings.services import choose_whose_values
from portal.imports.models import ImportRun, Listing
from portal.imports.queries import get_rows, get_run
from portal.imports.runs.storage import start_storing
from portal.learners.corrections.services import correct_own_field
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.services import change_learner
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.corrections import decide
from tests.factories.imports import chosen, handed_in, make_office, sheet_bytes
from tests.factories.learners import make_learner, make_trajectory
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.signing_in import SignIn

HEADER = ["Nummer", "Voornaam", "Achternaam", "Telefoon", "Woonplaats"]
ROW = ["501", "Amina", "Berg", "0612345678", "Utrecht"]
HERS = "+31687654321"


@pytest.fixture
def office(school: SchoolView) -> Actor:
    """Somebody of administration at Lest Best."""
    return make_office()


@pytest.fixture
def amina(school: SchoolView, clock: Callable[[datetime], None]) -> Learner:
    """Somebody who changed her own telephone number on the third of November."""
    clock(datetime(2026, 11, 3, 12, tzinfo=UTC))
    made = make_learner("Amina", "Berg", number="501", phone="+31611111111", city="Zeist")
    correct_own_field(made.id, "learner.phone", HERS, by=as_learner(made))
    clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return made


def checked(office: Actor, *rows: list[str | None], header: list[str] = HEADER) -> ImportRun:
    """Bring a sheet as far as its preview."""
    return chosen(handed_in(sheet_bytes(header, *(rows or [ROW])), office), office)


def let_store(run: ImportRun, office: Actor) -> Learner:
    """Store what was previewed; return Amina."""
    start_storing(run.id, by=office)
    do_jobs()
    session.expire_all()
    return session.scalars(select(Learner).where(Learner.number == "501")).one()


@pytest.mark.usefixtures("amina")
def test_her_value_stays_and_the_rest_of_the_row_comes_in(office: Actor) -> None:
    run = checked(office)
    assert (run.counts["changed"], run.counts["values_kept"]) == (1, 1)
    row = get_rows(run, Listing.KEPT, 1).rows[0]
    assert row["stays"] == [["learner.phone", HERS, "+31612345678", "2026-11-03"]]
    assert [change[0] for change in row["changes"]] == ["learner.city"]
    after = let_store(run, office)
    assert (after.phone, after.city) == (HERS, "Utrecht")
    origin = session.scalars(select(FieldOrigin).where(FieldOrigin.field == "learner.phone")).one()
    assert (origin.source, origin.since_on) == (Source.LEARNER, date(2026, 11, 3))


@pytest.mark.usefixtures("amina")
def test_the_office_may_take_the_sheet_after_all_and_back(office: Actor) -> None:
    run = checked(office)
    choose_whose_values(run.id, overwrites=True, by=office)
    do_jobs()
    assert get_run(run.id, SYSTEM).counts["values_kept"] == 0
    choose_whose_values(run.id, overwrites=False, by=office)
    do_jobs()
    assert get_run(run.id, SYSTEM).counts["values_kept"] == 1
    choose_whose_values(run.id, overwrites=True, by=office)
    do_jobs()
    assert let_store(run, office).phone == "+31612345678"
    with pytest.raises(Conflict):
        choose_whose_values(run.id, overwrites=False, by=office)


def test_what_she_changes_after_the_preview_stays_too(office: Actor) -> None:
    made = make_learner("Amina", "Berg", number="501", phone="+31611111111", city="Zeist")
    run = checked(office)
    assert run.counts["values_kept"] == 0
    correct_own_field(made.id, "learner.phone", HERS, by=as_learner(made))
    after = let_store(run, office)
    assert (after.phone, after.city) == (HERS, "Utrecht")
    assert get_run(run.id, SYSTEM).counts["values_kept"] == 1


def test_a_correction_that_was_decided_stays(office: Actor) -> None:
    made = make_learner("Amina", "Berg", number="501")
    correction = correct_own_field(made.id, "learner.family_name", "Berg-de Wit", by=as_learner(made))
    assert correction is not None
    decide(correction.id, accept=True, by=office)
    run = checked(office)
    assert get_rows(run, Listing.KEPT, 1).rows[0]["stays"][0][:3] == ["learner.family_name", "Berg-de Wit", "Berg"]
    assert let_store(run, office).family_name == "Berg-de Wit"


def test_what_she_took_away_isnt_filled_in_again(office: Actor) -> None:
    made = make_learner("Amina", "Berg", number="501", phone="+31611111111", city="Utrecht")
    correct_own_field(made.id, "learner.phone", None, by=as_learner(made))
    run = checked(office)
    assert (run.counts["unchanged"], run.counts["values_kept"]) == (1, 1)
    choose_whose_values(run.id, overwrites=True, by=office)
    do_jobs()
    assert let_store(run, office).phone == "+31612345678"


def test_a_bsn_that_she_corrected_stays(office: Actor, enter: Callable[[str], Any]) -> None:
    with enter("meester-in-nt2"):
        admin = make_office()
        made = make_learner("Amina", "Berg", number="501", bsn="123456782")
        make_trajectory(made, reports_to_government=True)
        change_learner(made.id, {"learner.bsn": "234567892"}, source=Source.LEARNER, channel="paper", by=admin)
        run = checked(admin, ["501", "Berg", "123456782"], header=["Nummer", "Achternaam", "BSN"])
        assert run.counts["values_kept"] == 1
        kept = get_rows(run, Listing.KEPT, 1).rows[0]["stays"]
        assert kept[0][0] == "learner.bsn"
        start = made.bsn
        assert keys.unseal(made.id, "learner.bsn", start or b"") == "234567892"


def test_what_she_told_at_the_intake_a_newer_sheet_may_change(office: Actor) -> None:
    made = make_learner("Amina", "Berg", number="501")
    change_learner(made.id, {"learner.phone": HERS}, source=Source.LEARNER, channel="intake", by=office)
    run = checked(office)
    assert run.counts["values_kept"] == 0
    assert let_store(run, office).phone == "+31612345678"


@pytest.mark.usefixtures("amina")
def test_the_preview_shows_it_apart_with_the_choice(client: PageClient, sign_in: SignIn, office: Actor) -> None:
    sign_in(client, "administration")
    run = checked(office, ROW, ["502", "Bereket", "Tesfay", "0612345679", "Utrecht"])
    page = client.get(f"/inlezen/{run.id}").get_data(as_text=True)
    assert "Blijft: veranderd door de cursist op 3 november 2026" in page
    assert "Wat een cursist zelf veranderde, blijft staan" in page
    assert client.post(f"/inlezen/{run.id}/zelf-gewijzigd", {"whose": "file"}).status_code == 303
    do_jobs()
    page = client.get(f"/inlezen/{run.id}?soort=changed").get_data(as_text=True)
    assert "U neemt alles over uit het bestand" in page
    assert "Blijft: veranderd" not in page
    client.post(f"/inlezen/{run.id}/zelf-gewijzigd", {"whose": "learner"})
    do_jobs()
    client.post(f"/inlezen/{run.id}/bewaren")
    do_jobs()
    page = client.get(f"/inlezen/{run.id}").get_data(as_text=True)
    assert "Blijft: veranderd door de cursist" in page
    assert client.post(f"/inlezen/{run.id}/zelf-gewijzigd", {"whose": "file"}).status_code == 409


@pytest.mark.parametrize(("flags", "kept"), [([], 1), (["--overwrite"], 0)])
def test_the_shell_keeps_hers_unless_told(
    flags: list[str], kept: int, tmp_path: Path, enter: Callable[[str], Any]
) -> None:
    with enter("meester-in-nt2"):
        made = make_learner("Amina", "Berg", number="501", phone="+31611111111", city="Zeist")
        correct_own_field(made.id, "learner.phone", HERS, by=as_learner(made))
        path = tmp_path / "lijst.xlsx"
        path.write_bytes(sheet_bytes(HEADER, ROW))
        done = CliRunner().invoke(import_, ["--school", "meester-in-nt2", "--json", *flags, str(path)])
        told = json.loads(done.stdout)
        assert (told["counts"]["changed"], told["counts"]["values_kept"]) == (1, kept)
        hers = {"sheet": "Blad1", "row": 2, "field": "learner.phone", "since": today().isoformat()}
        assert told["kept"] == [hers][:kept]
        session.expire_all()
        after = session.get_one(Learner, (made.school_id, made.id))
        assert (after.phone == HERS, after.city) == (bool(kept), "Utrecht")
        assert after.last_contact_on <= today()
