"""What happens where one parent chooses against what the other chose, and settling it.

A yes, a change and the taking back of a request need that the other parent didn't say otherwise. A no never does: a
parent who takes consent back or objects stops the use, whatever the other said. Stopping takes nothing from the child
that can't be given again, and going on against a parent's no does; so a no of one stands, and a yes after it needs
both, or a court (BW 1:253a). What such a no would delete stays until then, for that can't be given again.
"""

from datetime import datetime
from uuid import UUID

from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core import audit
from portal.core.audit.queries import list_of_learner
from portal.core.clock import now
from portal.core.db.scope import revealed
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.learners.notifications.services import notify_learners
from portal.learners.record.services import lock_learner
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.permissions import Permission, roles_with
from portal.representation.disputes.models import DisputeSubject, ParentalDispute, Settlement
from portal.representation.disputes.queries import (
    are_both_parents,
    find_dispute,
    get_dispute,
    has_other_parent,
    is_settled_since,
)

_LOOKED_BACK = 200


class ParentsDisagree(Conflict):
    """What a parent chose is against what the other chose: it isn't stored, and becomes a dispute.

    `asked_by` is her account where somebody else is signed in: staff who wrote it down, or decide on her request.
    `against` is the other's account; None where she has none.
    """

    def __init__(
        self,
        learner_id: UUID,
        subject: DisputeSubject,
        topic: str,
        against: UUID | None,
        *,
        asked_by: UUID | None = None,
    ) -> None:
        super().__init__("parents_disagree")
        self.learner_id = learner_id
        self.subject = subject
        self.topic = topic
        self.against = against
        self.asked_by = asked_by


def must_not_contradict(
    learner_id: UUID,
    subject: DisputeSubject,
    topic: str,
    *,
    chosen_by: UUID | None,
    chosen_at: datetime,
    by: Actor,
) -> None:
    """Raise ParentsDisagree where the choice that stands is the other parent's, unless it was allowed since.

    Who isn't the other parent of a child, or isn't any more, contradicts nobody.
    """
    if chosen_by is None or not are_both_parents(learner_id, chosen_by, by):
        return
    if not is_settled_since(learner_id, subject, topic, chosen_at, by.scope):
        raise ParentsDisagree(learner_id, subject, topic, chosen_by)


def must_agree_on_correction(
    learner_id: UUID, field: str, waiting: tuple[UUID | None, datetime] | None, by: Actor
) -> None:
    """Raise ParentsDisagree where the value that stands, or the change that waits, is the other parent's.

    `waiting` is who proposed what waits, and when. Who filled in what stands is read from the log, as far as that
    goes back.
    """
    if not has_other_parent(learner_id, by):
        return
    found = waiting or _last_changed(learner_id, field)
    if found is not None:
        must_not_contradict(learner_id, DisputeSubject.CORRECTION, field, chosen_by=found[0], chosen_at=found[1], by=by)


def _last_changed(learner_id: UUID, field: str) -> tuple[UUID | None, datetime] | None:
    entries = list_of_learner(learner_id, views=False, limit=_LOOKED_BACK, with_changes=True)
    found = next((each for each in entries if field in (each.changes or {})), None)
    return (found.actor_id, found.at) if found is not None else None


def raise_dispute(refusal: ParentsDisagree, *, by: Actor) -> ParentalDispute:
    """Keep that the parents disagree and tell the school and both parents. Said again while it is open it is one."""
    with revealed(refusal.learner_id):
        lock_learner(refusal.learner_id, by)
        found = find_dispute(refusal.learner_id, refusal.subject, refusal.topic, by.scope)
        if found is not None and found.is_in_force:
            return found
        row = ParentalDispute(
            learner_id=refusal.learner_id,
            subject=refusal.subject,
            topic=refusal.topic,
            raised_at=now(),
            raised_by=by.account_id if by.represents else refusal.asked_by,
            against=refusal.against,
        )
        session.add(row)
        session.flush()
        _tell(row, by)
        _log("representation.parents_disagree", row, by)
    return row


def _tell(row: ParentalDispute, by: Actor) -> None:
    """Tell who decides on requests and who keeps records, and both parents, who share a line in the bell."""
    staff = session.scalars(select_holders(roles_with(Permission.REQUEST_ENTER)).order_by(Account.id)).all()
    told = [Told(each.id, row.id, learner_id=row.learner_id) for each in staff]
    notify(NotificationKind.PARENTS_DISAGREE, told, by=by)
    notify_learners(NotificationKind.PARENTS_DISAGREE, {row.learner_id: row.id}, category="dealings", by=by)


def settle_dispute(dispute_id: UUID, settlement: Settlement, *, is_allowed: bool, by: Actor) -> ParentalDispute:
    """Record that both parents say the same, or what a court decided. Raises NotFound, NotAllowed and Conflict.

    `is_allowed`: what was wanted may be chosen now. It isn't chosen by this: a parent does so herself.
    """
    by.must(Permission.REQUEST_ENTER)
    row = get_dispute(dispute_id, by.scope)
    if not row.is_in_force:
        raise Conflict("already_settled")
    row.ended_at, row.settlement, row.is_allowed = now(), settlement, is_allowed
    row.settled_by, row.settled_by_name = by.account_id, by.name
    session.flush()
    _log("representation.dispute_settled", row, by)
    notify_learners(NotificationKind.PARENTS_DISAGREE, {row.learner_id: row.id}, category="dealings", by=by)
    return row


def _log(event: str, row: ParentalDispute, by: Actor) -> None:
    audit.record(
        event,
        learner_id=row.learner_id,
        subject=("parental_dispute", row.id),
        facts={"subject": row.subject.value, "topic": row.topic},
        by=by,
    )
