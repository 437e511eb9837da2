"""Downloading a file, and what a withdrawal does to files before and after it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.disclosures import queries
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import Disclosure, DisclosureState
from portal.disclosures.recipients.queries import count_open_notices, list_open_notices
from portal.disclosures.recipients.withdrawals import answer_withdrawal, mark_told, set_address
from portal.learners.record.models import Learner
from portal.purposes import queries as consents
from portal.purposes.models import StepState
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.learners import make_contact_person

Enter = Callable[[str], AbstractContextManager[SchoolView]]


@pytest.fixture
def scene(app: Flask, school: SchoolView) -> Scene:
    """Amina and Bereket agreed that their client gets their attendance."""
    scene = make_scene()
    agree(scene.amina, "client_report")
    agree(scene.bereket, "client_report")
    return scene


@pytest.fixture
def made(scene: Scene, app: Flask) -> Disclosure:
    """A file with both of them in it."""
    with app.app_context():
        return make(ask(scene))


def withdraw(learner: Learner, app: Flask) -> dict[str, StepState]:
    """Withdraw and let the worker's services do their part; return the steps."""
    withdrawal = withdraw_consent(learner.id, "client_report", by=as_learner(learner))
    with app.app_context():
        carry_out_withdrawal(withdrawal.id, by=PORTAL)
        answer_withdrawal(withdrawal.id, by=PORTAL)
        answer_withdrawal(withdrawal.id, by=PORTAL)
    assert consents.get_withdrawal(withdrawal.id, SYSTEM).done_at is not None
    return {step.kind: step.state for step in consents.list_steps(withdrawal)}


def fetch(made: Disclosure, scene: Scene) -> bytes:
    """Download a file; return its plain bytes."""
    _, content = give_file(made.id, signed_in_at=now(), by=scene.office)
    return b"".join(content)


@pytest.mark.promise("MN-14")
def test_the_first_download_makes_a_disclosure_that_each_learner_sees(scene: Scene, made: Disclosure) -> None:
    assert queries.list_disclosures_of(scene.amina.id, SYSTEM) == []

    assert b"Amina" in fetch(made, scene)
    assert made.state is DisclosureState.DISCLOSED
    assert [row.id for row in queries.list_disclosures_of(scene.amina.id, SYSTEM)] == [made.id]
    assert queries.list_disclosures_of(scene.chen.id, SYSTEM) == []


def test_a_download_asks_to_have_signed_in_within_five_minutes(scene: Scene, made: Disclosure) -> None:
    with pytest.raises(Conflict, match="sign_in_anew"):
        give_file(made.id, signed_in_at=now() - timedelta(minutes=5, seconds=1), by=scene.office)


@pytest.mark.promise("LB-09")
def test_a_withdrawal_before_the_download_voids_the_file_and_makes_it_anew(
    scene: Scene, made: Disclosure, app: Flask
) -> None:
    steps = withdraw(scene.bereket, app)

    assert set(steps.values()) == {StepState.DONE}
    assert made.state is DisclosureState.VOID
    anew = session.scalars(select(Disclosure).where(Disclosure.state == DisclosureState.WAITING)).one()
    with app.app_context():
        make(anew)
    assert queries.list_learner_ids(anew) == [scene.amina.id]
    with pytest.raises(Conflict, match="void"):
        give_file(made.id, signed_in_at=now(), by=scene.office)


def test_a_download_in_the_moment_between_finds_the_withdrawal(scene: Scene, made: Disclosure) -> None:
    withdraw_consent(scene.bereket.id, "client_report", by=as_learner(scene.bereket))

    with pytest.raises(Conflict, match="void"):
        give_file(made.id, signed_in_at=now(), by=scene.office)


@pytest.mark.promise("LB-09")
def test_a_file_that_was_given_is_not_given_again_after_a_withdrawal(
    scene: Scene, made: Disclosure, app: Flask
) -> None:
    assert fetch(made, scene) == fetch(made, scene)
    withdraw_consent(scene.bereket.id, "client_report", by=as_learner(scene.bereket))

    with pytest.raises(Conflict, match="gone"):
        fetch(made, scene)

    agree(scene.bereket, "client_report")
    withdraw(scene.bereket, app)

    assert (made.state, made.file_id) == (DisclosureState.DISCLOSED, None)
    assert [row.id for row in queries.list_disclosures_of(scene.bereket.id, SYSTEM)] == [made.id]


def test_a_recipient_without_an_address_is_told_by_hand(scene: Scene, made: Disclosure, app: Flask) -> None:
    make_contact_person(scene.client, phone="030 1234567")
    fetch(made, scene)

    steps = withdraw(scene.bereket, app)

    assert steps["recipients"] is StepState.KEPT
    notice = list_open_notices()[0]
    assert notice.number == scene.bereket.number
    assert count_open_notices() == 1
    assert (notice.client, notice.contacts) == (scene.client.name, [("Kim de Boer", "030 1234567", None)])
    [view] = [
        view for view in consents.list_purposes(scene.bereket.id, "nl", SYSTEM) if view.purpose.key == "client_report"
    ]
    assert view.is_to_be_told
    assert view.withdrawal is not None
    assert [line.to_tell for line in consents.list_withdrawals()] == [1]

    mark_told(notice.id, by=scene.office)

    assert list_open_notices() == []
    assert {step.state for step in consents.list_steps(view.withdrawal)} == {StepState.DONE}
    assert [line.to_tell for line in consents.list_withdrawals()] == [0]


def test_a_recipient_with_an_address_gets_a_mail(scene: Scene, made: Disclosure, app: Flask) -> None:
    set_address("client", "post@example.org", by=scene.office)
    fetch(made, scene)

    steps = withdraw(scene.bereket, app)

    assert steps["recipients"] is StepState.DONE
    assert session.scalars(select(Mail.template)).all() == ["disclosures/withdrawal"]
    assert list_open_notices() == []


def test_another_schools_file_is_not_there(scene: Scene, made: Disclosure, enter: Enter) -> None:
    with enter("step-inburgering"), pytest.raises(NotFound):
        give_file(made.id, signed_in_at=now(), by=scene.office)
