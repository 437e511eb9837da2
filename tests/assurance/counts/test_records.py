"""Who got an answer too late, or was told too late, stays late; a value without a source is without one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from portal.assurance.counts.records import count_answered_corrections, count_known_sources, count_told_people
from portal.assurance.figures.keys import Count
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.record.models import FieldOrigin
from portal.policy.announcements.models import PolicyNoticeSeen
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView, current_school
from tests.assurance.counts.broken_data import DAY, add, set_row
from tests.factories.courses import make_group
from tests.factories.learners import (
    make_contact_person,
    make_enrolment,
    make_learner,
    make_representative,
)
from tests.factories.policy import shipped
from tests.house.rows import make_row
from tests.signing_in import make_account

POLICY = shipped("meester-in-nt2")
WITHIN = POLICY.checked.answer_within


def correct(*, proposed: int, decided: int | None, state: CorrectionState) -> None:
    """Store a correction that was proposed and decided so many days ago."""
    decided_at = now() - decided * DAY if decided is not None else None
    add(
        Correction(
            learner_id=make_learner().id, field="learner.city", state=state, proposed_at=now() - proposed * DAY,
            decided_at=decided_at,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("proposed", "decided", "state", "good"),
    [
        (40, None, CorrectionState.PROPOSED, 0),
        (40, 0, CorrectionState.ACCEPTED, 0),
        (40, 1, CorrectionState.REFUSED, 0),
        (40, 38, CorrectionState.ACCEPTED, 1),
        (40, 38, CorrectionState.WITHDRAWN, 1),
        (1, None, CorrectionState.PROPOSED, 1),
        (40, None, CorrectionState.CONTESTED, 0),
    ],
)
def test_an_answer_that_came_late_stays_late(
    proposed: int, decided: int | None, state: CorrectionState, good: int, school: SchoolView
) -> None:
    correct(proposed=proposed, decided=decided, state=state)
    assert count_answered_corrections(POLICY, "") == Count(good, 1)


def test_an_answer_on_the_last_day_is_in_time(school: SchoolView) -> None:
    for late in (0, 1):
        proposed_at = now() - 90 * DAY
        decided_on = WITHIN.added_to(proposed_at.date()) + late * DAY
        decided_at = datetime.combine(decided_on, proposed_at.timetz())
        learner_id = make_learner().id
        add(
            Correction(
                learner_id=learner_id, field="learner.city", state=CorrectionState.ACCEPTED, proposed_at=proposed_at,
                decided_at=decided_at,
            )
        )  # fmt: skip
    assert count_answered_corrections(POLICY, "") == Count(1, 2)


def _tell(days_ago: int, **whom: Any) -> None:
    version_id = current_school().policy_version_id
    add(
        PrivacyNotice(
            way=NoticeWay.LETTER, statement_version_id=version_id, language="nl", told_at=now() - days_ago * DAY,
            told_by_name="Ans", **whom,
        )
    )  # fmt: skip


def _told_by_letter(days_ago: int) -> None:
    learner = make_learner()
    set_row(learner, created_at=now() - 60 * DAY)
    _tell(days_ago, learner_id=learner.id)


def _told_at_enrolment(days_ago: int) -> None:
    learner = make_learner()
    set_row(learner, created_at=now() - 60 * DAY)
    version_id, at = current_school().policy_version_id, now() - days_ago * DAY
    make_enrolment(learner, make_group(), statement_version_id=version_id, statement_shown_at=at)


def _told_at_intake(days_ago: int) -> None:
    learner = make_learner()
    set_row(learner, created_at=now() - 60 * DAY)
    version_id, at = current_school().policy_version_id, now() - days_ago * DAY
    make_row("intake", learner_id=learner.id, statement_version_id=version_id, statement_shown_at=at)


def _told_by_a_notice_read(days_ago: int) -> None:
    learner, account = make_learner(), make_account("Chen", "learner")
    set_row(account, created_at=now() - 20 * DAY)
    set_row(learner, created_at=now() - 60 * DAY, account_id=account.id)
    announcement = make_row("policy_announcement")
    add(PolicyNoticeSeen(announcement_id=announcement["id"], account_id=account.id, seen_at=now() - days_ago * DAY))


def _told_a_contact(days_ago: int) -> None:
    person = make_contact_person(None, created_at=now() - 60 * DAY)
    _tell(days_ago, contact_person_id=person.id)


@pytest.mark.parametrize(
    "told", [_told_by_letter, _told_at_enrolment, _told_at_intake, _told_by_a_notice_read, _told_a_contact]
)
def test_who_was_told_late_stays_late(told: Any, school: SchoolView) -> None:
    told(40)
    assert count_told_people(POLICY, "") == Count(1, 1)
    told(1)
    assert count_told_people(POLICY, "") == Count(1, 2)


def test_the_first_time_somebody_was_told_counts(school: SchoolView) -> None:
    learner = make_learner()
    set_row(learner, created_at=now() - 60 * DAY)
    _tell(50, learner_id=learner.id)
    version_id = current_school().policy_version_id
    make_enrolment(learner, make_group(), statement_version_id=version_id, statement_shown_at=now() - DAY)
    make_row("intake", learner_id=learner.id, statement_version_id=version_id, statement_shown_at=None)
    assert count_told_people(POLICY, "") == Count(1, 1)


def test_who_signed_up_beside_the_statement_was_told_before_her_record_was_made(school: SchoolView) -> None:
    learner = make_learner()
    set_row(learner, created_at=now() - 60 * DAY)
    version_id = current_school().policy_version_id
    make_row("intake", learner_id=learner.id, statement_version_id=version_id, statement_shown_at=None)
    assert count_told_people(POLICY, "") == Count(1, 1)


def test_a_representative_is_told_late_too(school: SchoolView) -> None:
    learner = make_learner()
    person = make_representative(learner, name="Samira")
    set_row(learner, created_at=now() - timedelta(hours=1))
    set_row(person, recorded_at=now() - 60 * DAY)
    _tell(1, representative_id=person.id)
    assert count_told_people(POLICY, "") == Count(1, 2)


def test_values_without_a_source_are_red_also_where_nothing_has_one(school: SchoolView) -> None:
    make_learner(city="Utrecht")
    policy = current_policy()
    known = count_known_sources(policy, "")
    assert known.is_kept
    assert known.total > 3
    session.execute(delete(FieldOrigin).where(FieldOrigin.school_id == current_school_id()))
    assert count_known_sources(policy, "") == Count(0, known.total)
