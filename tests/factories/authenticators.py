"""A phone or laptop that makes and uses passkeys: in software, with real keys and real signatures."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from portal.accounts.passkeys.ceremonies import RelyingParty
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.services import add_passkey, creation_options
from portal.core.http.access import Actor
from tests.seed import SCHOOLS

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


def party(at: int = 0) -> RelyingParty:
    """Return a school's host as a browser knows it, in a test."""
    seed = SCHOOLS[at]
    return RelyingParty(host=seed.host, name=seed.name, origin=f"https://{seed.host}")


def encoded(content: bytes) -> str:
    """Return bytes as they stand in an answer."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes that stand in what the browser is asked."""
    return urlsafe_b64decode(text + "==")


class Authenticator:
    """One device with one passkey. What it says of the page, and whether it was unlocked, can be told it."""

    def __init__(self, at: RelyingParty | None = None, *, counts: bool = True) -> None:
        """Belong to a host, the first school's unless said otherwise; `counts`: how often it was used."""
        self.at = at or party()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.handle = b""
        self.counts, self.count = counts, 0

    def make(self, options: dict[str, Any], **told: Any) -> str:
        """Make the passkey, and return what the browser sends of it."""
        self.handle = decoded(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        held = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + key
        data = self._data(_HAS_KEY, told) + held
        attestation = cbor2.dumps({"fmt": told.get("fmt", "none"), "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options, told)
        return self._answer({"clientDataJSON": encoded(client_data), "attestationObject": encoded(attestation)})

    def sign(self, options: dict[str, Any], **told: Any) -> str:
        """Sign a challenge, and return what the browser sends of it."""
        self.count += 1 if self.counts else 0
        data, client_data = self._data(0, told), self._client_data("webauthn.get", options, told)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client_data),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
        }
        handle = told.get("handle", self.handle)
        return self._answer(response | ({"userHandle": encoded(handle)} if handle else {}))

    def _data(self, flags: int, told: dict[str, Any]) -> bytes:
        flags |= _PRESENT | (_VERIFIED if told.get("is_unlocked", True) else 0)
        host = told.get("host", self.at.host)
        return sha256(host.encode()).digest() + bytes([flags]) + int(told.get("count", self.count)).to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any], told: dict[str, Any]) -> bytes:
        said = {
            "type": told.get("type", kind),
            "challenge": options["challenge"],
            "origin": told.get("origin", self.at.origin),
            "crossOrigin": told.get("is_within_another", False),
        }
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = encoded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def make_passkey(by: Actor, device: Authenticator | None = None, *, name: str = "Mijn telefoon") -> Passkey:
    """Give an account a passkey, on this device or another."""
    device = device or Authenticator()
    challenge = secrets.token_bytes(32)
    options = creation_options(device.at, challenge, by=by)
    return add_passkey(name, device.make(options), device.at, challenge, by=by)
