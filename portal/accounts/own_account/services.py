"""What an account prefers: its language."""

from portal.accounts.queries import get_account
from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import LANGUAGES


def choose_language(language: str, *, by: Actor) -> None:
    """Keep the language of the own account; raises Invalid for one that the portal doesn't have."""
    if language not in LANGUAGES:
        raise Invalid("language", "unknown_language")
    if by.account_id is None:
        raise NotFound("account")
    account = get_account(by.account_id, by.scope)
    if account.language != language:
        account.language = language
        session.flush()
        audit.record("accounts.language_chosen", subject=("account", account.id), facts={"language": language})
