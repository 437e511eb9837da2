"""Limits on wrong attempts: failures only, by name and by address, with Redis and without."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.accounts.sign_in import attempts
from portal.accounts.sign_in.attempts import Attempt

pytestmark = pytest.mark.usefixtures("school")


def fail(name: str, address: str = "192.0.2.7") -> int:
    return Attempt("password", name, address).begin()


@pytest.mark.parametrize("with_redis", [True, False])
def test_a_name_from_one_address_is_stopped_after_six(with_redis: bool, redis_down: Callable[[], None]) -> None:
    attempts.in_this_process.cache_clear()
    if not with_redis:
        redis_down()
    assert [fail("noor@example.org") for _ in range(6)] == [0] * 6
    assert 0 < fail("NOOR@example.org ") <= 900
    assert fail("noor@example.org", "192.0.2.8") == 0
    assert fail("sam@example.org") == 0


@pytest.mark.parametrize("with_redis", [True, False])
def test_thirty_who_mistype_once_behind_one_address_all_get_in(
    with_redis: bool, redis_down: Callable[[], None]
) -> None:
    attempts.in_this_process.cache_clear()
    if not with_redis:
        redis_down()
    for number in range(30):
        assert fail(f"T{number:05d}") == 0
    for number in range(30):
        trying = Attempt("password", f"T{number:05d}", "192.0.2.7")
        assert trying.begin() == 0
        trying.succeed()


@pytest.mark.parametrize("with_redis", [True, False])
def test_an_address_that_fails_too_often_slows_the_names_that_fail_there_and_no_other(
    with_redis: bool, redis_down: Callable[[], None]
) -> None:
    attempts.in_this_process.cache_clear()
    if not with_redis:
        redis_down()
    assert not any(fail(f"name{number}") for number in range(120))
    assert [fail("noor@example.org") for _ in range(2)] == [0, 0]
    assert 0 < fail("noor@example.org") <= 900
    mistyped, right = (Attempt("password", "sam@example.org", "192.0.2.7") for _ in range(2))
    assert (mistyped.begin(), right.begin()) == (0, 0)
    right.succeed()
    assert fail("noor@example.org", "192.0.2.8") == 0


def test_attempts_at_the_same_moment_count() -> None:
    trying = [Attempt("password", "noor@example.org", "192.0.2.7") for _ in range(24)]
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(Attempt.begin, trying))
    assert 1 <= waits.count(0) <= 6


def test_a_name_is_stopped_from_everywhere_after_forty() -> None:
    waits = [fail("noor@example.org", f"192.0.2.{number}") for number in range(41)]
    assert not any(waits[:40])
    assert 900 < waits[40] <= 3600


def test_only_failures_count() -> None:
    for _ in range(50):
        trying = Attempt("password", "noor@example.org", "192.0.2.7")
        assert trying.begin() == 0
        trying.succeed()


def test_a_right_one_forgets_the_failures_of_this_name_from_this_address_alone() -> None:
    for _ in range(5):
        fail("noor@example.org")
    trying = Attempt("password", "noor@example.org", "192.0.2.7")
    assert trying.begin() == 0
    trying.succeed()
    assert [fail("noor@example.org") for _ in range(6)] == [0] * 6


def test_attempts_while_stopped_do_not_make_the_wait_longer() -> None:
    for _ in range(6):
        fail("noor@example.org")
    assert fail("noor@example.org") <= 900
    assert [fail("noor@example.org", "192.0.2.9") for _ in range(6)] == [0] * 6


def test_one_household_of_version_six_counts_as_one_address() -> None:
    for number in range(6):
        assert fail("noor@example.org", f"2001:db8:1:2::{number:x}") == 0
    assert fail("noor@example.org", "2001:db8:1:2::ffff") > 0
    assert fail("noor@example.org", "2001:db8:1:3::1") == 0


def test_an_address_of_version_four_is_itself_however_it_is_written() -> None:
    assert [fail("noor@example.org", "::ffff:192.0.2.7") for _ in range(6)] == [0] * 6
    assert fail("noor@example.org", "192.0.2.7") > 0
    assert fail("noor@example.org", "::ffff:192.0.2.8") == 0


def test_what_is_forgotten_after_a_new_password_gives_no_tries_to_spare() -> None:
    for _ in range(6):
        fail("noor@example.org")
    for _ in range(50):
        Attempt("password", "noor@example.org", "192.0.2.7").forget()
    assert [fail("noor@example.org") for _ in range(7)][6] > 0
    waits = [fail("noor@example.org", f"192.0.2.{number}") for number in range(10, 45)]
    assert any(waits)
