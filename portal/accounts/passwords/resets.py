"""A forgotten password: asking for a link, and choosing a new one by it. It never passes by the second step."""

import base64

from portal.accounts.actors import holder_of
from portal.accounts.invitations.links import address_of, end_links, find_link, make_link, use_link
from portal.accounts.models import Account, LinkKind
from portal.accounts.passkeys.queries import count_passkeys
from portal.accounts.passwords.services import set_password
from portal.accounts.queries import find_by_name, get_found
from portal.accounts.sessions.services import end_sessions
from portal.core import audit, mail
from portal.core.crypto import keys
from portal.core.errors import NotFound
from portal.core.jobs import ask
from portal.schools.queries import current_school

_PURPOSE = "accounts.reset"


def ask_reset(name: str) -> None:
    """Ask for a link to choose a new password. The same is done whether or not there is such an account."""
    sealed = keys.seal_for_school(name.strip()[:254], _PURPOSE)
    asked = ask("accounts.send_reset", {"name": base64.b64encode(sealed).decode()})
    audit.record("accounts.reset_asked", subject=("job", asked.id))


def send_reset(sealed_name: str) -> None:
    """Send the link that was asked for, if there is an account with that name and an address."""
    found = find_by_name(keys.unseal_for_school(base64.b64decode(sealed_name), _PURPOSE))
    if found is None or found.account.email is None or not found.roles:
        return
    token = make_link(found.account, LinkKind.PASSWORD_RESET)
    audit.record("accounts.reset_sent", subject=("account", found.account.id))
    mail.send(
        found.account.email,
        "accounts/password_reset",
        account_id=found.account.id,
        language=found.account.language,
        name=found.account.name,
        school=current_school().name,
        link=address_of(f"/wachtwoord/{token}"),
    )


def find_reset(token: str) -> Account | None:
    """Return whose password may be chosen by this link, or None where it is no longer good."""
    link = find_link(token, LinkKind.PASSWORD_RESET)
    return link.account if link is not None else None


def reset_password(token: str, password: str) -> None:
    """Choose a new password by a link; every session ends. Raises NotFound for a link that is no longer good."""
    link = find_link(token, LinkKind.PASSWORD_RESET)
    if link is None:
        raise NotFound("link")
    account = link.account
    by = holder_of(account)
    set_password(account, password, is_staff=get_found(account).is_staff, by=by)
    if not use_link(link):
        raise NotFound("link")
    end_links(account.id)
    end_sessions(account)
    tell_password_changed(account)


def tell_password_changed(account: Account) -> None:
    """Tell the owner that the password was changed, so that she notices when it wasn't she."""
    if account.email is not None:
        mail.send(
            account.email,
            "accounts/password_changed",
            account_id=account.id,
            language=account.language,
            name=account.name,
            school=current_school().name,
            link=address_of("/wachtwoord-vergeten"),
            passkeys=count_passkeys(account),
        )
