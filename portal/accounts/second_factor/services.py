"""The second step: codes from an app by time (TOTP), each good once, and recovery codes.

A recovery code stands in for the app, or for a passkey where that is the second step.
"""

import base64
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update

from portal.accounts.actors import holder_of
from portal.accounts.models import Account, RecoveryCode
from portal.accounts.passkeys.queries import count_passkeys
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.schools.queries import current_school

STEP_SECONDS = 30
RECOVERY_CODES = 10
_PURPOSE = "account.totp_secret"
_OFFER = "accounts.totp_offer"
_OFFER_LASTS = timedelta(hours=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10


def seal_secret(secret: str) -> bytes:
    """Seal the secret of an app under the school's key, as the account keeps it."""
    return keys.seal_for_school(secret, _PURPOSE)


def offer_secret(account: Account) -> str:
    """Return a new secret for this account, sealed: the page shows it and sends it back to be confirmed."""
    text = f"{account.id} {int(now().timestamp())} {pyotp.random_base32()}"
    return base64.urlsafe_b64encode(keys.seal_for_school(text, _OFFER)).decode()


def open_offer(account: Account, offer: str) -> str:
    """Return the secret that was offered to this account in the last hour; raises Invalid("offer", "expired")."""
    try:
        text = keys.unseal_for_school(base64.urlsafe_b64decode(offer), _OFFER)
    except (ValueError, keys.KeysError):
        raise Invalid("offer", "expired") from None
    owner, made, secret = text.split(" ")
    if owner != str(account.id) or now().timestamp() - int(made) > _OFFER_LASTS.total_seconds():
        raise Invalid("offer", "expired")
    return secret


def address_for_app(account: Account, secret: str) -> str:
    """Return the otpauth address that an app reads from a QR code."""
    named = account.email or account.sign_in_number or account.name
    return pyotp.TOTP(secret).provisioning_uri(name=named, issuer_name=current_school().name)


def set_up(account: Account, offer: str, code: str) -> list[str]:
    """Turn the second step on with the app that shows `code`; return new recovery codes, to be shown once.

    Raises Invalid for an offer that has expired and for a code that isn't right.
    """
    secret = open_offer(account, offer)
    step = _matching_step(secret, code)
    if step is None:
        raise Invalid("code", "wrong_code")
    if account.totp_secret is not None:
        record_ending(Ending.SECOND_FACTOR, account.id)  # the app before this one opens nothing after a restore
    account.totp_secret = seal_secret(secret)
    account.totp_since = now()
    account.totp_last_step = step
    session.flush()
    audit.record("accounts.second_factor_set", subject=("account", account.id))
    return renew_recovery_codes(account)


def take_away(account: Account, *, by: Actor) -> None:
    """Turn the codes of an app off: by their owner, or by the management where the phone is lost.

    Recovery codes go with them, unless there are passkeys for which they stand in too.
    """
    account.totp_secret = None
    account.totp_since = None
    account.totp_last_step = None
    session.flush()
    if not count_passkeys(account):
        drop_recovery_codes(account)
    record_ending(Ending.SECOND_FACTOR, account.id)
    audit.record("accounts.second_factor_taken_away", subject=("account", account.id), by=by)


def _matching_step(secret: str, code: str) -> int | None:
    """Return the step of time to which a code belongs: now, or one before for a slow hand or clock; None for none."""
    digits = "".join(sign for sign in latin_digits(code) if sign.isdecimal())
    step = int(now().timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    matching = [at for at in (step, step - 1, step + 1) if hmac.compare_digest(app.generate_otp(at), digits)]
    return matching[0] if matching else None


def accept_code(account: Account, code: str) -> bool:
    """Say whether a code of the app, or a recovery code, is right; either works once."""
    if account.totp_secret is None:
        return _take_recovery_code(account, code)
    step = _matching_step(keys.unseal_for_school(account.totp_secret, _PURPOSE), code)
    if step is not None:
        return _take_step(account, step)
    return _take_recovery_code(account, code)


def _take_step(account: Account, step: int) -> bool:
    """Note the step as used, in one statement: a code that was seen over a shoulder is worth nothing."""
    taken = session.execute(
        update(Account)
        .where(
            Account.school_id == current_school_id(),
            Account.id == account.id,
            func.coalesce(Account.totp_last_step, -1) < step,
        )
        .values(totp_last_step=step)
        .returning(Account.id)
    )
    return taken.one_or_none() is not None


def _take_recovery_code(account: Account, code: str) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.school_id == current_school_id(),
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_digest == _digest(account.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    code_id = taken.scalar_one_or_none()
    if code_id is None:
        return False
    record_ending(Ending.RECOVERY_CODE, code_id)
    audit.record(
        "accounts.recovery_code_used",
        subject=("account", account.id),
        by=holder_of(account),
    )
    return True


def renew_recovery_codes(account: Account) -> list[str]:
    """Make ten new recovery codes in place of those before; they are shown once and kept as keyed digests."""
    drop_recovery_codes(account)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_digest=_digest(account.id, code)) for code in codes)
    session.flush()
    audit.record("accounts.recovery_codes_made", subject=("account", account.id))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def drop_recovery_codes(account: Account) -> None:
    """Let no recovery code of an account work any more."""
    dropped = delete(RecoveryCode).where(
        RecoveryCode.school_id == current_school_id(), RecoveryCode.account_id == account.id
    )
    record_ending(Ending.RECOVERY_CODE, *session.scalars(dropped.returning(RecoveryCode.id)))


def count_recovery_codes(account: Account) -> int:
    """Return how many recovery codes are left."""
    left = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def _digest(account_id: UUID, code: str) -> bytes:
    plain = "".join(sign for sign in latin_digits(code).lower() if sign.isalnum())
    return keys.digest(f"{account_id} {plain}", "recovery code")
