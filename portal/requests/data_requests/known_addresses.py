"""Which mail addresses prove who asks: those that were hers before, and that she didn't just type (AVG art. 12(6)).

An address that was typed while signed in by one step proves no more than that step, until its link was opened and it
stood for a while: whoever took over the sign-in typed it.
"""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Account, LinkKind, SignInLink
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.corrections.on_behalf import CHANNEL
from portal.learners.record.labels import ON_BEHALF
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source
from portal.representation.models import Representative
from portal.requests.data_requests.models import DataRequest

STOOD = timedelta(days=14)
"""How long before a request the address of an account stood, where its holder put it there herself."""


def is_known_account(account: Account, request: DataRequest) -> bool:
    """Say whether the address of an account was hers well before a request was filed."""
    changed = select(SignInLink.id).where(
        SignInLink.school_id == current_school_id(),
        SignInLink.account_id == account.id,
        SignInLink.kind == LinkKind.NEW_EMAIL,
        SignInLink.new_email == account.email,
        SignInLink.used_at > request.filed_at - STOOD,
    )
    return session.scalar(select(changed.exists())) is not True


def is_known_record(learner: Learner) -> bool:
    """Say whether the address in a learner's record is from somebody else than who signs in as her, or for her."""
    typed = select(FieldOrigin.id).where(
        FieldOrigin.school_id == current_school_id(),
        FieldOrigin.learner_id == learner.id,
        FieldOrigin.field == "learner.email",
        FieldOrigin.entry_id == OWN_RECORD,
        FieldOrigin.source == Source.LEARNER,
        FieldOrigin.channel.in_([CHANNEL, ON_BEHALF]),
    )
    return session.scalar(select(typed.exists())) is not True


def was_recorded_since(person: object, request: DataRequest) -> bool:
    """Say whether who asks for a learner was recorded after she asked: her address may be the one that she wrote."""
    if request.asked_by_id is None or not isinstance(person, Representative):
        return False
    return person.recorded_at > request.filed_at
