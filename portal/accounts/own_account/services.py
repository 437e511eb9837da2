"""What an account prefers: its language."""

from uuid import UUID

from portal.accounts.queries import get_account
from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.languages import LANGUAGES


def choose_language(account_id: UUID, language: str) -> None:
    """Keep the language of an account; raises Invalid for one that the portal doesn't have."""
    if language not in LANGUAGES:
        raise Invalid("language", "unknown_language")
    account = get_account(account_id)
    if account.language != language:
        account.language = language
        session.flush()
        audit.record("accounts.language_chosen", subject=("account", account_id), facts={"language": language})
