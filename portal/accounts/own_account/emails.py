"""Another e-mail address for an account: it counts once its link is opened, and the old address is told."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from portal.accounts.actors import holder_of
from portal.accounts.invitations.links import address_of, end_links, find_link, make_link, use_link
from portal.accounts.models import Account, LinkKind
from portal.accounts.queries import find_by_email
from portal.core import audit, mail
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.schools.queries import current_school


def clean_email(email: str, *, field: str = "email") -> str:
    """Return an e-mail address as accounts keep it, in small letters; raises Invalid(field, "not_an_email")."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid(field, "not_an_email") from None
    return found.normalized.lower()


def ask_new_email(account: Account, email: str) -> None:
    """Send a link to the new address. Where another account has it nothing is sent, and nothing shows that."""
    wanted = clean_email(email)
    if wanted == account.email:
        raise Invalid("email", "same_email")
    token = make_link(account, LinkKind.NEW_EMAIL, new_email=wanted)
    audit.record("accounts.new_email_asked", subject=("account", account.id))
    if find_by_email(wanted) is None:
        mail.send(
            wanted,
            "accounts/new_email",
            account_id=account.id,
            language=account.language,
            name=account.name,
            school=current_school().name,
            link=address_of(f"/nieuw-adres/{token}"),
        )


def find_new_email(token: str) -> str | None:
    """Return the address that this link confirms, or None where it is no longer good."""
    link = find_link(token, LinkKind.NEW_EMAIL)
    return link.new_email if link is not None else None


def confirm_new_email(token: str) -> Account:
    """Let the new address count and tell the old one; raises NotFound for a link that is no longer good."""
    link = find_link(token, LinkKind.NEW_EMAIL)
    if link is None or link.new_email is None or find_by_email(link.new_email) is not None or not use_link(link):
        raise NotFound("link")
    account, old = link.account, link.account.email
    account.email = link.new_email
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:  # somebody else confirmed the same address at this moment
        raise NotFound("link") from None
    record_ending(Ending.EMAIL, account.id)
    end_links(account.id, LinkKind.PASSWORD_RESET, LinkKind.INVITATION)
    audit.record(
        "accounts.email_changed",
        subject=("account", account.id),
        by=holder_of(account),
    )
    if old is not None:
        mail.send(
            old,
            "accounts/email_changed",
            account_id=account.id,
            language=account.language,
            name=account.name,
            school=current_school().name,
        )
    return account
