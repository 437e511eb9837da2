"""Passwords: what is refused, and that a check takes one hash whoever is named."""

import time
from contextlib import suppress

import pytest
from zxcvbn import zxcvbn

from portal.accounts.passwords import services as passwords
from portal.accounts.passwords.services import change_password, check_new, hash_password, is_right, measured, renew_hash
from portal.core.errors import Invalid
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.usefixtures("school")


@pytest.mark.promise("MN-11", part="passwords")
@pytest.mark.promise("LL-17", part="passwords")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kort", "too_short"),
        ("a" * 129, "too_long"),
        ("password1234", "leaked"),
        ("iloveyou", "leaked"),
        ("ILoveYou", "leaked"),
        ("aaaaaaaaaaaa", "easily_guessed"),
        ("welkom123456", "easily_guessed"),
        ("lestbest2026", "easily_guessed"),
        ("noor bakker1", "easily_guessed"),
    ],
)
def test_a_weak_or_leaked_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_new(password, is_staff=False, own_words=("Noor Bakker", "noor@example.org"))
    assert (refusal.value.field, refusal.value.code) == ("password", code)


@pytest.mark.parametrize("password", ["fiets lamp", "المطر يسقط غدا", "x7#kQ9!v", "b" + "oe rk" * 25])
def test_any_composition_is_fine(password: str) -> None:
    check_new(password, is_staff=False)


def test_staff_need_twelve_characters_and_learners_eight() -> None:
    check_new("wolk-7-vis", is_staff=False)
    with pytest.raises(Invalid, match="too_short"):
        check_new("wolk-7-vis", is_staff=True)


def test_the_hash_is_argon2id_with_the_memory_of_the_settings() -> None:
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=3,p=1$")


def test_a_password_is_checked_exactly_as_it_was_typed() -> None:
    account = make_account(password="Een Hele Zin met spaties ")
    assert is_right(account, "Een Hele Zin met spaties ")
    assert not is_right(account, "Een Hele Zin met spaties")
    assert not is_right(account, "een hele zin met spaties ")


def test_a_hash_is_taken_whoever_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return hasher.verify(kept, password)

    account, without = make_account(), make_account(email="a@example.org", password=None)
    monkeypatch.setattr(passwords, "_hasher", Counting)
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: hasher.hash("nobody at all"))
    assert is_right(account, PASSWORD)
    assert not is_right(without, PASSWORD)
    assert not is_right(None, PASSWORD)
    assert not is_right(None, "x" * 5000)
    assert len(verified) == 4
    assert all(kept.startswith("$argon2id$v=19$m=19456,t=3,p=1$") for kept in verified)


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not is_right(make_account(password=None), "nobody at all")


def test_an_old_weaker_hash_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    account = make_account()
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    renew_hash(account, PASSWORD)
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert is_right(account, PASSWORD)


def test_changing_asks_the_present_password() -> None:
    account = make_account()
    with pytest.raises(Invalid) as refusal:
        change_password(account, "iets anders", "nieuwe wolken boven zee", is_staff=True)
    assert (refusal.value.field, refusal.value.code) == ("old_password", "wrong")
    change_password(account, PASSWORD, "nieuwe wolken boven zee", is_staff=True)
    assert is_right(account, "nieuwe wolken boven zee")


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("password", ["4@8({[</369&#!1/|0$5+7%2" * 5, "a&" * 64, "@({[<!|$+%" * 12, "l1!|i7+" * 18])
def test_no_password_takes_the_meter_long(password: str) -> None:
    began = time.process_time()
    with suppress(Invalid):
        check_new(password, is_staff=True)
    assert time.process_time() - began < 2


def test_what_is_easily_guessed_stays_so_with_signs_in_it() -> None:
    assert zxcvbn(measured("p@$$w0rd!"))["score"] < 2
    assert measured("4@8({[</369&#!1/|0$5+7%2") == "4@8({~^/369&#_1/=0;5?7:2"
