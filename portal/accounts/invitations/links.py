"""Links by e-mail and printed codes: random, kept as a digest, good for one use and until their hour."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, LinkKind, SignInLink
from portal.accounts.sessions.services import digest_of, new_token
from portal.config import settings
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.schools.queries import list_hosts

LASTS = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.PASSWORD_RESET: timedelta(hours=1),
    LinkKind.NEW_EMAIL: timedelta(hours=24),
    LinkKind.FIRST_CODE: timedelta(days=14),
    LinkKind.SECOND_STEP: timedelta(minutes=10),
}
_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
_CODE_LENGTH = 12


def make_link(account: Account, kind: LinkKind, *, new_email: str | None = None) -> str:
    """Make a link for an account and return its token, shown nowhere else; open ones of its kind end.

    Not so for the way to the second step: she may be signing in on two machines.
    """
    if kind is not LinkKind.SECOND_STEP:
        end_links(account.id, kind)
    token = new_token()
    _add(account, kind, digest_of(token), new_email=new_email)
    return token


def make_code(account: Account) -> str:
    """Make a one-time code for an account that has a number to sign in with; return it, to be printed once.

    It is kept as a digest under the school's key, which is not in the database (ASVS 6.5.2).
    """
    end_links(account.id, LinkKind.FIRST_CODE)
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    _add(account, LinkKind.FIRST_CODE, _code_digest(account.sign_in_number or "", code))
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def _add(account: Account, kind: LinkKind, digest: bytes, *, new_email: str | None = None) -> None:
    moment = now()
    session.add(
        SignInLink(
            account_id=account.id,
            kind=kind,
            token_digest=digest,
            new_email=new_email,
            made_at=moment,
            expires_at=moment + LASTS[kind],
        )
    )
    session.flush()


def _code_digest(number: str, code: str) -> bytes:
    plain = "".join(letter for letter in latin_digits(code).upper() if letter.isalnum())
    return keys.digest(f"{latin_digits(number).strip().lower()} {plain}", "first code")


def find_link(token: str, *kinds: LinkKind) -> SignInLink | None:
    """Return the link with this token if it is of these kinds and still good, with its account; None otherwise."""
    return _find(digest_of(token), *kinds)


def find_code(number: str, code: str) -> SignInLink | None:
    """Return what a number and a printed code stand for, if still good, with its account; None otherwise."""
    return _find(_code_digest(number, code), LinkKind.FIRST_CODE)


def _find(digest: bytes, *kinds: LinkKind) -> SignInLink | None:
    wanted = (
        select(SignInLink)
        .join(SignInLink.account)
        .options(joinedload(SignInLink.account))
        .where(
            SignInLink.token_digest == digest,
            SignInLink.kind.in_(kinds),
            SignInLink.is_usable(now()),
            Account.is_in_force,
        )
    )
    return session.scalars(wanted).one_or_none()


def use_link(link: SignInLink) -> bool:
    """Use a link up, in one statement, so that of two at once only one succeeds; say whether this one did."""
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.school_id == current_school_id(), SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=now())
        .returning(SignInLink.id)
    )
    return used.one_or_none() is not None


def end_links(account_id: UUID, *kinds: LinkKind) -> None:
    """Make the open links of these kinds worthless; of all kinds when none is named."""
    session.execute(
        update(SignInLink)
        .where(
            SignInLink.school_id == current_school_id(),
            SignInLink.account_id == account_id,
            SignInLink.kind.in_(kinds or tuple(LinkKind)),
            SignInLink.used_at.is_(None),
        )
        .values(used_at=now())
    )


def address_of(path: str) -> str:
    """Return the whole address of a path at the school's first host, as mails and printed pages give it."""
    given = settings()
    hosts = list_hosts()
    host = hosts[0].host if hosts else "localhost"
    port = f":{given.external_port}" if given.external_port else ""
    return f"{given.external_scheme}://{host}{port}{path}"
