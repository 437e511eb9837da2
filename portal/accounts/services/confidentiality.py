"""The confidentiality duty: staff accept it before the first learner's record opens; what and when is kept (LB-07)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.models import ConfidentialityAcceptance
from portal.core import audit
from portal.core.clock import now
from portal.core.database import session
from portal.policy.queries import current_policy


def accept_duty(account_id: UUID, *, language: str) -> None:
    """Record that the account accepts the text in force, as it was shown in a language. Safe to repeat."""
    version = current_policy().confidentiality.version
    added = session.execute(
        insert(ConfidentialityAcceptance)
        .values(account_id=account_id, text_version=version, language=language, accepted_at=now())
        .on_conflict_do_nothing()
        .returning(ConfidentialityAcceptance.id)
    )
    if added.one_or_none() is not None:
        audit.record(
            "accounts.confidentiality_accepted",
            subject=("account", account_id),
            facts={"version": version, "language": language},
        )


def has_accepted(account_id: UUID) -> bool:
    """Say whether the account accepted the text in force."""
    wanted = select(ConfidentialityAcceptance.id).where(
        ConfidentialityAcceptance.account_id == account_id,
        ConfidentialityAcceptance.text_version == current_policy().confidentiality.version,
    )
    return session.scalar(wanted) is not None
