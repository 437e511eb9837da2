"""What an account prefers: its language."""

from uuid import UUID

from portal.accounts.queries import get_account
from portal.core.database import session
from portal.core.errors import Invalid
from portal.core.i18n import LANGUAGES


def choose_language(account_id: UUID, language: str) -> None:
    """Keep the language of an account; raises Invalid for one that the portal doesn't have."""
    if language not in LANGUAGES:
        raise Invalid("language", "unknown_language")
    get_account(account_id).language = language
    session.flush()
