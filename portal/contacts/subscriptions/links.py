"""The links in mails to many: a person's id and a purpose with a keyed digest of both, which never expires."""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.core.crypto import keys

_LENGTH = 68
_ID = 16
_SIGNS = {NEWSLETTER: b"n", SERVICE_NEWS: b"s"}
_PURPOSES = {sign: purpose for purpose, sign in _SIGNS.items()}


@dataclass(frozen=True)
class Target:
    """Whose link it is, and for which purpose."""

    person_id: UUID
    purpose: str


def make_news_token(person_id: UUID, purpose: str, use: str = "stop", *, address: str = "") -> str:
    """Return what lets whoever has it do this one thing for a person and a purpose: `stop` or `confirm`.

    The one for `confirm` is good for the address alone to which it is mailed.
    """
    told = f"{use} {purpose} {person_id} {address}".rstrip()
    return urlsafe_b64encode(_SIGNS[purpose] + person_id.bytes + keys.digest(told, "news link")).decode()


def read_news_token(
    token: str, use: str = "stop", *, find_address: Callable[[UUID], str | None] | None = None
) -> Target | None:
    """Return whose link it is; None for one that this school didn't make for this use, or for another address."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        blob = urlsafe_b64decode(token)
        target = Target(UUID(bytes=blob[1 : 1 + _ID]), _PURPOSES[blob[:1]])
    except (binascii.Error, ValueError, KeyError):
        return None
    address = (find_address(target.person_id) or "") if find_address is not None else ""
    made = make_news_token(target.person_id, target.purpose, use, address=address)
    return target if hmac.compare_digest(made.encode(), token.encode()) else None
