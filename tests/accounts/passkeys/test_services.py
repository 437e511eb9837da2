"""Passkeys: adding and removing them, and proving by one who one is, with a device that really signs."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.actors import holder_of
from portal.accounts.members.services import end_member, forget_second_factor, let_member_return
from portal.accounts.models import Account, RecoveryCode
from portal.accounts.passkeys.ceremonies import RelyingParty, request_options
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.queries import count_passkeys
from portal.accounts.passkeys.services import (
    MOST,
    PasskeyStopped,
    add_passkey,
    creation_options,
    handle_of,
    prove_by_passkey,
    remove_passkey,
    rename_passkey,
)
from portal.accounts.second_factor.services import accept_code, renew_recovery_codes, take_away
from portal.accounts.sessions.expiry import clear_old
from portal.accounts.sign_in.services import asks_second_step
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.learners.invitations.services import end_access, let_in_again
from portal.permissions import Role
from portal.schools.models import School
from tests.core.crypto.test_ledger import by
from tests.factories.accounts import give_second_factor, make_account
from tests.factories.authenticators import Authenticator, encoded, make_passkey, party
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
pytestmark = pytest.mark.usefixtures("school")


def proved(
    device: Authenticator, *, at: RelyingParty | None = None, only: Account | None = None, **told: Any
) -> Account:
    """Ask a device for an answer to a new challenge and return whom it proves."""
    challenge, where = secrets.token_bytes(32), at or device.at
    answer = device.sign(request_options(where, challenge), **told)
    return prove_by_passkey(answer, where, challenge, only=only)


def refused(check: Callable[[], Any]) -> str:
    """Return why something is refused."""
    with pytest.raises(Invalid) as caught:
        check()
    return caught.value.code


def events() -> list[str]:
    return list(session.scalars(select(AuditEvent.event)))


@pytest.mark.promise("LL-17", part="passkeys")
@pytest.mark.parametrize("counts", [True, False])
def test_a_device_that_made_a_passkey_proves_whose_it_is_again_and_again(counts: bool) -> None:
    noor, device = make_account(), Authenticator(counts=counts)
    row = make_passkey(holder_of(noor), device)
    assert row.last_used_at is None
    for _ in range(3):
        assert proved(device).id == noor.id
    session.refresh(row)
    assert (row.sign_count, row.last_used_at is not None) == (3 if counts else 0, True)
    assert "accounts.passkey_added" in events()


@pytest.mark.promise("LL-17", part="passkeys")
@pytest.mark.parametrize(
    "told",
    [
        {"is_unlocked": False},
        {"origin": "https://lest-best.example"},
        {"origin": "http://lest-best.localhost"},
        {"origin": "https://lest-best.localhost:8443"},
        {"host": "meester-in-nt2.localhost"},
        {"type": "webauthn.create"},
        {"is_within_another": True},
        {"handle": b"somebody else"},
        {"handle": b""},
    ],
    ids=str,
)
def test_an_answer_that_isnt_right_in_one_thing_proves_nothing(told: dict[str, Any]) -> None:
    noor, device = make_account(), Authenticator()
    make_passkey(holder_of(noor), device)
    assert refused(lambda: proved(device, **told)) == "not_accepted"
    assert proved(device).id == noor.id


def test_another_key_under_the_same_id_proves_nothing() -> None:
    device, forged = Authenticator(), Authenticator()
    make_passkey(holder_of(make_account()), device)
    forged.credential_id, forged.handle = device.credential_id, device.handle
    assert refused(lambda: proved(forged)) == "not_accepted"


@pytest.mark.parametrize(
    "answer",
    ["", "x", "[]", "{}", "null", "[" * 9000, '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
     '{"id": 3}', "\0"],
)  # fmt: skip
def test_what_is_no_answer_at_all_is_refused_in_words(answer: str) -> None:
    noor = make_account()
    assert refused(lambda: prove_by_passkey(answer, party(), b"x" * 32)) == "not_accepted"
    assert refused(lambda: add_passkey("x", answer, party(), b"x" * 32, by=holder_of(noor))) == "not_accepted"


@pytest.mark.promise("LL-17", part="passkeys")
def test_the_same_answer_sent_again_is_worth_nothing() -> None:
    device, challenge = Authenticator(counts=False), secrets.token_bytes(32)
    make_passkey(holder_of(make_account()), device)
    answer = device.sign(request_options(party(), challenge))
    prove_by_passkey(answer, party(), challenge)
    assert refused(lambda: prove_by_passkey(answer, party(), challenge)) == "expired"
    assert refused(lambda: prove_by_passkey(answer, party(), secrets.token_bytes(32))) == "not_accepted"


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_passkey_that_counts_back_is_stopped_for_good() -> None:
    noor, device = make_account(), Authenticator()
    row = make_passkey(holder_of(noor), device)
    proved(device, count=7)
    with pytest.raises(PasskeyStopped):
        proved(device, count=7)
    with pytest.raises(PasskeyStopped):
        proved(device, count=99)
    session.refresh(row)
    assert row.stopped_at is not None
    assert events().count("accounts.passkey_stopped") == 1
    checkpoint()
    assert find_endings(Ending.PASSKEY, [row.id])


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_passkey_of_one_school_opens_nothing_at_another() -> None:
    noor, device = make_account(), Authenticator()
    make_passkey(holder_of(noor), device)
    checkpoint()
    with in_school(THERE):
        namesake = make_account()
        told = {"host": party(1).host, "origin": party(1).origin}
        assert refused(lambda: proved(device, at=party(1), **told)) == "not_accepted"
        assert handle_of(namesake) != device.handle
        assert refused(lambda: proved(device)) == "not_accepted"


def test_it_works_at_the_host_where_it_was_made() -> None:
    device = Authenticator()
    make_passkey(holder_of(make_account()), device)
    other = RelyingParty(host="portaal.example", name="Lest Best", origin="https://portaal.example")
    told = {"host": other.host, "origin": other.origin}
    assert refused(lambda: proved(device, at=other, **told)) == "not_accepted"


@pytest.mark.promise("LL-17", part="passkeys")
def test_one_that_was_removed_or_whose_account_ended_opens_nothing() -> None:
    noor, ended = make_account(), make_account(email="weg@example.org")
    device, other = Authenticator(), Authenticator()
    row = make_passkey(holder_of(noor), device)
    make_passkey(holder_of(ended), other)
    remove_passkey(row.id, by=holder_of(noor))
    end_member(ended.id, by=by("management"))
    assert refused(lambda: proved(device)) == "not_accepted"
    assert refused(lambda: proved(other)) == "not_accepted"
    checkpoint()
    assert find_endings(Ending.PASSKEY, [row.id])


def test_as_a_second_step_only_her_own_will_do() -> None:
    noor, other = make_account(), make_account(email="b@example.org")
    device = Authenticator()
    make_passkey(holder_of(noor), device)
    assert proved(device, only=noor, handle=b"").id == noor.id
    assert refused(lambda: proved(device, only=other)) == "not_accepted"


@pytest.mark.parametrize(
    "told",
    [
        {"is_unlocked": False},
        {"origin": "https://lest-best.example"},
        {"host": "example"},
        {"type": "webauthn.get"},
        {"fmt": "tpm"},
        {"fmt": "android-safetynet"},
        {"is_within_another": True},
    ],
    ids=str,
)
def test_a_passkey_isnt_kept_where_anything_about_it_is_wrong(told: dict[str, Any]) -> None:
    noor, challenge, device = make_account(), secrets.token_bytes(32), Authenticator()
    me = holder_of(noor)
    answer = device.make(creation_options(party(), challenge, by=me), **told)
    assert refused(lambda: add_passkey("x", answer, party(), challenge, by=me)) == "not_accepted"
    assert count_passkeys(noor) == 0


def test_the_same_passkey_is_kept_once_and_no_more_than_ten() -> None:
    noor, device, challenge = make_account(), Authenticator(), secrets.token_bytes(32)
    me = holder_of(noor)
    answer = device.make(creation_options(party(), challenge, by=me))
    row = add_passkey("x", answer, party(), challenge, by=me)
    assert refused(lambda: add_passkey("x", answer, party(), challenge, by=me)) == "expired"
    assert refused(lambda: make_passkey(me, device)) == "known"
    remove_passkey(row.id, by=me)
    assert refused(lambda: add_passkey("x", answer, party(), challenge, by=me)) == "expired"
    for _ in range(MOST):
        make_passkey(me)
    assert refused(lambda: make_passkey(me)) == "too_many"
    asked = creation_options(party(), challenge, by=me)
    assert len(asked["excludeCredentials"]) == MOST


def test_what_the_device_is_told_of_its_owner_says_nothing_elsewhere() -> None:
    noor = make_account()
    asked = creation_options(party(), b"x" * 32, by=holder_of(noor))
    assert asked["user"]["id"] not in (encoded(noor.id.bytes), encoded(str(noor.id).encode()))
    assert asked["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert (asked["rp"]["id"], asked["attestation"]) == (party().host, "none")
    assert request_options(party(), b"x")["allowCredentials"] == []


def test_somebody_elses_passkey_doesnt_exist() -> None:
    noor, other = make_account(), make_account(email="b@example.org")
    row = make_passkey(holder_of(noor))
    for me in (holder_of(other), by("management")):
        with pytest.raises(NotFound):
            remove_passkey(row.id, by=me)
        with pytest.raises(NotFound):
            rename_passkey(row.id, "van mij", by=me)
    rename_passkey(row.id, "werk", by=holder_of(noor))
    assert (row.label, "accounts.passkey_renamed" in events()) == ("werk", True)


@pytest.mark.promise("LL-17", part="passkeys")
def test_the_last_one_stays_where_the_school_asks_a_second_step() -> None:
    session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["teacher"]))
    checkpoint()
    with in_school(HERE):
        noor = make_account()
        me = holder_of(noor)
        first, second = make_passkey(me), make_passkey(me)
        remove_passkey(first.id, by=me)
        assert refused(lambda: remove_passkey(second.id, by=me)) == "last_factor"
        give_second_factor(noor)
        remove_passkey(second.id, by=me)
        assert count_passkeys(noor) == 0


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_password_alone_lets_no_member_of_staff_in_who_has_a_passkey() -> None:
    noor, amina = make_account(), make_account("Amina", "learner", email="amina@example.org")
    assert not asks_second_step(noor)
    row = make_passkey(holder_of(noor))
    make_passkey(holder_of(amina))
    assert asks_second_step(noor)
    assert not asks_second_step(amina)
    codes = renew_recovery_codes(noor)
    assert accept_code(noor, codes[0])
    assert not accept_code(noor, codes[0])
    remove_passkey(row.id, by=holder_of(noor))
    assert not asks_second_step(noor)
    assert not session.scalars(select(RecoveryCode).where(RecoveryCode.account_id == noor.id)).all()


def test_without_the_app_the_codes_stay_for_the_passkey() -> None:
    noor = make_account()
    give_second_factor(noor)
    codes = renew_recovery_codes(noor)
    make_passkey(holder_of(noor))
    take_away(noor, by=holder_of(noor))
    assert accept_code(noor, codes[0])


@pytest.mark.promise("LL-17", part="passkeys")
def test_who_lost_her_phone_loses_her_passkeys_too_when_the_management_resets() -> None:
    noor, device = make_account(), Authenticator()
    row = make_passkey(holder_of(noor), device)
    forget_second_factor(noor.id, by=by("management"))
    assert refused(lambda: proved(device)) == "not_accepted"
    assert "accounts.passkey_removed" in events()
    checkpoint()
    assert find_endings(Ending.PASSKEY, [row.id])


def test_a_learner_whose_access_was_ended_comes_back_without_them() -> None:
    amina, device, learner = (
        make_account("Amina", "learner", email="amina@example.org"),
        Authenticator(),
        make_learner(),
    )
    learner.account_id = amina.id
    make_passkey(holder_of(amina), device)
    end_access(learner.id, by=by("administration"))
    let_in_again(learner.id, by=by("administration"))
    assert amina.is_in_force
    assert refused(lambda: proved(device)) == "not_accepted"


def test_who_comes_back_has_none_of_her_passkeys() -> None:
    noor, device = make_account(), Authenticator()
    make_passkey(holder_of(noor), device)
    end_member(noor.id, by=by("management"))
    let_member_return(noor.id, frozenset({Role.TEACHER}), by=by("management"))
    assert refused(lambda: proved(device)) == "not_accepted"


@pytest.mark.promise("LL-11", "OP-03")
def test_when_it_was_last_used_goes_with_the_traces_of_signing_in(clock: Callable[[datetime], None]) -> None:
    device, start = Authenticator(), now()
    row = make_passkey(holder_of(make_account()), device)
    proved(device)
    clock(start + timedelta(days=4000))
    clear_old()
    session.refresh(row)
    assert row.last_used_at is None


def test_management_sees_that_a_member_has_a_second_step_by_it() -> None:
    from portal.accounts.queries import get_member
    from portal.core.http.scope import SYSTEM

    noor = make_account()
    assert not get_member(noor.id, SYSTEM).has_second_factor
    make_passkey(holder_of(noor))
    assert get_member(noor.id, SYSTEM).has_second_factor


def test_an_account_that_goes_takes_its_passkeys_along() -> None:
    noor = make_account()
    make_passkey(holder_of(noor))
    session.delete(noor)
    session.flush()
    assert not session.scalars(select(Passkey)).all()
    with pytest.raises(NotFound):
        remove_passkey(noor.id, by=by("management"))
