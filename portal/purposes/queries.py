"""Reads of consents: which are in force, what a learner may decide, and how withdrawals go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id, restricted_learners
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Reach, Scope
from portal.core.jobs import FAILED, Job
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.policy.queries import current_policy
from portal.policy.schema import LocalText, Policy
from portal.policy.schema.categories import Purpose
from portal.purposes.models import Consent, StepState, Withdrawal, WithdrawalStep
from portal.purposes.objections.models import Objection
from portal.purposes.objections.queries import learners_who_object, list_objections
from portal.purposes.statutes.queries import MunicipalityRequest, find_municipality_request, list_owed_purposes
from portal.representation.models import Representative, RepresentativeKind
from portal.representation.queries import list_appointed

NO_CONSENT = "no_consent"
OBJECTED = "objected"


@dataclass(frozen=True)
class PurposeView:
    """A purpose as a learner sees it: with a switch where consent is the basis, else with why there is none."""

    purpose: Purpose
    title: LocalText
    question: LocalText | None
    withdrawn: LocalText | None
    consent: Consent | None
    withdrawal: Withdrawal | None
    is_to_be_told: bool = False
    objection: Objection | None = None
    serves_enforcement: bool = False
    """Whether presence goes to a client by it: where that is a municipality, it is used for enforcement as well."""
    stops_by_itself: bool = True
    """Whether an objection stops it at once: files, mails and figures ask. Else the school decides, and says so."""
    is_owed: bool = False
    """Whether an act asks it of her, whatever the policy rests it on: then there is nothing to choose."""
    municipality_request: MunicipalityRequest | None = None
    """Who asked it, and when, where the act has the school tell only whom it asks."""
    decided_by: RepresentativeKind | None = None
    """What is who says yes to it in the place of whoever looks, where a court said so; she may always say no."""

    @property
    def is_on(self) -> bool:
        """Say whether a consent is in force."""
        return self.consent is not None and self.consent.is_in_force


@dataclass(frozen=True)
class PurposeCount:
    """How many learners said yes to a purpose, of how many."""

    purpose: Purpose
    title: LocalText
    given: int
    learners: int


def find_consent(learner_id: UUID, purpose: str, scope: Scope, *, lock: bool = False) -> Consent | None:
    """Return the consent in force of a learner within reach, or None; with `lock`, nobody else ends it meanwhile."""
    statement = select(Consent).where(
        Consent.school_id == current_school_id(),
        Consent.learner_id == learner_id,
        reaches_learner(scope, Consent.learner_id),
        Consent.purpose == purpose,
        Consent.is_in_force,
    )
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def has_consent(learner_id: UUID, purpose: str, scope: Scope) -> bool:
    """Say whether the consent of a learner within reach to a purpose is in force."""
    return find_consent(learner_id, purpose, scope) is not None


def consents_in_force(learner_ids: Sequence[UUID], scope: Scope) -> dict[UUID, dict[str, bool]]:
    """Return by learner within reach the purposes she consented to, and whether a representative did so for her."""
    found: dict[UUID, dict[str, bool]] = {}
    for row in session.execute(
        select(Consent.learner_id, Consent.purpose, Consent.is_by_representative).where(
            Consent.school_id == current_school_id(),
            Consent.learner_id.in_(learner_ids),
            reaches_learner(scope, Consent.learner_id),
            Consent.is_in_force,
        )
    ):
        found.setdefault(row.learner_id, {})[row.purpose] = row.is_by_representative
    return found


def learners_who_agree(purpose: str) -> Select[UUID]:
    """Return the statement that selects the learners whose consent to a purpose is in force."""
    return select(Consent.learner_id).where(
        Consent.school_id == current_school_id(), Consent.purpose == purpose, Consent.is_in_force
    )


def closed_because(
    purpose: str, whose: ColumnElement[Any], *, owed: ColumnElement[bool] | None = None
) -> list[tuple[ColumnElement[bool], str]]:
    """Return why a learner's data can't be used for a purpose now, each as a condition on her id's column, with a code.

    No consent in force where the purpose rests on it; an objection, won or being weighed, where it rests on an
    interest of the school (AVG art. 7 and 21). What a statute asks is open: by the policy, or of those whom `owed` says
    so of (`portal/purposes/statutes`). Who restricted her data (art. 18) is found
    by no statement in the first place: the database hides her.
    """
    wanted = current_policy().purpose(purpose)
    if wanted.asks_consent:
        closed, code = whose.not_in(learners_who_agree(purpose)), NO_CONSENT
    elif wanted.may_be_objected_to:
        closed, code = whose.in_(learners_who_object(purpose)), OBJECTED
    else:
        return []
    return [(closed if owed is None else and_(closed, not_(owed)), code)]


def list_closed(purpose: str, learner_ids: Collection[UUID], scope: Scope) -> frozenset[UUID]:
    """Return whose data may not be used for a purpose now, of these learners within reach: all, where it is no more.

    Files, mails, lists and figures ask it. Who restricted her whole record (art. 18) is among them, also where that is
    seen for her own sake; what is restricted of a category nobody reads who uses it.
    """
    if purpose not in {each.key for each in current_policy().purposes}:
        return frozenset(learner_ids)
    restricted = restricted_learners().intersection(learner_ids)
    closed = closed_because(purpose, Learner.id.expression)
    if not closed:
        return restricted
    wanted = select(Learner.id).where(
        Learner.school_id == current_school_id(),
        Learner.id.in_(list(learner_ids)),
        reaches_learner(scope),
        or_(*(condition for condition, _code in closed)),
    )
    return restricted.union(session.scalars(wanted))


def lock_consents(purpose: str, learners: Select[UUID]) -> Sequence[UUID]:
    """Return who of these learners consents to a purpose now; nobody takes that back before this transaction ends."""
    return session.scalars(
        learners_who_agree(purpose)
        .where(Consent.learner_id.in_(learners))
        .order_by(Consent.id)
        .with_for_update(read=True)
    ).all()


def is_within(categories: Collection[str], appointed: Iterable[Representative], scope: Scope) -> bool:
    """Say whether what uses these categories is for who opens a record as her own, or acts for its learner.

    `appointed` are those whom a court appointed for the learner: who is one of them goes no further than that.
    """
    own = [each for each in appointed if each.account_id is not None and each.account_id == scope.account_id]
    return scope.sees.issuperset(categories) and (not own or any(each.covers(categories) for each in own))


def list_history(learner_id: UUID, scope: Scope) -> list[Consent]:
    """Return every yes and no of a learner within reach, newest first, each with the text that was shown.

    For who acts for her, those to what is within what she may act in.
    """
    statement = select(Consent).where(
        Consent.school_id == current_school_id(),
        Consent.learner_id == learner_id,
        reaches_learner(scope, Consent.learner_id),
    )
    rows = session.scalars(statement.order_by(Consent.given_at.desc(), Consent.id)).all()
    if scope.reach is not Reach.ONE_LEARNER:
        return list(rows)
    policy, appointed = current_policy(), list_appointed(learner_id, scope)
    return [each for each in rows if is_within(policy.used_for(each.purpose), appointed, scope)]


def list_purposes(learner_id: UUID, language: str, scope: Scope) -> list[PurposeView]:
    """Return the purposes of the policy that concern a learner within reach, with what she decided; those with a
    switch first.

    What concerns only a child also stands there as long as an earlier yes is in force: it can always be taken back.
    Who acts for her sees those within what she may act in.
    """
    latest: dict[str, Consent] = {}
    for consent in list_history(learner_id, scope):
        latest.setdefault(consent.purpose, consent)
    withdrawals = {row.consent_id: row for row in _list_withdrawals_of(learner_id, scope)}
    to_tell = _to_tell(withdrawals.values())
    objections = {each.purpose: each for each in list_objections(learner_id, scope)}
    policy, owed = current_policy(), list_owed_purposes(learner_id, scope)
    request = find_municipality_request(learner_id, scope) if owed else None
    asked = asked_before_use(policy)
    views = []
    is_minor, appointed = _is_minor(learner_id, scope), list_appointed(learner_id, scope)
    for purpose in policy.purposes:
        uses = policy.used_for(purpose.key)
        if scope.reach is Reach.ONE_LEARNER and not is_within(uses, appointed, scope):
            continue
        found = latest.get(purpose.key)
        if not purpose.is_about(is_minor=is_minor) and (found is None or not found.is_in_force):
            continue
        views.append(
            PurposeView(
                purpose=purpose,
                title=policy.text(purpose.title, language),
                question=policy.text(purpose.question, language) if purpose.question else None,
                withdrawn=policy.text(purpose.withdrawn, language) if purpose.withdrawn else None,
                consent=found,
                withdrawal=withdrawals.get(found.id) if found is not None else None,
                is_to_be_told=found is not None and found.id in to_tell,
                objection=objections.get(purpose.key),
                serves_enforcement=policy.gives_presence_to_client(purpose.key),
                stops_by_itself=purpose.key in asked,
                is_owed=purpose.key in owed,
                municipality_request=request if purpose.key in owed else None,
                decided_by=_decided_by(uses, appointed, scope),
            )
        )
    return sorted(views, key=lambda view: not view.purpose.asks_consent)


def asked_before_use(policy: Policy) -> frozenset[str]:
    """Return the purposes that a file, a mail or a figure asks before it is made: no to one of them stops it."""
    given = {each.purpose for each in policy.templates} | {*policy.purposes_of_figures()}
    mailed = {each.key for each in policy.purposes if each.nature == "marketing"}
    about_her_course = policy.purpose_of_messages()
    return frozenset(given | mailed | ({about_her_course} if about_her_course else set()))


def _decided_by(uses: Collection[str], appointed: Iterable[Representative], scope: Scope) -> RepresentativeKind | None:
    deciding = [each for each in appointed if each.covers(uses)]
    if not deciding or scope.account_id in {each.account_id for each in deciding}:
        return None
    return deciding[0].kind


def _is_minor(learner_id: UUID, scope: Scope) -> bool:
    statement = select(Learner.is_minor_on(today())).where(
        Learner.school_id == current_school_id(), Learner.id == learner_id, reaches_learner(scope)
    )
    return bool(session.scalar(statement))


def _to_tell(withdrawals: Iterable[Withdrawal]) -> set[UUID]:
    """Return the consents whose withdrawal the school must still tell somebody of by hand."""
    by_id = {row.id: row.consent_id for row in withdrawals}
    if not by_id:
        return set()
    kept = select(WithdrawalStep.withdrawal_id).where(
        WithdrawalStep.school_id == current_school_id(),
        WithdrawalStep.withdrawal_id.in_(by_id),
        WithdrawalStep.state == StepState.KEPT,
    )
    return {by_id[withdrawal_id] for withdrawal_id in session.scalars(kept)}


def _list_withdrawals_of(learner_id: UUID, scope: Scope) -> list[Withdrawal]:
    statement = select(Withdrawal).where(
        Withdrawal.school_id == current_school_id(),
        Withdrawal.learner_id == learner_id,
        reaches_learner(scope, Withdrawal.learner_id),
    )
    return list(session.scalars(statement.order_by(Withdrawal.asked_at)))


def get_withdrawal(withdrawal_id: UUID, scope: Scope) -> Withdrawal:
    """Return a withdrawal of a learner within reach; raises NotFound."""
    found = session.get(Withdrawal, (current_school_id(), withdrawal_id), populate_existing=True)
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("withdrawal")
    return found


def list_steps(withdrawal: Withdrawal) -> list[WithdrawalStep]:
    """Return the steps of a withdrawal in their order, as they stand now."""
    statement = select(WithdrawalStep).where(
        WithdrawalStep.school_id == current_school_id(), WithdrawalStep.withdrawal_id == withdrawal.id
    )
    fresh = statement.execution_options(populate_existing=True)
    return list(session.scalars(fresh.order_by(WithdrawalStep.position, WithdrawalStep.id)))


def count_by_purpose(language: str) -> list[PurposeCount]:
    """Return for each consent purpose how many learners agreed, of how many whom it concerns."""
    policy = current_policy()
    how_many = func.count(), func.count().filter(Learner.is_minor_on(today()))
    learners = session.execute(
        select(*how_many).where(Learner.school_id == current_school_id(), Learner.is_in_use)
    ).one()
    rows = session.execute(
        select(Consent.purpose, *how_many)
        .join(Learner, (Learner.school_id == Consent.school_id) & (Learner.id == Consent.learner_id))
        .where(Consent.school_id == current_school_id(), Consent.is_in_force)
        .group_by(Consent.purpose)
    )
    given: dict[str, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in rows}
    counts = []
    for purpose in policy.consent_purposes():
        which = 0 if purpose.is_about(is_minor=False) else 1
        title, agreed = policy.text(purpose.title, language), given.get(purpose.key, (0, 0))
        counts.append(PurposeCount(purpose, title, given=agreed[which], learners=learners[which]))
    return counts


@dataclass(frozen=True)
class WithdrawalLine:
    """A withdrawal in the office's list; `has_failed` where the worker gave up on what still waits."""

    id: UUID
    purpose: str
    asked_at: datetime
    done_at: datetime | None
    waiting: int
    to_tell: int
    has_failed: bool


def count_unfinished_withdrawals() -> int:
    """Return how many withdrawals of the school aren't done: a step waits, has failed, or a recipient is to be told."""
    kept = select(WithdrawalStep.withdrawal_id).where(
        WithdrawalStep.school_id == current_school_id(), WithdrawalStep.state == StepState.KEPT
    )
    unfinished = or_(Withdrawal.done_at.is_(None), Withdrawal.id.in_(kept))
    counted = select(func.count()).select_from(Withdrawal)
    return session.scalar(counted.where(Withdrawal.school_id == current_school_id(), unfinished)) or 0


def list_withdrawals(*, most: int = 50) -> list[WithdrawalLine]:
    """Return the withdrawals of the school, with how many steps still wait, and for whom; names no learner.

    Those that aren't done stand first, each part with the newest first.
    """
    waiting, to_tell = (
        select(func.count())
        .where(
            WithdrawalStep.school_id == Withdrawal.school_id,
            WithdrawalStep.withdrawal_id == Withdrawal.id,
            WithdrawalStep.state == state,
        )
        .scalar_subquery()
        for state in (StepState.WAITING, StepState.KEPT)
    )
    rows = session.execute(
        select(
            Withdrawal.id,
            Withdrawal.purpose,
            Withdrawal.asked_at,
            Withdrawal.done_at,
            waiting,
            to_tell,
            and_(Withdrawal.done_at.is_(None), func.coalesce(Job.state, FAILED) == FAILED),
        )
        .outerjoin(Job, (Job.school_id == Withdrawal.school_id) & (Job.id == Withdrawal.job_id))
        .where(Withdrawal.school_id == current_school_id())
        .order_by(and_(Withdrawal.done_at.is_not(None), to_tell == 0), Withdrawal.asked_at.desc())
        .limit(most)
    )
    return [WithdrawalLine(*row) for row in rows]
