"""Authenticated encryption, keys derived from keys, codes over rows, and what can go wrong with them."""

import hmac
import os
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
CODE_BYTES = 16
_VERSION = b"\x01"
_NONCE_BYTES = 12


class KeysError(Exception):
    """Something can't be sealed or opened; the text names no person and no value."""


class SchoolGone(KeysError):
    """The school left: its key was destroyed, and with it those of all its people."""


class KeyMissing(KeysError):
    """The store has no such key: the school was never added to it, or the wrong store is in use."""


class KeyDamaged(KeysError):
    """A row of the key store was altered, and no copy has it whole: `portal keys verify` says which."""


class WrongMasterKey(KeysError):
    """The keys of the schools were wrapped with another master key."""


class KeyDestroyed(KeysError):
    """The key was destroyed: what it sealed is gone for good. Show "verwijderd"."""

    def __init__(self, person_id: UUID, category: str) -> None:
        super().__init__(f"the key of person {person_id} for {category} was destroyed")


class CannotOpen(KeysError):
    """The blob was altered, or sealed under another key, for another person or for another field."""


def encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a key of 32 bytes, bound to what it belongs to: version, nonce, text and tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _VERSION + bound_to)


def decrypt(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    """Open what `encrypt` made; raises CannotOpen."""
    version, nonce, sealed = blob[:1], blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :]
    if version != _VERSION:
        raise CannotOpen("sealed in a way that this version doesn't know")
    try:
        return AESGCM(key).decrypt(nonce, sealed, version + bound_to)
    except InvalidTag:
        raise CannotOpen("altered, or sealed for something else") from None


def derive(key: bytes, purpose: str) -> bytes:
    """Return the key of 32 bytes that stands for one purpose of this key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"inzage " + purpose.encode()).derive(key)


def code_of(key: bytes, *parts: bytes) -> bytes:
    """Return a code of 16 bytes over these parts; the same bytes parted otherwise have another code."""
    body = b"".join(len(part).to_bytes(4) + part for part in parts)
    return hmac.digest(key, body, sha256)[:CODE_BYTES]
