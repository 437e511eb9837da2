"""What is forecast of who asked something or signed up is what then goes, month by month."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import reveal
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.organisations.models import ContactPerson, Relation
from portal.retention.ends.kinds import RowKind
from portal.retention.forecast.queries import count_endings
from portal.retention.runs.queries import count_held
from portal.schools.queries import SchoolView, get_school
from tests.factories.contacts import make_application, make_message, subscribe
from tests.factories.learners import make_contact_person
from tests.factories.policy import SLUGS
from tests.organisations.test_services import ASKING
from tests.page_client import PageClient
from tests.retention.people import run_tonight
from tests.signing_in import SignIn

VISITOR = RowKind.VISITOR
DAY, UNTIL = date(2026, 12, 1), date(2027, 12, 1)
WENT = ("contacts.message_erased", "contacts.application_erased")


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("seed", range(2))
def test_each_month_as_many_go_as_were_forecast(
    enter: Callable[[str], Any], clock: Callable[[datetime], None], slug: str, *, seed: int
) -> None:
    with enter(slug):
        clock(datetime.combine(DAY, time(3)))
        get_school().retention_cap_people = 10_000
        run_tonight()
        make_visitors(random.Random(seed))
        reveal()
        found = count_endings(VISITOR, DAY, SYSTEM, until=UNTIL)

        assert len(who_goes()) == found.overdue.people - count_held(VISITOR, DAY, SYSTEM)
        went, month = dict[date, int](), DAY
        while month < UNTIL:
            following = (month + timedelta(days=31)).replace(day=1)
            clock(datetime.combine(following - timedelta(days=1), time(3)))
            if gone := who_goes():
                went[month] = len(gone)
            month = following
        assert sum(went.values()) > 5
        assert went == {month: ending.people for month, ending in found.by_month.items()}


def make_visitors(seed: random.Random) -> None:
    """Make people with some questions or a sign-up, whose terms are over since a little, or within a year or so."""
    for number in range(16):
        if seed.random() < 0.5:
            row = make_application(f"Noor {number}", received_on=DAY - timedelta(days=seed.randrange(386)))
            person = session.scalars(select(ContactPerson).where(ContactPerson.id == row.contact_person_id)).one()
        else:
            person = make_contact_person(None, relation=seed.choice([Relation.ENQUIRER, Relation.CUSTOMER]))
        for _ in range(seed.randrange(4)):
            ask_and_hear(person, seed)
        for make in (subscribe, make_message, ASKING["a request"]):
            if seed.random() < 0.15:
                make(person)


def ask_and_hear(person: ContactPerson, seed: random.Random) -> None:
    row = make_message(person)
    row.is_archived = seed.random() < 0.8
    if row.is_archived:
        row.archive_reason, row.handled_on = row.body, date(2021, 11, 15) + timedelta(days=seed.randrange(400))
    else:
        row.handled_on = DAY - timedelta(days=seed.randrange(2))
    session.flush()


def who_goes() -> set[UUID | None]:
    """Do a night; return of whom the audit says that something went that has a term of its own."""
    wanted = select(AuditEvent.subject_id).where(AuditEvent.event.in_(WENT)).order_by(AuditEvent.at, AuditEvent.id)
    before = session.scalar(select(func.count()).where(AuditEvent.event.in_(WENT))) or 0
    run_tonight()
    return set(session.scalars(wanted.offset(before)))


def test_staff_read_how_many_and_who(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    received_on = today().replace(year=today().year - 1) + timedelta(days=5)
    make_application("Zelda", "Quispel", received_on=received_on)
    sign_in(client, "privacy_staff")

    page = client.get("/bewaren").text
    assert "Wie iets vroeg of zich aanmeldde" in page
    assert "aanmeldingen" in page
    assert "Zelda" not in page
    people = " ".join(client.get("/bewaren/mensen").text.split())
    assert "Zelda Quispel" in people
    assert "vroeg iets of meldde zich aan · aanmeldingen" in people
