"""The way out that stands in each mail of the day: an account's id with a keyed digest of it, which never expires."""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from portal.core.crypto import keys

_PURPOSE = "daily mail off"
_ID = 16
_LENGTH = 64
"""The characters of an id and a digest of 32 bytes, in base64."""


def make_token(account_id: UUID) -> str:
    """Return what lets whoever has it switch off this account's mail of the day, and nothing else."""
    return urlsafe_b64encode(account_id.bytes + keys.digest(str(account_id), _PURPOSE)).decode()


def read_token(token: str) -> UUID | None:
    """Return whose mail it switches off; None for one that this school didn't make."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        account_id = UUID(bytes=urlsafe_b64decode(token)[:_ID])
    except (binascii.Error, ValueError):
        return None
    return account_id if hmac.compare_digest(make_token(account_id), token) else None
