"""When somebody may act for a learner: Python and PostgreSQL say the same."""

from datetime import date, timedelta
from itertools import product

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.session import session
from portal.representation.models import Representative
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative

DAY = date(2026, 11, 20)
DAYS = [DAY + timedelta(days=at) for at in range(-1, 3)]


def test_an_authorisation_is_valid_within_its_days_until_it_is_ended(school: SchoolView) -> None:
    learner = make_learner()
    rows = [
        make_representative(learner, starts_on=starts, ends_on=ends, ended_at=ended)
        for starts, ends, ended in product(DAYS, DAYS, (None, now()))
        if ends >= starts
    ]
    for day in DAYS:
        valid = set(session.scalars(select(Representative.id).where(Representative.is_valid_on(day))))

        assert valid == {row.id for row in rows if row.is_valid_on(day)}
        assert valid == {row.id for row in rows if row.starts_on <= day <= row.ends_on and row.ended_at is None}
