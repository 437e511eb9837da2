"""Looking for what asks attention, and answering it. Nothing else of a learner is ever changed by it (OP-06, LL-13)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.jobs import ask_later
from portal.courses.lessons.queries import LessonView
from portal.learners.caseloads.queries import list_coach_ids
from portal.learners.record.services import move_last_contact
from portal.learners.scope.services import get_within_reach
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, forget, notify
from portal.permissions import Permission
from portal.policy.impact_assessments.queries import has_assessment
from portal.policy.queries import current_policy
from portal.signals import queries
from portal.signals.evaluation import evaluate
from portal.signals.histories import list_histories
from portal.signals.models import Signal, SignalAnswer, SignalKind, SignalRule

AT_ONCE = 500
_SETTLES = timedelta(minutes=10)
"""A register is filled in tap by tap: it is looked at once, this long after the first."""
_QUIET: Mapping[SignalAnswer, timedelta] = {
    SignalAnswer.CALLED: timedelta(days=14),
    SignalAnswer.SPOKE: timedelta(days=14),
    SignalAnswer.NO_GROUND: timedelta(days=28),
}
"""For so long the same isn't asked again after an answer."""
LONGEST_WAIT = timedelta(days=183)


def are_kept() -> bool:
    """Say whether this school's policy lets signals be kept."""
    return current_policy().allows("signal.facts")


def look_at(learner_ids: Sequence[UUID], *, by: Actor) -> int:
    """Raise what asks attention now of these learners, and end what no longer does; return how many were raised.

    A signal that is open is brought up to date, never raised twice; what a person answered stays quiet until its day.
    Safe to repeat.
    """
    if not learner_ids:
        return 0
    was_open = queries.list_open_of(learner_ids, by.scope)
    found = _what_asks_attention(learner_ids, by.scope)
    new = found.keys() - was_open.keys() - queries.list_quiet(learner_ids, by.scope, today())
    raised = [Signal(learner_id=key[0], kind=key[1], facts=found[key], raised_at=now(), seen_at=now()) for key in new]
    for key, signal in was_open.items():
        signal.seen_at = now()
        signal.facts = found.get(key, signal.facts)
        signal.ended_at = None if key in found else signal.seen_at
    session.add_all(raised)
    session.flush()
    for signal in raised:
        _record("signals.raised", signal, by)
    ended = [was_open[key] for key in was_open.keys() - found.keys()]
    for signal in ended:
        _record("signals.ended", signal, by)
    forget(NotificationKind.SIGNAL_RAISED, ended)
    _tell_coaches(raised, by)
    return len(raised)


def _tell_coaches(raised: Sequence[Signal], by: Actor) -> None:
    """Tell whoever coaches these learners today, or stands in for who does."""
    coaches = list_coach_ids([signal.learner_id for signal in raised], by.scope) if raised else {}
    told = [
        Told(account_id, signal.id, learner_id=signal.learner_id)
        for signal in raised
        for account_id in coaches.get(signal.learner_id, ())
    ]
    notify(NotificationKind.SIGNAL_RAISED, told, by=by)


def _what_asks_attention(learner_ids: Sequence[UUID], scope: Scope) -> dict[tuple[UUID, SignalKind], dict[str, Any]]:
    """Return what the rules that are on say of these learners; nothing at a school that keeps no signals."""
    thresholds = queries.thresholds_on() if are_kept() else {}
    if not thresholds:
        return {}
    day = today()
    return {
        (learner_id, finding.kind): dict(finding.facts)
        for learner_id, history in list_histories(learner_ids, scope, day).items()
        for finding in evaluate(history, thresholds, day)
    }


def _record(event: str, signal: Signal, by: Actor, **facts: str) -> None:
    audit.record(
        event,
        learner_id=signal.learner_id,
        subject=("signal", signal.id),
        facts={"kind": signal.kind.value, **facts},
        by=by,
    )


def look_at_everybody(*, by: Actor) -> int:
    """Look at all learners who are taught here, some at a time; return how many signals were raised.

    What was asked about somebody who left meanwhile ends.
    """
    raised, last = 0, None
    for gone in queries.list_open_of_those_who_left(by.scope, today()):
        gone.ended_at = gone.seen_at = now()
        _record("signals.ended", gone, by)
    while ids := queries.list_taught_ids(by.scope, today(), after=last, most=AT_ONCE):
        raised += look_at(ids, by=by)
        last = ids[-1]
    return raised


def look_at_lesson(lesson_id: UUID, *, by: Actor) -> int:
    """Look at the learners with a mark in a lesson; return how many signals were raised."""
    return look_at(queries.list_ids_in_lesson(lesson_id, by.scope, today()), by=by)


def look_later(lesson: LessonView) -> None:
    """Ask that a lesson's learners are looked at once its register has settled: once, however often it changes."""
    if are_kept():
        facts = {"lesson_id": str(lesson.id)}
        ask_later("signals.look_at_lesson", facts, unique=str(lesson.id), run_after=now() + _SETTLES)


def answer_signal(signal_id: UUID, answer: SignalAnswer, *, wait_until: date | None = None, by: Actor) -> Signal:
    """Store what a person did with a signal; that they spoke is contact (LB-12), a call alone isn't.

    Raises NotFound, and Conflict where it no longer waits for an answer.
    Raises Invalid for a day to wait until that lacks, is past or lies further ahead than half a year.
    """
    by.must(Permission.SIGNAL_ANSWER)
    signal = session.scalar(
        select(Signal).where(Signal.school_id == current_school_id(), Signal.id == signal_id).with_for_update()
    )
    if signal is None:
        raise NotFound("signal")
    get_within_reach(signal.learner_id, by)
    if not signal.is_open:
        raise Conflict("answered", name=signal.answered_by_name)
    quiet_until = _checked(wait_until) if answer is SignalAnswer.WAIT else today() + _QUIET[answer]
    signal.answer, signal.answered_at, signal.quiet_until = answer, now(), quiet_until
    signal.answered_by, signal.answered_by_name = by.account_id, by.name
    session.flush()
    if answer is SignalAnswer.SPOKE:
        move_last_contact([signal.learner_id], today(), by.scope)
    forget(NotificationKind.SIGNAL_RAISED, [signal])
    _record("signals.answered", signal, by, answer=answer.value)
    return signal


def _checked(day: date | None) -> date:
    if day is None:
        raise Invalid("wait_until", "day_missing")
    if day <= today():
        raise Invalid("wait_until", "day_past")
    if day > today() + LONGEST_WAIT:
        raise Invalid("wait_until", "day_far")
    return day


def set_rules(rules: Mapping[SignalKind, tuple[int, bool]], *, by: Actor) -> None:
    """Store from where on the school wants to be asked, by kind: the threshold, and whether the rule is on.

    Raises Invalid where one is switched on before the school decided on its impact assessment (AVG art. 35); what is on
    may stay on.
    """
    by.must(Permission.SCHOOL_SET)
    stored = queries.list_rules()
    switched_on = [
        kind for kind, (_least, is_on) in rules.items() if is_on and not (kind in stored and stored[kind].is_on)
    ]
    if switched_on and not has_assessment():
        raise Invalid("is_on", "no_assessment")
    was = {kind.value: [rule.threshold, rule.is_on] for kind, rule in stored.items()}
    for kind, (threshold, is_on) in rules.items():
        rule = stored.get(kind)
        if rule is None:
            session.add(SignalRule(kind=kind, threshold=threshold, is_on=is_on))
        else:
            rule.threshold, rule.is_on = threshold, is_on
    session.flush()
    now_set = {kind.value: list(each) for kind, each in rules.items()}
    audit.record("signals.rules_changed", facts={"was": was, "now": now_set}, by=by)
