"""The confidentiality duty: staff accept it before the first learner's record opens; what and when is kept (LB-07)."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.models import ConfidentialityAcceptance
from portal.core import audit
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.policy.queries import current_policy, must_be_in_force


def accept_duty(by: Actor, *, statement: str | None, language: str | None) -> None:
    """Record that the holder of an account accepts the duty as it was shown; safe to repeat.

    `statement` (the id of the policy's version) and `language` are what the page showed. Raises
    Conflict("another_text") where another text is in force by now.
    """
    must_be_in_force(statement)
    duty = current_policy().confidentiality
    version = duty.version
    if duty.text.in_language(language or "").language != language:
        raise Conflict("another_text")
    added = session.execute(
        insert(ConfidentialityAcceptance)
        .values(account_id=by.account_id, text_version=version, language=language, accepted_at=now())
        .on_conflict_do_nothing()
        .returning(ConfidentialityAcceptance.id)
    )
    if added.one_or_none() is not None and by.account_id is not None:
        audit.record(
            "accounts.confidentiality_accepted",
            subject=("account", by.account_id),
            facts={"version": version, "language": language},
        )


def has_accepted(by: Actor) -> bool:
    """Say whether the holder of an account accepted the text in force."""
    wanted = select(ConfidentialityAcceptance.id).where(
        ConfidentialityAcceptance.account_id == by.account_id,
        ConfidentialityAcceptance.text_version == current_policy().confidentiality.version,
    )
    return session.scalar(wanted) is not None
