"""What somebody changes or proposes for a learner whom she represents: said as hers who acted, and told to the learner.

Who acts for her is never recorded as herself (AVG art. 5(1)(d)); she is told by what she has: her account, or a mail.
"""

from sqlalchemy import exists, select

from portal.accounts.models import Membership
from portal.core import mail
from portal.core.clock import start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.mail import Mail
from portal.learners.corrections.models import Correction
from portal.learners.notifications.services import notify_learners
from portal.learners.record.labels import ON_BEHALF
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.permissions import Role
from portal.schools.queries import current_school

CHANNEL = "portal"
_TEMPLATE = "learners/changed_on_behalf"


def channel_of(by: Actor) -> str:
    """Return by which channel a learner's change comes in: through who represents her, or from herself."""
    return ON_BEHALF if by.represents else CHANNEL


def channel_of_proposal(correction: Correction, learner: Learner) -> str:
    """Return by which channel an accepted proposal came in: through who represents her, or from herself."""
    if correction.proposed_by is None or correction.proposed_by == learner.account_id:
        return CHANNEL
    represents = exists().where(
        Membership.school_id == current_school_id(),
        Membership.account_id == correction.proposed_by,
        Membership.role == Role.REPRESENTATIVE,
    )
    return ON_BEHALF if session.scalar(select(represents)) else CHANNEL


def tell_learner(learner: Learner, *, category: str, address: str | None, by: Actor) -> None:
    """Tell a learner, and who else acts for her, that somebody changed or proposed something for her.

    `address` is the one that she had before. Who has no account is mailed there, unless a mail of today still
    waits; a child is not: her parents are told. Does nothing for what she does herself.
    """
    if not by.represents:
        return
    notify_learners(NotificationKind.RECORD_CHANGED, {learner.id: learner.id}, category=category, by=by)
    if learner.account_id is None and address and not learner.is_child_on(today()) and not _is_mailed(learner):
        mail.send(
            address,
            _TEMPLATE,
            learner_id=learner.id,
            language=learner.preferred_language,
            name=learner.full_name,
            school=current_school().name,
        )


def _is_mailed(learner: Learner) -> bool:
    """Say whether a mail of today waits for her; one that went is about nobody any more."""
    waits = exists().where(
        Mail.school_id == current_school_id(),
        Mail.template == _TEMPLATE,
        Mail.learner_id == learner.id,
        Mail.asked_at >= start_of(today()),
    )
    return bool(session.scalar(select(waits)))
