"""Inviting somebody to sign in, by a link or a printed code, and accepting that by choosing a password."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select, update

from portal.accounts.actors import holder_of
from portal.accounts.invitations.links import LASTS, address_of, end_links, find_code, find_link, make_link, use_link
from portal.accounts.models import Account, LinkKind, Membership, SignInLink
from portal.accounts.passwords.resets import tell_password_changed
from portal.accounts.passwords.services import set_password
from portal.accounts.queries import get_found
from portal.accounts.sessions.services import end_sessions
from portal.core import audit, mail
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, last_day_of, record_ending
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import LANGUAGES
from portal.permissions import Role
from portal.schools.queries import current_school


def add_account(
    name: str,
    *,
    roles: frozenset[Role],
    by: Actor,
    email: str | None = None,
    sign_in_number: str | None = None,
    language: str | None = None,
    until: date | None = None,
) -> Account:
    """Add an account without a password, with roles from today, perhaps until a day; who may is the caller's care."""
    account = Account(
        id=new_id(), name=name, email=email, sign_in_number=sign_in_number, language=language, password_hash=None
    )
    session.add(account)
    session.flush()
    give_roles(account, roles, until=until)
    audit.record(
        "accounts.added",
        subject=("account", account.id),
        facts={"roles": sorted(role.value for role in roles)},
        by=by,
    )
    return account


def give_roles(account: Account, roles: frozenset[Role], *, until: date | None = None) -> None:
    """Give an account these roles from today."""
    session.add_all(
        Membership(account_id=account.id, role=role, starts_on=today(), ends_on=until)
        for role in sorted(roles, key=lambda role: role.value)
    )
    session.flush()


def keep_role_until(account: Account, role: Role, until: date | None) -> None:
    """Let an account have a role until this day, from today where it hasn't yet; None ends it as from today."""
    own = (Membership.school_id == current_school_id(), Membership.account_id == account.id, Membership.role == role)
    is_open = Membership.lasts_until(today())
    if until is None:
        ending = session.scalars(select(Membership).where(*own, is_open).with_for_update()).all()
        record_ending(Ending.ROLE, *(each.id for each in ending))
        end_memberships(ending)
        return
    kept = session.scalars(update(Membership).where(*own, is_open).values(ends_on=until).returning(Membership.id)).all()
    record_ending(Ending.ROLE_LAST_DAY, *kept, *(last_day_of(each, until) for each in kept))
    if not kept:
        give_roles(account, frozenset({role}), until=until)


def end_memberships(rows: Sequence[Membership]) -> None:
    """Let these roles open nothing from today on. One that began today leaves no trace, but where she had no other.

    Her last one stays, as of yesterday: by it she is listed among who left, and her term counts from that day.
    """
    yesterday = today() - timedelta(days=1)
    for row in rows:
        if row.starts_on > yesterday and _had_another(row):
            session.delete(row)
        else:
            row.starts_on, row.ends_on = min(row.starts_on, yesterday), yesterday
        session.flush()


def _had_another(membership: Membership) -> bool:
    others = select(Membership.id).where(
        Membership.school_id == current_school_id(),
        Membership.account_id == membership.account_id,
        Membership.id != membership.id,
    )
    return session.scalar(others.limit(1)) is not None


def send_invitation(account: Account, *, by: Actor) -> None:
    """Send a link by which the account's password is chosen; the link before it is worth nothing any more."""
    if account.email is None:
        raise NotFound("email")
    token = make_link(account, LinkKind.INVITATION)
    mail.send(
        account.email,
        "accounts/invitation",
        account_id=account.id,
        language=account.language,
        name=account.name,
        school=current_school().name,
        link=address_of(f"/uitnodiging/{token}"),
        days=LASTS[LinkKind.INVITATION].days,
    )
    audit.record("accounts.invited", subject=("account", account.id), by=by)


def find_invitation(token: str) -> Account | None:
    """Return who is invited by this link, or None where it is no longer good."""
    link = find_link(token, LinkKind.INVITATION)
    return link.account if link is not None else None


def accept_invitation(token: str, password: str, language: str) -> Account:
    """Choose password and language by an invitation; raises NotFound for a link that is no longer good, or Invalid."""
    return _accept(find_link(token, LinkKind.INVITATION), password, language)


def accept_code(number: str, code: str, password: str, language: str) -> Account:
    """Choose password and language by a number and a printed code; raises NotFound where they don't belong together."""
    return _accept(find_code(number, code), password, language)


def _accept(link: SignInLink | None, password: str, language: str) -> Account:
    if link is None:
        raise NotFound("link")
    account = link.account
    by = holder_of(account)
    had_password = account.password_hash is not None
    set_password(account, password, is_staff=get_found(account).is_staff, by=by)
    if not use_link(link):
        raise NotFound("link")
    end_links(account.id)
    end_sessions(account)
    if had_password:
        tell_password_changed(account)
    account.language = language if language in LANGUAGES else None
    session.flush()
    audit.record("accounts.invitation_accepted", subject=("account", account.id), by=by)
    return account
