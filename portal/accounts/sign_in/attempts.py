"""Limits on wrong attempts, counted by name and by address in Redis; with Redis down, in this process.

An attempt counts before it is judged and is given back when it was right: so attempts at the same moment count too,
and only failures remain. A name from one address may fail 6 times in 15 minutes; a name from everywhere 40 times in an
hour, so that a stranger can hardly lock somebody out. An address that fails 120 times in 15 minutes slows the names
that fail there, to 2 times each, and stops no other: a class behind one address gets in although everyone mistypes,
and so does who knows her password while somebody guesses beside her. Whether the name exists makes no difference.
(ASVS 6.1.1, 6.3.1)
"""

import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool, Redis

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.digits import latin_digits
from portal.core.errors import Conflict
from portal.core.redis import key, with_redis

_NAME_HERE = RateLimitItemPerSecond(6, 900)
_NAME_ANYWHERE = RateLimitItemPerSecond(40, 3600)
_ADDRESS = RateLimitItemPerSecond(120, 900)
# Of the six of a name, those that an address which fails too often takes away.
_TAKEN_AWAY = 4
_AN_HOUR, _A_DAY = 3_600, 86_400
# What visitors may send from one network, and what may be mailed to one address for them.
_MOST_AN_HOUR, _MOST_MAILS_A_DAY = 20, 3


class Attempt:
    """One attempt to prove something, such as a password, under a name and from an address."""

    def __init__(self, what: str, name: str, address: str | None) -> None:
        who = keys.digest(latin_digits(name).strip().lower(), "attempts").hex()[:32]
        where = network_of(address)
        school = current_school_id()
        self._here = (_NAME_HERE, key("wrong", school, what, who, where))
        self._anywhere = (_NAME_ANYWHERE, key("wrong", school, what, who))
        self._address = (_ADDRESS, key("wrong", school, "address", where))

    def begin(self) -> int:
        """Count the attempt and return 0; or, where there were too many, the seconds to wait."""
        return with_redis(lambda redis: self._begin(_in_redis(redis)), lambda: self._begin(in_this_process()))

    def succeed(self) -> None:
        """Give the attempt back: it was right, and the failures of this name from this address are forgotten."""
        with_redis(lambda redis: self._give_back(_in_redis(redis)), lambda: self._give_back(in_this_process()))

    def forget(self) -> None:
        """Forget the failures of this name from this address: its holder proved who she is in another way."""
        with_redis(lambda redis: _in_redis(redis).clear(*self._here), lambda: in_this_process().clear(*self._here))

    def _begin(self, limiter: FixedWindowRateLimiter) -> int:
        taken_away = 0 if limiter.test(*self._address) else _TAKEN_AWAY
        wait = max(_wait(limiter, self._here, 1 + taken_away), _wait(limiter, self._anywhere, 1))
        if wait:
            return wait
        limiter.hit(*self._address)
        is_within = limiter.hit(*self._anywhere)
        if limiter.hit(*self._here) and is_within:
            return 0
        # Others that began at the same moment took what was left.
        self._count_back(limiter)
        limiter.hit(*self._here, cost=-1)
        return max(1, _wait(limiter, self._here, 1), _wait(limiter, self._anywhere, 1))

    def _give_back(self, limiter: FixedWindowRateLimiter) -> None:
        self._count_back(limiter)
        limiter.clear(*self._here)

    def _count_back(self, limiter: FixedWindowRateLimiter) -> None:
        limiter.hit(*self._address, cost=-1)
        limiter.hit(*self._anywhere, cost=-1)


def take_turn(what: str, who: str, *, most: int, seconds: int) -> int:
    """Count one of at most so many turns of somebody in a time, and return 0; else the seconds to wait.

    Unlike an attempt, what went right counts too: it is for what anybody may send, and too much of it harms.
    """
    item = RateLimitItemPerSecond(most, seconds)
    whom = keys.digest(who.strip().lower(), "attempts").hex()[:32]
    counter = (item, key("turn", current_school_id(), what, whom))
    return with_redis(lambda redis: _take(_in_redis(redis), counter), lambda: _take(in_this_process(), counter))


def take_visitors_turn(form: str, address: str | None) -> None:
    """Count what somebody sends by a form without a sign-in; raises Conflict("too_many", minutes=…) after too much.

    Counted by network: a class may ask at once, a flood may not.
    """
    wait = take_turn(form, network_of(address), most=_MOST_AN_HOUR, seconds=_AN_HOUR)
    if wait:
        raise Conflict("too_many", minutes=-(-wait // 60))


def take_mail_turn(form: str, email: str) -> bool:
    """Say whether a mail address may have another mail of this form today: somebody else may have typed it."""
    return not take_turn(form, email.strip().lower(), most=_MOST_MAILS_A_DAY, seconds=_A_DAY)


def _take(limiter: FixedWindowRateLimiter, counter: tuple[RateLimitItemPerSecond, str]) -> int:
    return 0 if limiter.hit(*counter) else max(1, _wait(limiter, counter, 1))


def _wait(limiter: FixedWindowRateLimiter, counter: tuple[RateLimitItemPerSecond, str], cost: int) -> int:
    """Return the seconds until a counter has room again; 0 where it has."""
    if limiter.test(*counter, cost=cost):
        return 0
    return max(1, round(limiter.get_window_stats(*counter).reset_time - time.time()))


def _in_redis(redis: Redis) -> FixedWindowRateLimiter:
    return _limiter(redis.connection_pool)


@lru_cache(maxsize=1)
def _limiter(pool: ConnectionPool) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(RedisStorage("redis://", connection_pool=pool))


@lru_cache(maxsize=1)
def in_this_process() -> FixedWindowRateLimiter:
    """Return the counters of this process, which count while Redis is down."""
    return FixedWindowRateLimiter(MemoryStorage())


def network_of(address: str | None) -> str:
    """Return the address; of version 6 the first half, which is what one household has."""
    if not address:
        return "-"
    try:
        parsed = ip_address(address)
    except ValueError:
        return "-"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> 64:x}"
    return str(parsed)
