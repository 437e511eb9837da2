"""Entering an e-mail address anew, after a restore: she is invited at it, as if she were new."""

from uuid import UUID

from portal.accounts.invitations.services import send_invitation
from portal.accounts.lost_addresses.queries import get_lost
from portal.accounts.own_account.emails import clean_email
from portal.accounts.queries import find_by_email, get_account
from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.permissions import Permission


def enter_address(account_id: UUID, email: str, *, by: Actor) -> None:
    """Let an account that lost its address have this one, and send a link there by which its password is chosen.

    Raises NotFound for any other account, and Invalid("email", …) for no address, or one that another account has.
    """
    lost = get_lost(account_id, by.scope)
    by.must(Permission.MEMBER_KEEP if lost.is_staff else Permission.LEARNER_INVITE)
    wanted = clean_email(email)
    if find_by_email(wanted) is not None:
        raise Invalid("email", "address_taken")
    account = get_account(account_id, by.scope)
    account.email, account.sign_in_number, account.address_lost_at = wanted, account.number_she_knows, None
    session.flush()
    audit.record("accounts.address_entered", subject=("account", account_id), by=by)
    send_invitation(account, by=by)
