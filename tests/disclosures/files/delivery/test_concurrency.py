"""A consent that is taken back in the very moment that a file is made, in transactions that really race."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.clock import now
from portal.core.crypto import files
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.disclosures.files.delivery import give_file
from portal.disclosures.files.production import make_file
from portal.disclosures.files.services import MAKE
from portal.disclosures.models import Disclosure, DisclosureState
from portal.disclosures.queries import get_disclosure, list_learner_ids
from portal.disclosures.recipients.withdrawals import answer_withdrawal
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from tests.factories.consent import agree, as_learner
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.racing import Race

PURPOSE = "client_report"


@pytest.fixture
def scene(race: Race) -> Scene:
    """Amina and Bereket agreed that their client gets their attendance."""
    with in_school(race.school_id):
        made = make_scene()
        agree(made.amina, PURPOSE)
        agree(made.bereket, PURPOSE)
    return made


@pytest.fixture
def waiting(race: Race, scene: Scene) -> UUID:
    """A file that was asked for."""
    with in_school(race.school_id):
        return ask(scene).id


def withdraw(scene: Scene) -> UUID:
    """Let Bereket take his consent back."""
    return withdraw_consent(scene.bereket.id, PURPOSE, by=as_learner(scene.bereket)).id


def carry_out(app: Flask, withdrawal_id: UUID) -> None:
    """Do what the worker does after a withdrawal."""
    with app.app_context():
        carry_out_withdrawal(withdrawal_id, by=PORTAL)
        answer_withdrawal(withdrawal_id, by=PORTAL)


def content(disclosure: Disclosure) -> bytes:
    assert disclosure.file_id is not None
    return b"".join(files.open_file(disclosure.file_id))


@pytest.mark.promise("LB-09")
def test_who_withdraws_while_it_is_written_is_not_in_it(race: Race, scene: Scene, waiting: UUID, app: Flask) -> None:
    written: list[int] = []

    def progress(rows: int) -> None:
        if not written:
            withdrawal_id = race.start(lambda: withdraw(scene)).result(timeout=10)
            race.start(lambda: carry_out(app, withdrawal_id)).result(timeout=10)
        written.append(rows)

    with in_school(race.school_id), app.app_context():
        make_file(waiting, by=PORTAL, progress=progress)

    with in_school(race.school_id):
        disclosure = get_disclosure(waiting, SYSTEM)
        assert disclosure.state is DisclosureState.READY
        assert list_learner_ids(disclosure) == [scene.amina.id]
        assert disclosure.left_out == {"no_consent": 1}
        text = content(disclosure)
        assert b"Amina" in text
        assert b"Bereket" not in text
        kept = session.scalars(select(files.StoredFile.id).where(files.StoredFile.gone_at.is_(None))).all()
        assert list(kept) == [disclosure.file_id]
        _, given = give_file(waiting, signed_in_at=now(), by=scene.office)
        assert b"".join(given) == text


@pytest.mark.promise("LB-09")
def test_who_withdraws_while_it_becomes_ready_waits_and_makes_it_void(
    race: Race, scene: Scene, waiting: UUID, app: Flask
) -> None:
    with in_school(race.school_id), app.app_context():
        make(get_disclosure(waiting, SYSTEM))
        late = race.start(lambda: withdraw(scene))
        assert race.stand_still(1)

    withdrawal_id = late.result(timeout=10)
    race.start(lambda: carry_out(app, withdrawal_id)).result(timeout=10)

    with in_school(race.school_id):
        assert get_disclosure(waiting, SYSTEM).state is DisclosureState.VOID
        asked = session.scalars(select(Job.arguments).where(Job.kind == MAKE).order_by(Job.id)).all()
        anew = UUID(str(asked[-1]["disclosure_id"]))
        assert anew != waiting
        with app.app_context():
            assert b"Bereket" not in content(make(get_disclosure(anew, SYSTEM)))
