"""One service erases for whoever asks: whole or by category, with what went and what stayed, and until when."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.crypto.keys import KeyDestroyed
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner
from portal.retention.ends.queries import get_ends, list_over
from portal.retention.erasures.services import Kept, KeptBecause, Outcome, Why, erase_ended
from portal.retention.models import PartialEnding
from portal.schools.queries import SchoolView
from tests.factories.learners import make_trajectory
from tests.house.people import MadePerson
from tests.retention.people import gone, make_invoice

LEARNER = PersonKind.LEARNER
IN_SCHOOL = Callable[[str], Any]


def erased(learner: Learner, *categories: str, why: Why = Why.TERM) -> Outcome:
    """Erase these categories, or all that is over, and return what came of it."""
    over = categories or get_ends(LEARNER, learner.id, today(), SYSTEM).over_on(today())
    return erase_ended(LEARNER, {learner.id: over}, why=why, day=today(), by=PORTAL)[0]


def find(learner_id: Any) -> Learner | None:
    return session.scalars(select(Learner).where(Learner.id == learner_id)).one_or_none()


def entries(learner_id: Any) -> list[AuditEvent]:
    return [
        each
        for each in session.scalars(select(AuditEvent).where(AuditEvent.event == "record.erased"))
        if each.subject_id == learner_id
    ]


def test_who_holds_nothing_for_longer_goes_whole(school: SchoolView) -> None:
    learner, part = gone(), gone()
    part.merged_into_id = learner.id
    learner_id, part_id = learner.id, part.id
    make_trajectory(learner, starts_on=date(2009, 1, 1), ends_on=date(2010, 1, 1))

    outcome = erased(learner)
    checkpoint()

    assert outcome.is_whole
    assert not outcome.kept
    assert {"name", "contact", "trajectory"} <= set(outcome.erased)
    assert find(learner_id) is None
    assert find(part_id) is None
    with pytest.raises(KeyDestroyed):
        keys.seal(learner_id, "learner.circumstances", "Zoekt een oppas")
    assert set(find_endings(Ending.ERASURE, [learner_id, part_id])) == {learner_id, part_id}
    (entry,) = entries(learner_id)
    assert (entry.facts, entry.actor_kind) == ({"is_whole": True, "why": "term"}, "portal")


def test_what_is_kept_for_longer_keeps_her_name_and_nothing_else(enter: IN_SCHOOL) -> None:
    with enter("onderwijs-pro"):
        left_on = today() - timedelta(days=3 * 366)
        learner = gone(last_contact_on=left_on, iban="NL91ABNA0417164300")
        learner_id = learner.id
        make_invoice(learner, left_on)

        outcome = erased(learner)
        checkpoint()

        until = date(left_on.year + 7, 12, 31)
        assert not outcome.is_whole
        assert "contact" in outcome.erased
        kept = {each.category: each for each in outcome.kept}
        assert kept["finance"].because is KeptBecause.LAW
        assert "52" in str(kept["finance"].law)
        assert kept["finance"].until == until
        assert kept["name"] == Kept("name", KeptBecause.RECORD, until)
        left = find(learner_id)
        assert left is not None
        assert (left.given_name, left.email) == ("Amina", None)
        assert left.iban
        assert session.scalars(select(InvoiceLine)).one().learner_id == learner_id
        assert find_endings(Ending.ERASURE, [erased_category(learner_id, "contact")])
        assert "contact" in entries(learner_id)[0].facts["categories"]

        assert learner_id not in {each.person_id for each in list_over(LEARNER, today(), SYSTEM)}
        after = until + timedelta(days=1)
        (due,) = [each for each in list_over(LEARNER, after, SYSTEM) if each.person_id == learner_id]
        wanted = {learner_id: due.over_on(after)}
        assert erase_ended(LEARNER, wanted, why=Why.TERM, day=after, by=PORTAL)[0].is_whole
        assert find(learner_id) is None
        assert not session.scalars(select(PartialEnding)).all()


def test_what_went_before_is_not_erased_again_but_where_it_came_back(enter: IN_SCHOOL) -> None:
    with enter("onderwijs-pro"):
        left_on = today() - timedelta(days=3 * 366)
        learner = gone(last_contact_on=left_on, employer="De Bakker", circumstances="Zoekt een oppas")
        make_invoice(learner, left_on)
        assert erased(learner, "contact").erased == ("contact",)

        second = erased(learner, "contact", "circumstances")
        assert second.erased == ("circumstances",)
        assert second.certificate is not None
        assert second.certificate.erased == ["circumstances"]
        assert [each.facts["categories"] for each in entries(learner.id)] == [["contact"], ["circumstances"]]
        part = session.scalars(select(PartialEnding)).one()
        assert part.categories == ["circumstances", "contact"]

        learner.email = "amina@example.org"
        session.flush()
        assert erased(learner, "contact", "work").erased == ("contact", "work")


def test_who_came_back_is_due_anew(enter: IN_SCHOOL) -> None:
    with enter("onderwijs-pro"):
        learner = gone(last_contact_on=date(2024, 1, 10))
        make_invoice(learner, date(2024, 1, 10))
        day = date(2026, 2, 1)
        erase_ended(LEARNER, {learner.id: ["contact", "name"]}, why=Why.TERM, day=day, by=PORTAL)
        assert not [each for each in list_over(LEARNER, day, SYSTEM) if each.person_id == learner.id]

        learner.last_contact_on = date(2026, 5, 1)
        session.flush()

        assert [each for each in list_over(LEARNER, date(2028, 5, 2), SYSTEM) if each.person_id == learner.id]


def test_what_a_law_asks_stays_though_she_asked(enter: IN_SCHOOL) -> None:
    with enter("meester-in-nt2"):
        learner = gone(last_contact_on=today() - timedelta(days=400))
        make_trajectory(learner, starts_on=today() - timedelta(days=800), ends_on=today() - timedelta(days=400))

        outcome = erased(learner, "contact", "trajectory", "attendance", why=Why.ASKED)

        assert outcome.erased == ("attendance", "contact")
        (kept,) = [each for each in outcome.kept if each.category == "trajectory"]
        assert kept.because is KeptBecause.LAW
        assert kept.until is not None
        assert "Wet inburgering" in str(kept.law)


def test_a_lost_ground_takes_what_rested_on_it_alone(school: SchoolView) -> None:
    learner = gone()

    outcome = erased(learner, "contact", why=Why.GROUND)

    assert (outcome.is_whole, outcome.erased) == (False, ("contact",))
    assert find(learner.id) is not None
    assert not session.scalars(select(PartialEnding)).all()


def test_an_account_that_serves_her_in_another_role_stays(enter: IN_SCHOOL) -> None:
    from tests.factories.accounts import make_account

    with enter("onderwijs-pro"):
        account = make_account("Amina Yilmaz", "learner", "teacher")
        learner = gone(last_contact_on=date(2022, 1, 10), account_id=account.id)
        make_invoice(learner, date(2022, 1, 10))

        outcome = erased(learner)

        assert "account" not in outcome.erased
        assert KeptBecause.OTHER_ROLE in {each.because for each in outcome.kept}


@pytest.mark.parametrize("kind", list(PersonKind))
def test_several_people_with_something_everywhere_go_at_once_and_no_others(
    school: SchoolView, kind: PersonKind
) -> None:
    people, other = [MadePerson(kind), MadePerson(kind)], MadePerson(kind)
    for each in (*people, other):
        each.reach_everywhere()
    everything = list(get_ends(kind, other.id, today(), SYSTEM).ends)

    outcomes = erase_ended(kind, {each.id: everything for each in people}, why=Why.TERM, day=today(), by=PORTAL)

    assert [each.is_whole for each in outcomes] == [True, True]
    assert get_ends(kind, other.id, today(), SYSTEM).person_id == other.id
    assert erase_ended(kind, {each.id: everything for each in people}, why=Why.TERM, day=today(), by=PORTAL) == []
