"""*Vandaag*: the lessons of today, what is still to be filled in, and what waits for the office."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.attendance.open_registers.queries import (
    OPEN_FOR,
    RegisterState,
    TeachersDay,
    count_open_registers,
    get_teachers_day,
    list_lessons_of_day,
)
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.scope import Reach
from portal.disclosures.recipients.queries import count_open_notices
from portal.learners.caseloads.queries import count_coached
from portal.learners.completeness.queries import count_incomplete
from portal.learners.corrections.queries import count_waiting
from portal.oversight.access_reviews.presenters import ReviewState, state_of
from portal.oversight.impact_assessments.presenters import uses_are_on
from portal.oversight.queries import Attention, attention
from portal.overview.lost_addresses.queries import list_known
from portal.permissions import Permission
from portal.policy.impact_assessments.queries import has_assessment
from portal.policy.queries import current_policy
from portal.purposes.privacy_notices.queries import count_untold
from portal.purposes.queries import count_unfinished_withdrawals
from portal.representation.disputes.queries import count_open_disputes
from portal.signals.queries import count_open as count_open_signals
from portal.signals.services import are_kept

_SHOWN = 5


@dataclass(frozen=True)
class Today:
    """What somebody finds on her start page; a number is None where it isn't hers to see.

    `has_registers`: the school keeps attendance; `keeps_register`: she fills it in.
    """

    lessons: Sequence[RegisterState]
    earlier: Sequence[RegisterState]
    next_lesson: RegisterState | None
    my_learners: int | None
    open_registers: int | None
    corrections: int | None
    withdrawals: int | None
    to_tell: int | None
    untold: int | None
    incomplete: int | None
    signals: int | None
    disputes: int | None
    access_review: ReviewState | None
    incidents: int | None
    lost_addresses: int | None
    lacks_assessment: bool
    has_registers: bool
    keeps_register: bool
    is_teacher: bool

    @property
    def has_tasks(self) -> bool:
        """Say whether there is a count to show: one of zero is shown where others aren't."""
        return (
            self.open_registers is not None
            or self.my_learners is not None
            or bool(
                self.corrections or self.withdrawals or self.to_tell or self.untold or self.incomplete or self.signals
            )
            or bool(self.disputes)
            or self.access_review is not None
            or bool(self.incidents)
            or bool(self.lost_addresses)
            or self.lacks_assessment
        )


def today_of(actor: Actor) -> Today:
    """Return what awaits somebody today, in a few statements whatever the size of the school."""
    has_registers = current_policy().feature("attendance")
    keeps = has_registers and actor.may(Permission.REGISTER_KEEP)
    teaches = actor.scope.reach is Reach.OWN_GROUPS and actor.may(Permission.TIMETABLE_VIEW)
    if teaches:
        hers = get_teachers_day(actor, since=today() - OPEN_FOR, limit=_SHOWN + 1)
    else:
        hers = TeachersDay(
            [], list_lessons_of_day(actor, today()) if actor.may(Permission.TIMETABLE_VIEW) else [], None
        )
    asked = attention() if actor.may(Permission.ACCESS_REVIEW_VIEW) else None
    return Today(
        lessons=hers.lessons,
        earlier=hers.earlier if keeps else (),
        next_lesson=hers.next_lesson,
        my_learners=count_coached(actor) if actor.may(Permission.CASELOAD_OWN) else None,
        open_registers=count_open_registers(actor, since=today() - OPEN_FOR) if keeps and not teaches else None,
        corrections=count_waiting(actor) if actor.may(Permission.CORRECTION_VIEW) else None,
        withdrawals=count_unfinished_withdrawals() if actor.may(Permission.CONSENT_VIEW) else None,
        to_tell=count_open_notices() if actor.may(Permission.FILE_MAKE) else None,
        untold=count_untold(actor.scope).pressing if actor.may(Permission.NOTICE_SEND) else None,
        incomplete=count_incomplete(actor) if actor.may(Permission.LEARNER_KEEP) else None,
        signals=count_open_signals(actor, today()) if actor.may(Permission.SIGNAL_VIEW) and are_kept() else None,
        disputes=count_open_disputes() if actor.may(Permission.REQUEST_ENTER) else None,
        access_review=_due_review(asked) if asked else None,
        incidents=asked.open_incidents if asked else None,
        lost_addresses=len(list_known(actor)[0]) if actor.may(Permission.LEARNER_INVITE) else None,
        lacks_assessment=actor.may(Permission.ASSESSMENT_KEEP) and not has_assessment() and uses_are_on(),
        has_registers=has_registers,
        keeps_register=keeps,
        is_teacher=teaches,
    )


def _due_review(asked: Attention) -> ReviewState | None:
    """Return how the review of access stands where a quarter goes by without one (OP-09)."""
    state = state_of(asked.reviewed_on)
    return state if state.asks_attention else None
