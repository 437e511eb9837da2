"""A field that lost its ground goes as a category does: from files, copies, mails and workbooks, and with its key."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.core import mail
from portal.core.clock import now
from portal.core.crypto import files, keys
from portal.core.crypto.keys import KeyDestroyed
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.erasure import erase_fields
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.disclosures.files.delivery import give_file
from portal.disclosures.files.production import make_file
from portal.disclosures.models import Disclosure, DisclosureState
from portal.disclosures.queries import list_learner_ids
from portal.imports.models import ImportRow
from portal.imports.queries import get_run
from portal.learners.conditions.services import clear_expired_fields
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.sealed_texts import seal_text
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.learners.record.services import remove_ground
from portal.requests.copies.models import CopyState, DataCopy
from portal.schools.queries import SchoolView
from tests.factories import copies, disclosures
from tests.factories.consent import agree
from tests.factories.imports import handed_in, make_office, sheet_bytes, stored
from tests.factories.learners import make_learner
from tests.house.rows import make_row

LEARNER = PersonKind.LEARNER
BSN = "999999990"


def made_file(scene: disclosures.Scene, *fields: str) -> Disclosure:
    """Return a file that is ready, said to hold these fields of both its learners."""
    file = disclosures.make(disclosures.ask(scene))
    file.fields = ["learner.number", *fields]
    session.flush()
    return file


@pytest.fixture
def scene(school: SchoolView) -> disclosures.Scene:
    made = disclosures.make_scene()
    agree(made.amina, "client_report")
    agree(made.bereket, "client_report")
    return made


def test_files_with_the_field_lose_her_part_and_others_stay(scene: disclosures.Scene) -> None:
    ready, given, other = (made_file(scene, *each) for each in (["learner.bsn"], ["learner.bsn"], []))
    content = list(give_file(given.id, signed_in_at=now(), by=scene.office)[1])
    ids = [each.file_id for each in (ready, given)]

    erase_fields(LEARNER, [scene.amina.id], ["learner.bsn"], why="test")
    checkpoint()

    assert content
    for each, state in ((ready, "void"), (given, "gone")):
        with pytest.raises(Conflict, match=state):
            give_file(each.id, signed_in_at=now(), by=scene.office)
    for file_id in ids:
        assert file_id is not None
        with pytest.raises(NotFound, match="gone"):
            list(files.open_file(file_id))
    [anew] = session.scalars(select(Disclosure).where(Disclosure.state == DisclosureState.WAITING))
    make_file(anew.id, by=PORTAL, progress=lambda _rows: None)
    assert scene.bereket.id in list_learner_ids(anew)
    assert b"".join(give_file(other.id, signed_in_at=now(), by=scene.office)[1])


def test_the_key_goes_once_nothing_else_of_its_category_is_held(school: SchoolView) -> None:
    learner = make_learner(circumstances="Zorgt voor haar moeder", conditions="Slaapt slecht")
    learner_id, aside = learner.id, bytes(learner.circumstances or b"")
    other = make_learner(circumstances="Werkt 's nachts")

    erase_fields(LEARNER, [learner_id], ["learner.circumstances"], why="test")
    checkpoint()
    assert keys.unseal(learner_id, "learner.conditions", bytes(learner.conditions or b"")) == "Slaapt slecht"

    erase_fields(LEARNER, [learner_id, other.id], ["learner.conditions"], why="test")
    checkpoint()
    with pytest.raises(KeyDestroyed):
        keys.unseal(learner_id, "learner.circumstances", aside)
    assert keys.unseal(other.id, "learner.circumstances", bytes(other.circumstances or b"")) == "Werkt 's nachts"


@pytest.mark.parametrize(
    ("held", "erased"),
    [
        ({"email": "amina@example.org", "phone_other": "+31612345678"}, "learner.phone_other"),
        ({"work_experience": "Acht jaar bij de bakker", "employer": "Bakkerij Vlinderstruik"}, "learner.employer"),
        ({"marital_status": "married", "circumstances": "Zorgt voor haar moeder"}, "learner.circumstances"),
    ],
)
def test_what_the_audit_says_of_what_is_held_still_opens(
    school: SchoolView, office: Actor, held: dict[str, str], erased: str
) -> None:
    learner = make_learner(**held)
    kept = next(iter(held))
    learner_id, category = learner.id, keys.category_of(f"learner.{kept}")
    [aside] = keys.seal_in_category([(learner_id, category, held[kept])], "audit")

    erase_fields(LEARNER, [learner_id], [erased], why="test")
    checkpoint()
    assert keys.unseal_in_category([(learner_id, category, aside)], "audit") == [held[kept]]

    left = [name for name in ("preferred_language", kept) if getattr(learner, name) is not None]
    erase_fields(LEARNER, [learner_id], [f"learner.{name}" for name in left], why="test")
    checkpoint()
    assert keys.unseal_in_category([(learner_id, category, aside)], "audit") == [None]


def test_the_key_stays_for_a_row_of_another_table(school: SchoolView) -> None:
    learner = make_learner(iban="NL91ABNA0417164300")
    learner_id, aside = learner.id, bytes(learner.iban or b"")
    make_row("invoice_line", learner_id=learner_id)

    erase_fields(LEARNER, [learner_id], ["learner.iban"], why="test")
    checkpoint()

    assert keys.unseal(learner_id, "learner.iban", aside) == "NL91ABNA0417164300"


@pytest.mark.parametrize("left", ["proposal", "file"])
def test_the_key_stays_for_what_is_sealed_with_it_elsewhere(school: SchoolView, left: str) -> None:
    learner = make_learner(document_number="NL1234567")
    learner_id, aside = learner.id, bytes(learner.document_number or b"")
    if left == "proposal":
        proposed = seal_text(learner_id, "learner.nationality", "proposed", "sy")
        waits = {"state": CorrectionState.PROPOSED, "proposed": proposed, "proposed_at": now()}
        session.add(Correction(learner_id=learner_id, field="learner.nationality", **waits))
    else:
        file_id = files.store([b"image"], about=(learner_id, "identity_document.file_id"))
        make_row("identity_document", learner_id=learner_id, file_id=file_id)

    erase_fields(LEARNER, [learner_id], ["learner.document_number"], why="test")
    checkpoint()

    assert keys.unseal(learner_id, "learner.document_number", aside) == "NL1234567"
    assert learner.document_number is None


@pytest.mark.promise("OP-04")
def test_a_number_without_its_ground_opens_nowhere_any_more(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner(bsn=BSN, grounds={"bsn": "Subsidie"})
        learner_id, aside = learner.id, bytes(learner.bsn or b"")

        remove_ground(learner_id, "learner.bsn", by=office)
        checkpoint()

        with pytest.raises(KeyDestroyed):
            keys.unseal(learner_id, "learner.bsn", aside)


@pytest.mark.promise("MN-04")
def test_numbers_of_many_whose_trajectories_ended_go_with_their_keys_and_files(app: Flask, enter: Any) -> None:
    with app.app_context(), enter("meester-in-nt2"):
        learners = [make_learner(name, bsn=bsn) for name, bsn in (("Amina", BSN), ("Bereket", "123456782"))]
        aside = {each.id: bytes(each.bsn or b"") for each in learners}
        held = [copies.make(copies.ask_copy(each)) for each in learners]

        assert clear_expired_fields(by=PORTAL) == 2
        checkpoint()

        for learner_id, sealed in aside.items():
            with pytest.raises(KeyDestroyed):
                keys.unseal(learner_id, "learner.bsn", sealed)
        assert [(each.state, each.file_id) for each in held] == [(CopyState.WAITING, None)] * 2


def test_her_own_copy_is_made_anew_without_it_and_one_that_she_fetched_goes(app: Flask, school: SchoolView) -> None:
    learner = make_learner(employer="Bakkerij Vlinderstruik")
    with app.app_context():
        waiting, fetched = (copies.make(copies.ask_copy(learner)) for _ in range(2))
    fetched.state = CopyState.HANDED_OVER
    assert b"Vlinderstruik" in b"".join(copies.archive_of(waiting).values())

    erase_fields(LEARNER, [learner.id], ["learner.employer"], why="test")
    checkpoint()

    assert (fetched.state, fetched.file_id) == (CopyState.GONE, None)
    with app.app_context():
        fresh = copies.make(session.get_one(DataCopy, (waiting.school_id, waiting.id)))
    assert fresh.state is CopyState.READY
    assert b"Vlinderstruik" not in b"".join(copies.archive_of(fresh).values())


@pytest.mark.parametrize(("field", "left"), [("learner.email", 0), ("learner.phone", 1)])
def test_a_mail_that_waits_goes_with_the_address_alone(school: SchoolView, field: str, left: int) -> None:
    learner = make_learner(email="amina@example.org", phone="+31612345678")
    mail.send("amina@example.org", "requests/code", learner_id=learner.id, name="Amina", code="1")
    session.execute(update(mail.Mail).values(asked_at=now() - timedelta(days=1)))

    erase_fields(LEARNER, [learner.id], [field], why="test")

    assert len(session.scalars(select(mail.Mail)).all()) == left


@pytest.mark.parametrize(("field", "is_left"), [("learner.phone", False), ("learner.employer", True)])
def test_a_workbook_that_waits_goes_where_it_has_such_a_column(school: SchoolView, field: str, is_left: bool) -> None:
    learner = make_learner("Amina", email="amina@example.org", phone="+31612345678", employer="De bakker")
    rows = ("Amina", "Yilmaz", "amina@example.org", "06 12345678")
    run = handed_in(sheet_bytes(("Voornaam", "Achternaam", "E-mail", "Telefoon"), rows), make_office())

    erase_fields(LEARNER, [learner.id], [field], why="test")

    assert (get_run(run.id, SYSTEM).file_id is not None) is is_left


def test_what_a_run_would_put_back_of_it_goes(school: SchoolView) -> None:
    learner = make_learner("Amina", "Yilmaz", number="10007", phone="+31612345678", city="Zeist")
    sheet = sheet_bytes(
        ("Nummer", "Voornaam", "Achternaam", "Telefoon", "Plaats"),
        ("10007", "Amina", "Yilmaz", "06 87654321", "Utrecht"),
    )
    stored(sheet, make_office())

    erase_fields(LEARNER, [learner.id], ["learner.phone"], why="test")

    [row] = session.scalars(select(ImportRow))
    before = keys.unseal(learner.id, "import_row.before", bytes(row.before or b""))
    assert "+31612345678" not in before
    assert "Zeist" in before


def test_what_moved_to_another_record_keeps_everything(scene: disclosures.Scene) -> None:
    kept, other = scene.bereket, scene.amina
    other.conditions = keys.seal(other.id, "learner.conditions", "Slaapt slecht")
    session.flush()
    aside, file = bytes(other.conditions), made_file(scene, "learner.conditions")
    other_id = other.id

    merge_learners(kept.id, other_id, take=(), by=scene.office)
    checkpoint()

    assert session.get_one(Learner, (other.school_id, other_id)).conditions is None
    assert file.state is DisclosureState.READY
    assert keys.unseal(other_id, "learner.conditions", aside) == "Slaapt slecht"
