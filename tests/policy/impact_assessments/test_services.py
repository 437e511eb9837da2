"""What waits for the school's impact assessment isn't switched on before its day is recorded (AVG art. 35)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from portal.attendance.evidence.services import attach_screenshot
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.policy.impact_assessments.models import Adviser, ImpactAssessment
from portal.policy.impact_assessments.queries import has_assessment, list_assessments
from portal.policy.impact_assessments.services import record_assessment
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from portal.signals.models import SignalKind
from portal.signals.queries import thresholds_on
from portal.signals.services import set_rules
from tests.attendance.evidence.test_services import Online
from tests.factories.requests import as_staff

ON = {SignalKind.NO_CONTACT: (30, True)}
OFF = {SignalKind.NO_CONTACT: (30, False)}


@pytest.fixture(autouse=True)
def without_its_day(school: SchoolView) -> None:
    session.execute(delete(ImpactAssessment))


def record(day: date | None = None, adviser: Adviser = Adviser.OFFICER, role: str = "privacy_staff") -> None:
    record_assessment(day or today(), adviser, reference="Map 12", by=as_staff(role))


def test_signals_are_switched_on_only_after_it_and_what_is_on_stays_on() -> None:
    by = as_staff("management")
    set_rules(OFF, by=by)
    with pytest.raises(Invalid, match="no_assessment") as caught:
        set_rules(ON, by=by)
    assert caught.value.field == "is_on"
    assert thresholds_on() == {}

    record()
    set_rules(ON, by=by)
    session.execute(delete(ImpactAssessment))
    set_rules({SignalKind.NO_CONTACT: (45, True)}, by=by)
    assert thresholds_on() == {SignalKind.NO_CONTACT: 45}


def test_no_picture_of_a_lesson_is_kept_before_it() -> None:
    online = Online()
    with pytest.raises(Conflict, match="no_assessment"):
        attach_screenshot(online.lesson.id, online.shot(), by=online.by)
    record()
    assert len(online.attach()) == 2


def test_its_day_is_recorded_once_with_who_and_who_advised() -> None:
    assert not has_assessment()
    for _ in range(2):
        record(date(2026, 3, 2))
    record(date(2026, 4, 2))

    assert has_assessment()
    assert [each.decided_on for each in list_assessments()] == [date(2026, 4, 2), date(2026, 3, 2)]
    written = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "policy.assessment_recorded")).all()
    assert len(written) == 2


def test_a_day_to_come_is_refused_and_so_is_passing_over_the_officer() -> None:
    with pytest.raises(Invalid, match="day_to_come"):
        record(today() + timedelta(days=1))
    if current_policy().controller.has_privacy_officer:
        with pytest.raises(Invalid, match="officer_not_asked"):
            record(adviser=Adviser.NOBODY)
    assert not has_assessment()


@pytest.mark.parametrize("role", ["privacy_officer", "teacher", "administration"])
def test_nobody_else_records_it(role: str) -> None:
    with pytest.raises(NotAllowed):
        record(role=role)
