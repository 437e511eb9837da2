"""Giving and withdrawing a consent, and what a withdrawal brings about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit.queries import list_of_learner
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.sealed_texts import seal_text
from portal.learners.corrections.services import propose_correction
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.purposes import queries
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Consent, StepState
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_trajectory
from tests.factories.policy import in_force, publish, varied

Enter = Callable[[str], AbstractContextManager[SchoolView]]


@pytest.mark.promise("LB-05")
def test_nothing_is_agreed_before_it_was_asked(school: SchoolView) -> None:
    learner = make_learner()

    views = queries.list_purposes(learner.id, "nl", SYSTEM)

    asked = [view for view in views if view.purpose.asks_consent]
    assert {view.purpose.key for view in asked} == {"client_report", "quality_report", "survey"}
    assert not any(view.is_on for view in asked)
    assert all(view.question is None for view in views if not view.purpose.asks_consent)


def test_a_consent_keeps_the_text_version_and_language_that_were_shown(school: SchoolView) -> None:
    learner = make_learner()

    consent = give_consent(learner.id, "survey", version=in_force(), language="ar", by=as_learner(learner))

    assert consent.language == "ar"
    assert consent.text_shown.startswith("هل")
    assert consent.statement_version_id == school.policy_version_id
    assert consent.given_by_name == learner.full_name


def test_saying_yes_twice_is_saying_it_once(school: SchoolView) -> None:
    learner = make_learner()

    first, second = agree(learner), agree(learner)

    assert first.id == second.id


def test_only_a_purpose_that_rests_on_consent_can_be_agreed_to(school: SchoolView) -> None:
    with pytest.raises(NotFound):
        agree(make_learner(), "duo")


def test_nobody_decides_for_another(school: SchoolView) -> None:
    amina, bereket = make_learner("Amina"), make_learner("Bereket")

    with pytest.raises(NotAllowed):
        give_consent(amina.id, "survey", version=in_force(), language="nl", by=as_learner(bereket))


@pytest.mark.parametrize(("represents", "allowed"), [(False, False), (True, True)])
def test_for_a_child_only_the_parent_decides(enter: Enter, represents: bool, allowed: bool) -> None:
    with enter("leren-leren"):
        child = make_learner(birth_date=date(today().year - 10, 1, 1))
        by = as_learner(child, represents=represents)
        if allowed:
            assert give_consent(
                child.id, "child_exchange", version=in_force(), language="nl", by=by
            ).is_by_representative
        else:
            with pytest.raises(NotAllowed, match="parent_must_decide"):
                give_consent(child.id, "child_exchange", version=in_force(), language="nl", by=by)


def test_a_withdrawal_ends_the_consent_at_once_and_asks_for_the_rest(school: SchoolView) -> None:
    learner = make_learner()
    agree(learner)

    withdrawal = withdraw_consent(learner.id, "survey", by=as_learner(learner))

    assert not queries.has_consent(learner.id, "survey", SYSTEM)
    assert [step.kind for step in queries.list_steps(withdrawal)] == ["stop", "files", "recipients"]
    job = session.get_one(Job, (current_school_id(), withdrawal.job_id))
    assert job.kind == "purposes.carry_out_withdrawal"
    assert job.arguments == {"withdrawal_id": str(withdrawal.id)}


def test_a_second_withdrawal_is_refused_and_changes_nothing(school: SchoolView) -> None:
    learner = make_learner()
    agree(learner)
    withdraw_consent(learner.id, "survey", by=as_learner(learner))

    with pytest.raises(Conflict, match="not_in_force"):
        withdraw_consent(learner.id, "survey", by=as_learner(learner))


def test_of_two_withdrawals_at_once_the_second_waits_and_finds_it_done(
    school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    learner = make_learner()
    agree(learner)

    with count_statements() as statements:
        withdraw_consent(learner.id, "survey", by=as_learner(learner))

    assert [each for each in statements if "FROM consent" in each and "FOR UPDATE" in each]


def test_what_rested_on_the_consent_is_deleted(enter: Enter) -> None:
    with enter("leren-leren"):
        child = make_learner(birth_date=date(today().year - 10, 1, 1))
        parent = as_learner(child, represents=True)
        give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=parent)
        child.special_notes = keys.seal(child.id, "learner.special_notes", "leest moeizaam")
        session.flush()
        withdrawal = withdraw_consent(child.id, "child_guidance", by=parent)

        carry_out_withdrawal(withdrawal.id, by=PORTAL)
        carry_out_withdrawal(withdrawal.id, by=PORTAL)

        stored = session.scalar(select(Learner.special_notes).where(Learner.id == child.id))
        assert stored is None
        done = {step.kind: step.state for step in queries.list_steps(withdrawal)}
        assert done["delete_category"] is StepState.DONE


def test_a_field_that_rested_on_the_consent_is_emptied(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
        agree(learner, "more_about_you")
        learner.phone_other = "+31612345678"
        session.flush()
        withdrawal = withdraw_consent(learner.id, "more_about_you", by=as_learner(learner))

        carry_out_withdrawal(withdrawal.id, by=PORTAL)

        assert session.scalar(select(Learner.phone_other).where(Learner.id == learner.id)) is None


def test_a_consent_can_be_given_again_after_a_withdrawal(school: SchoolView) -> None:
    learner = make_learner()
    agree(learner)
    withdraw_consent(learner.id, "survey", by=as_learner(learner))

    agree(learner)

    assert queries.has_consent(learner.id, "survey", SYSTEM)
    assert len(queries.list_history(learner.id, SYSTEM)) == 2


def test_another_schools_withdrawal_is_not_there(school: SchoolView, enter: Enter) -> None:
    learner = make_learner()
    agree(learner)
    withdrawal = withdraw_consent(learner.id, "survey", by=as_learner(learner))

    with enter("step-inburgering"), pytest.raises(NotFound):
        queries.get_withdrawal(withdrawal.id, SYSTEM)
    with pytest.raises(NotFound):
        queries.get_withdrawal(uuid4(), SYSTEM)


def test_counts_name_nobody(school: SchoolView) -> None:
    agree(make_learner())
    make_learner("Bereket")

    survey = next(count for count in queries.count_by_purpose("nl") if count.purpose.key == "survey")

    assert (survey.given, survey.learners) == (1, 2)
    assert session.scalars(select(Consent)).one().purpose == "survey"


def test_a_withdrawal_leaves_no_value_in_proposals_origins_or_the_audit(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
        agree(learner, "more_about_you")
        for number in ("+31612345678", "+31687654321"):
            change_learner(learner.id, {"learner.phone_other": number}, source=Source.SCHOOL, by=PORTAL)
        sealed = seal_text(learner.id, "learner.phone_other", "proposed", "+31612345678")
        session.add(
            Correction(
                learner_id=learner.id,
                field="learner.phone_other",
                state=CorrectionState.PROPOSED,
                proposed=sealed,
                old=sealed,
                proposed_at=now(),
            )
        )
        session.flush()
        withdrawal = withdraw_consent(learner.id, "more_about_you", by=as_learner(learner))

        carry_out_withdrawal(withdrawal.id, by=PORTAL)

        correction = session.scalars(select(Correction)).one()
        assert (correction.state, correction.old, correction.proposed) == (CorrectionState.WITHDRAWN, None, None)
        assert "learner.phone_other" not in list_origins(learner)
        entries = list_of_learner(learner.id, with_changes=True)
        assert any(entry.is_gone for entry in entries)
        assert "+31687654321" not in str([entry.changes for entry in entries])


def test_a_category_that_rested_on_the_consent_leaves_nothing_of_it_in_proposals(enter: Enter) -> None:
    with enter("leren-leren"):
        child = make_learner(birth_date=date(today().year - 10, 1, 1))
        parent = as_learner(child, represents=True)
        give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=parent)
        for words in ("leest moeizaam", "leest beter"):
            change_learner(child.id, {"learner.special_notes": words}, source=Source.LEARNER, by=PORTAL)
        propose_correction(child.id, "learner.special_notes", "leest goed", by=parent)
        withdrawal = withdraw_consent(child.id, "child_guidance", by=parent)

        carry_out_withdrawal(withdrawal.id, by=PORTAL)

        assert session.scalars(select(Correction)).one().proposed is None
        assert "learner.special_notes" not in list_origins(child)
        assert "leest" not in str([entry.changes for entry in list_of_learner(child.id, with_changes=True)])


def test_a_withdrawal_can_delete_a_bsn_and_an_email_with_what_was_made_of_them(app: Flask, school: SchoolView) -> None:
    deleted = {"purposes.survey.deletes": {"fields": ["learner.bsn", "learner.email"]}}
    with app.app_context():
        publish(varied("lest-best", {"version": "2", **deleted}))
        learner = make_learner(email="amina@example.org", bsn="999999990")
        make_trajectory(learner, reports_to_government=True)
        agree(learner, "survey")
        withdrawal = withdraw_consent(learner.id, "survey", by=as_learner(learner))

        carry_out_withdrawal(withdrawal.id, by=PORTAL)

        session.refresh(learner)
        assert (learner.bsn, learner.bsn_digest, learner.email) == (None, None, None)
        assert "amina@example.org" not in str(learner.search_text)
