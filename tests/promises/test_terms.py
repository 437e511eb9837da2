"""How long each school keeps people, by its own policy: the nightly run takes who is past the term, and nobody else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import jobs
from portal.core.clock import today
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from tests.factories.courses import make_group
from tests.factories.learners import make_enrolment, make_learner, make_trajectory
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.retention.people import make_earlier_night, make_invoice
from tests.signing_in import SignIn

ENTER = Callable[[str], Any]


@pytest.fixture(autouse=True)
def _in_app(app: Flask) -> None:
    """Let the worker have an app to work in."""


def stay_one_night(*people: Learner) -> list[bool]:
    """Do the nightly run and say of each person whether she is still there."""
    ids = [each.id for each in people]
    make_earlier_night()
    jobs.ask("retention.run", {})
    assert do_jobs("retention.run") == ["retention.run"]
    left = set(session.scalars(select(Learner.id).where(Learner.id.in_(ids))))
    return [each in left for each in ids]


def oldest_kept(number: int) -> date:
    """Return the first day from which something is still kept today, where it is kept so many years."""
    return Period(number=number, unit="years").kept_since(today())


@pytest.mark.promise("LB-12")
def test_four_years_after_the_last_contact(enter: ENTER) -> None:
    with enter("lest-best"):
        kept = make_learner(last_contact_on=oldest_kept(4))
        over = make_learner(last_contact_on=oldest_kept(4) - timedelta(days=1))
        followed = make_learner(last_contact_on=oldest_kept(9))
        make_trajectory(followed, starts_on=oldest_kept(9), ends_on=None)

        assert stay_one_night(kept, over, followed) == [True, False, True]


@pytest.mark.promise("ST-07")
def test_seven_years_after_the_end_of_the_year_and_the_policy_says_from_where(enter: ENTER) -> None:
    with enter("step-inburgering"):
        kept = make_learner(last_contact_on=date(today().year - 7, 1, 1))
        over = make_learner(last_contact_on=date(today().year - 8, 12, 31))

        assert stay_one_night(kept, over) == [True, False]
        term = current_policy().term_for("contact")
        assert [(each.number, each.unit, each.counted_from) for each in term.stages] == [(7, "years", ("end_of_year",))]
        assert term.law


@pytest.mark.promise("OP-09", part="gone")
def test_two_years_after_the_last_contact_and_books_as_long_as_the_law_asks(enter: ENTER) -> None:
    with enter("onderwijs-pro"):
        kept = make_learner(last_contact_on=oldest_kept(2))
        over = make_learner(last_contact_on=oldest_kept(2) - timedelta(days=1), email="weg@example.org")
        with_books = make_learner(last_contact_on=oldest_kept(3), email="boek@example.org")
        make_invoice(with_books, oldest_kept(3))
        with_books_id = with_books.id

        assert stay_one_night(kept, over, with_books) == [True, False, True]
        left = session.scalars(select(Learner).where(Learner.id == with_books_id)).one()
        assert left.email is None
        assert session.scalars(select(InvoiceLine.learner_id)).all() == [with_books_id]


@pytest.mark.promise("OP-09", part="told")
def test_a_term_that_differs_is_told_beside_the_category(
    enter: ENTER, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("onderwijs-pro")
    with enter("onderwijs-pro"):
        learner = make_learner()
        sign_in(client, "learner", learner=learner)
        policy = current_policy()
        assert str(policy.text(policy.term_for("finance").title, "nl")) in client.get("/mijn/gegevens/finance").text
        assert str(policy.text(policy.term_for("contact").title, "nl")) in client.get("/mijn/gegevens/contact").text


@pytest.mark.promise("LL-06")
def test_five_years_after_the_agreement_and_books_seven(enter: ENTER) -> None:
    with enter("leren-leren"):
        ends = {
            "kept": oldest_kept(5),
            "over": oldest_kept(5) - timedelta(days=1),
            "books": oldest_kept(6),
            "old_books": date(today().year - 8, 6, 1),
        }
        people = {}
        for name, ends_on in ends.items():
            people[name] = make_learner(last_contact_on=ends_on, email=f"{name}@example.org")
            make_enrolment(people[name], make_group(), starts_on=ends_on - timedelta(days=90), ends_on=ends_on)
        for name in ("books", "old_books"):
            make_invoice(people[name], ends[name])
        books_id = people["books"].id

        assert stay_one_night(*people.values()) == [True, False, True, False]
        assert session.scalars(select(InvoiceLine.learner_id)).all() == [books_id]
        enrolments = Base.metadata.tables["enrolment"]
        assert not session.execute(select(enrolments).where(enrolments.c.learner_id == books_id)).all()
