"""The two ceremonies of WebAuthn: what a browser is asked, and whether its answer is right.

Nothing is stored here. Who made the device isn't asked, so no attestation is kept or trusted.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.core.errors import Invalid

SECONDS = 300
"""How long a challenge is good."""
_MOST_ID = 1023
T = TypeVar("T")


@dataclass(frozen=True)
class RelyingParty:
    """Where a passkey works: the host by which browser and device know this school, and the origin of its pages."""

    host: str
    name: str
    origin: str


@dataclass(frozen=True)
class NewKey:
    """What a device made: the id by which it knows the passkey, the public key, and what it has counted."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def creation_options(
    party: RelyingParty, challenge: bytes, *, handle: bytes, name: str, full_name: str, known: Iterable[bytes]
) -> dict[str, Any]:
    """Return what a browser is asked to make a passkey: kept on the device, behind its lock, not a second one there.

    `handle` is by what the device knows the account; it says nothing to whoever reads it there.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=handle,
        user_name=name,
        user_display_name=full_name,
        challenge=challenge,
        timeout=SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json_dict(options)


def request_options(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """Return what a browser is asked to sign in by: whichever passkey of this host, behind the device's lock."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=SECONDS * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def check_creation(answer: str, party: RelyingParty, challenge: bytes) -> NewKey:
    """Return the passkey that was made; raises Invalid("answer", "not_accepted") for any other answer."""
    return _or_refuse(lambda: _check_creation(answer, party, challenge))


def credential_id_of(answer: str) -> bytes:
    """Return by which passkey an answer says that it was given; raises Invalid("answer", "not_accepted")."""
    return _or_refuse(lambda: bytes(_parse_request(answer).raw_id))


def check_request(
    answer: str, party: RelyingParty, challenge: bytes, *, public_key: bytes, handle: bytes, wants_handle: bool
) -> int:
    """Return what the device counted, where it signed this challenge for this host and its user unlocked it.

    `handle` is that of the passkey's account, which the device gives back; with `wants_handle` it must. What it counted
    is for the caller to compare. Raises Invalid("answer", "not_accepted") for any other answer.
    """
    return _or_refuse(
        lambda: _check_request(
            answer, party, challenge, public_key=public_key, handle=handle, wants_handle=wants_handle
        )
    )


def _or_refuse(check: Callable[[], T]) -> T:
    """Do a check of what anybody may send; whatever goes wrong in reading it, it is refused in the same words."""
    try:
        return check()
    except Exception:  # noqa: BLE001 - it reads bytes of strangers, and what is odd there isn't our fault
        raise Invalid("answer", "not_accepted") from None


def _parse_request(answer: str) -> Any:
    from webauthn.helpers import parse_authentication_credential_json

    return parse_authentication_credential_json(answer)


def _check_creation(answer: str, party: RelyingParty, challenge: bytes) -> NewKey:
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_attestation_object, parse_registration_credential_json
    from webauthn.helpers.structs import AttestationFormat

    credential = parse_registration_credential_json(answer)
    _must_stand_alone(credential.response.client_data_json)
    told = parse_attestation_object(credential.response.attestation_object)
    if told.fmt not in {AttestationFormat.NONE, AttestationFormat.PACKED}:
        raise ValueError("no attestation was asked for")
    made = verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=party.host,
        expected_origin=party.origin,
        require_user_verification=True,
    )
    if made.credential_id != credential.raw_id or len(made.credential_id) > _MOST_ID:
        raise ValueError("another id than the device's")
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def _check_request(
    answer: str, party: RelyingParty, challenge: bytes, *, public_key: bytes, handle: bytes, wants_handle: bool
) -> int:
    from webauthn import verify_authentication_response

    credential = _parse_request(answer)
    _must_stand_alone(credential.response.client_data_json)
    given = credential.response.user_handle
    if given != handle and (given or wants_handle):
        raise ValueError("a passkey of another account")
    checked = verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=party.host,
        expected_origin=party.origin,
        credential_public_key=public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    return checked.new_sign_count


def _must_stand_alone(client_data: bytes) -> None:
    """Refuse an answer from a page that stood within a page of another origin."""
    said = json.loads(client_data)
    if said.get("crossOrigin") or said.get("topOrigin"):
        raise ValueError("asked within another page")
