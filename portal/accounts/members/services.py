"""Who works at the school: inviting, changing roles, ending.

The last manager stays, and nobody widens her own role where somebody else can.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parseaddr
from uuid import UUID

from portal.accounts.invitations.links import end_links
from portal.accounts.invitations.services import add_account, give_roles, keep_role_until, send_invitation
from portal.accounts.models import Account
from portal.accounts.own_account.emails import clean_email
from portal.accounts.passkeys.services import remove_passkeys
from portal.accounts.queries import (
    STAFF_ROLES,
    Member,
    count_managers,
    find_by_email,
    find_by_emails,
    get_account,
    get_member,
    has_role,
)
from portal.accounts.second_factor.services import take_away
from portal.accounts.sessions.services import end_sessions
from portal.core import audit, mail
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.values import Unusable, parse_phone
from portal.permissions import Permission, Role
from portal.schools.queries import current_school

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Invited:
    """Somebody to invite: name and e-mail address, as they stood on a line."""

    name: str
    email: str


def take_list(count: int, form: str, *, by: Actor) -> None:
    """Write down that the list of who works at the school goes out as a file."""
    by.must(Permission.MEMBER_KEEP)
    audit.record("accounts.list_taken", facts={"count": count, "format": form}, by=by)


def read_people(text: str) -> list[Invited]:
    """Read a list of people, one a line: `Name <address>`, `Name; address`, `Name, address` or just the address.

    Raises Invalid("people", …) with the number of the first line that isn't understood, or has an address twice.
    """
    people: list[Invited] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        person = _read_line(line, number)
        if person.email in seen:
            raise Invalid("people", "twice", line=number)
        seen.add(person.email)
        people.append(person)
    if not people:
        raise Invalid("people", "required")
    if len(people) > MOST_AT_ONCE:
        raise Invalid("people", "too_many", most=MOST_AT_ONCE)
    return people


def _read_line(line: str, number: int) -> Invited:
    words = line.replace("\t", " ").replace(";", " ").replace(",", " ").replace("mailto:", "").split()
    addresses = [word for word in words if "@" in word]
    if len(addresses) != 1:
        raise Invalid("people", "line_without_address", line=number)
    try:
        email = clean_email(parseaddr(addresses[0])[1] or addresses[0].strip("<>()"))
    except Invalid:
        raise Invalid("people", "line_without_address", line=number) from None
    name = " ".join(word for word in words if "@" not in word).strip('"<> ')
    if len(name) > 200:
        raise Invalid("people", "line_too_long", line=number)
    return Invited(name or email.partition("@")[0], email)


def _check_roles(roles: frozenset[Role]) -> None:
    if not roles or not roles <= set(STAFF_ROLES):
        raise Invalid("roles", "required")


def invite_members(people: list[Invited], roles: frozenset[Role], *, by: Actor) -> list[Account]:
    """Invite people to work at the school in these roles; each gets a link by e-mail.

    Raises Invalid("people", "known") where one of the addresses has an account already, and stores nothing then.
    """
    by.must(Permission.MEMBER_KEEP)
    _check_roles(roles)
    known = find_by_emails(person.email for person in people)
    if known:
        raise Invalid("people", "known", email=sorted(known)[0])
    accounts = [add_account(person.name, email=person.email, roles=roles, by=by) for person in people]
    for account in accounts:
        send_invitation(account, by=by)
    return accounts


def invite_first_manager(name: str, email: str, *, by: Actor) -> Account:
    """Invite a new school's first manager; for the operator's shell."""
    cleaned = clean_email(email)
    if find_by_email(cleaned) is not None:
        raise Conflict("email_known")
    account = add_account(name, email=cleaned, roles=frozenset({Role.MANAGEMENT}), by=by)
    send_invitation(account, by=by)
    return account


def invite_again(account_id: UUID, *, by: Actor) -> None:
    """Send a new link to a member who has not chosen a password yet; raises Conflict for one who has."""
    by.must(Permission.MEMBER_KEEP)
    member = get_member(account_id, by.scope)
    if member.has_password or member.ended_at is not None:
        raise Conflict("already_in")
    send_invitation(get_account(account_id, by.scope), by=by)


def is_alone_in_charge(member: Member) -> bool:
    """Say whether a member is the one manager: in a school of one person nobody else can give her a role."""
    return Role.MANAGEMENT in member.roles and count_managers(but=member) == 0


def change_roles(account_id: UUID, roles: frozenset[Role], *, by: Actor) -> None:
    """Give a member exactly these roles from today.

    Raises Invalid("roles", …) for none, for a wider role of one's own where another manager can give it, and where no
    manager would be left; Conflict for an account that has ended.
    """
    by.must(Permission.MEMBER_KEEP)
    _check_roles(roles)
    member = get_member(account_id, by.scope)
    if member.ended_at is not None:
        raise Conflict("ended")
    before = set(member.roles)
    if account_id == by.account_id and not roles <= before and not is_alone_in_charge(member):
        raise Invalid("roles", "own_role")
    if Role.MANAGEMENT not in roles and is_alone_in_charge(member):
        raise Invalid("roles", "last_manager")
    account = get_account(account_id, by.scope)
    _give_exactly(account, roles, before=before)
    if before != roles:
        audit.record(
            "accounts.roles_changed",
            subject=("account", account_id),
            facts={"before": sorted(before), "after": sorted(roles)},
            by=by,
        )


def offer_help(account_id: UUID, *, helps_with: str | None, help_phone: str | None, by: Actor) -> None:
    """Say on the page *Hulp* what a member can be asked about, and by which phone; nothing takes her off it.

    Raises Invalid("help_phone", …) for what is no phone number, and NotFound.
    """
    by.must(Permission.MEMBER_KEEP)
    get_member(account_id, by.scope)
    account = get_account(account_id, by.scope)
    try:
        phone = parse_phone(help_phone) if help_phone and helps_with else None
    except Unusable as refusal:
        raise Invalid("help_phone", refusal.code) from None
    account.helps_with, account.help_phone = helps_with or None, phone
    session.flush()
    audit.record("accounts.help_offered", subject=("account", account_id), facts={"offers": bool(helps_with)}, by=by)


def end_member(account_id: UUID, *, by: Actor) -> None:
    """End a member's account: every session and link ends at once. Raises Conflict("last_manager" or "own_account")."""
    by.must(Permission.MEMBER_KEEP)
    member = get_member(account_id, by.scope)
    if account_id == by.account_id:
        raise Conflict("own_account")
    if is_alone_in_charge(member):
        raise Conflict("last_manager")
    account = get_account(account_id, by.scope)
    account.ended_at = now()
    session.flush()
    record_ending(Ending.ACCOUNT, account_id)
    end_sessions(account)
    end_links(account_id)
    audit.record("accounts.ended", subject=("account", account_id), by=by)


def end_role(account_id: UUID, role: Role, *, last_day: date | None, by: Actor) -> date:
    """Let a role end after its last day, or at once (None); return the last day on which it opened something.

    Raises NotFound for who hasn't the role, Invalid("ends_on", …) for a day that is past, and Invalid("roles",
    "last_manager") where no manager would be left.
    """
    by.must(Permission.MEMBER_KEEP)
    account = get_account(account_id, by.scope)
    if account.ended_at is not None or not has_role(account_id, role, by.scope):
        raise NotFound("role")
    if last_day is not None and last_day < today():
        raise Invalid("ends_on", "day_past")
    if role is Role.MANAGEMENT and count_managers(but=get_member(account_id, by.scope)) == 0:
        raise Invalid("roles", "last_manager")
    keep_role_until(account, role, last_day)
    ended_on = last_day or today() - timedelta(days=1)
    facts = {"role": role, "last_day": ended_on.isoformat()}
    audit.record("accounts.role_ended", subject=("account", account_id), facts=facts, by=by)
    return ended_on


def _give_exactly(account: Account, roles: frozenset[Role], *, before: Collection[Role]) -> None:
    give_roles(account, roles - set(before))
    for role in set(before) - roles:
        keep_role_until(account, role, None)


def let_member_return(account_id: UUID, roles: frozenset[Role], *, by: Actor) -> None:
    """Invite who worked here before anew, in these roles and no others.

    Her mailbox may be a successor's by now: password, second step, passkeys and former roles are worth nothing.
    Raises Conflict("not_ended") for an account in use, Invalid("roles", …) for none, and where another account has
    her address by now.
    """
    by.must(Permission.MEMBER_KEEP)
    _check_roles(roles)
    member = get_member(account_id, by.scope)
    if member.ended_at is None:
        raise Conflict("not_ended")
    if member.email is None or find_by_email(member.email) is not None:
        raise Invalid("roles", "address_taken", email=member.email or "")
    account = get_account(account_id, by.scope)
    account.ended_at = account.password_hash = account.password_changed_at = None
    if member.has_second_factor:
        remove_passkeys(account, by=by)
        take_away(account, by=by)
    _give_exactly(account, roles, before=member.roles)
    audit.record("accounts.reopened", subject=("account", account_id), facts={"roles": sorted(roles)}, by=by)
    send_invitation(account, by=by)


def sign_member_out(account_id: UUID, *, by: Actor) -> int:
    """End every session of a member; return how many there were (ASVS 7.4.5)."""
    by.must(Permission.MEMBER_KEEP)
    get_member(account_id, by.scope)
    return end_sessions(get_account(account_id, by.scope))


def forget_second_factor(account_id: UUID, *, by: Actor) -> None:
    """Turn off the second step of a member who lost her phone, passkeys too; end her sessions, and tell her by mail.

    The management makes sure that it is she who asks (ASVS 6.4.4). Raises Conflict for one's own.
    """
    by.must(Permission.MEMBER_KEEP)
    get_member(account_id, by.scope)
    if account_id == by.account_id:
        raise Conflict("own_account")
    account = get_account(account_id, by.scope)
    remove_passkeys(account, by=by)
    take_away(account, by=by)
    end_sessions(account)
    if account.email is not None:
        mail.send(
            account.email,
            "accounts/second_factor_taken_away",
            account_id=account.id,
            language=account.language,
            name=account.name,
            school=current_school().name,
        )
