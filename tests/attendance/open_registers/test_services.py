"""Teachers are reminded of open registers by the office, once a day, and only where the works council's word is in."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.accounts.council.models import CouncilAnswer
from portal.accounts.models import Account
from portal.attendance.open_registers.services import remind_teachers
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.accounts.invitations.test_routes import mails
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.notifications import told_of
from tests.house.rows import make_row
from tests.jobs import do_jobs
from tests.signing_in import make_account

DAY = timedelta(days=1)


@pytest.fixture
def tess(app: Flask, school: SchoolView) -> Account:
    """A teacher with two lessons that nobody filled in, and a learner in them."""
    account, group = make_account("Tess Jansen", "teacher"), make_group("A2 ochtend")
    make_teacher_of(group, account)
    make_enrolled_learner(group, "Amina", "Yilmaz")
    for ago in (1, 2):
        make_lesson(group, held_on=today() - ago * DAY)
    return account


@pytest.fixture
def allowed(school: SchoolView) -> None:
    make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now())


def test_without_the_councils_word_nobody_is_reminded(tess: Account, office: Actor) -> None:
    with pytest.raises(Conflict, match="monitoring_off"):
        remind_teachers([tess.id], by=office)
    make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now() - DAY)
    make_row("council_decision", answer=CouncilAnswer.NOT_YET, recorded_at=now())
    with pytest.raises(Conflict, match="monitoring_off"):
        remind_teachers([tess.id], by=office)
    assert told_of(tess.id) == []


@pytest.mark.usefixtures("allowed")
def test_a_teacher_is_told_once_a_day_by_the_bell_and_by_a_mail_without_names(
    tess: Account, office: Actor, mail_dir: Path
) -> None:
    assert remind_teachers([tess.id], by=office) == (1, 0)
    assert remind_teachers([tess.id], by=office) == (0, 1)

    assert told_of(tess.id) == [(NotificationKind.REGISTERS_OPEN, tess.id, None)]
    do_jobs("mail.send")
    [mail] = mails(mail_dir, str(tess.email))
    text = f"{mail['Subject']}\n{mail.get_content()}"
    assert "Van 2 lessen van u is de presentie nog niet helemaal ingevuld." in text
    assert not [name for name in ("Tess", "Amina", "A2", "Anouk") if name in text]
    reminded = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "attendance.teacher_reminded")
    assert session.scalar(reminded) == 1


@pytest.mark.usefixtures("allowed")
def test_only_who_has_something_open_and_only_by_the_office(tess: Account, office: Actor) -> None:
    other = make_account("Vera Smit", "teacher")
    for ids in ([other.id], [new_id()], [tess.id, other.id]):
        with pytest.raises(NotFound):
            remind_teachers(ids, by=office)
    with pytest.raises(Invalid, match="nobody"):
        remind_teachers([], by=office)
    for role in ("teacher", "management", "coach"):
        with pytest.raises(NotAllowed):
            remind_teachers([tess.id], by=actor_of(new_id(), "Iemand", frozenset({role})))
    assert told_of(tess.id) == []
