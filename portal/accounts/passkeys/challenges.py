"""The challenge that a browser has in hand, in its cookie, and the host at which it asks.

One challenge at a time, for this school's host alone, for five minutes. That it is used once is up to who uses it.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import request
from flask import session as cookie

from portal.accounts.passkeys.ceremonies import SECONDS, RelyingParty
from portal.config import settings
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.schools.queries import current_school

_IN_COOKIE = "passkey"
_BYTES = 32


def relying_party() -> RelyingParty:
    """Return where a passkey works: the host of this request, over the scheme and at the port of the settings.

    The school was found by the host, and behind a proxy the scheme of a request says nothing of the browser's.
    """
    given, name = settings(), request.host.partition(":")[0].lower()
    port = f":{given.external_port}" if given.external_port else ""
    return RelyingParty(host=name, name=current_school().name, origin=f"{given.external_scheme}://{name}{port}")


def give_challenge() -> bytes:
    """Give this browser a new challenge, in place of any it had."""
    challenge = secrets.token_bytes(_BYTES)
    cookie[_IN_COOKIE] = {
        "challenge": urlsafe_b64encode(challenge).decode(),
        "host": relying_party().host,
        "until": int(now().timestamp()) + SECONDS,
    }
    return challenge


def challenge_in_hand() -> bytes:
    """Return this browser's challenge; raises Invalid("answer", "expired") where it has none, or had it too long."""
    held = cookie.get(_IN_COOKIE) or {}
    if held.get("host") != relying_party().host or held.get("until", 0) < now().timestamp():
        raise Invalid("answer", "expired")
    return urlsafe_b64decode(held["challenge"])
