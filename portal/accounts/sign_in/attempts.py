"""Limits on wrong attempts, counted by name and by address in Redis; with Redis down, in this process.

An attempt counts before it is judged and is given back when it was right: so attempts at the same moment count too,
and only failures remain. A name from one address may fail 6 times in 15 minutes; a name from everywhere 40 times in an
hour, so that a stranger can hardly lock somebody out; an address 120 times in 15 minutes, so that a class behind one
address gets in although everyone mistypes. Whether the name exists makes no difference. (ASVS 6.1.1, 6.3.1)
"""

import time
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from redis import Redis

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.redis import in_redis, key


class Counter(NamedTuple):
    """How many failures are let pass under a key, in how many seconds."""

    key: str
    most: int
    seconds: int


_COUNT = """
local wait = 0
for i, name in ipairs(KEYS) do
    if tonumber(redis.call('GET', name) or '0') >= tonumber(ARGV[2 * i - 1]) then
        wait = math.max(wait, redis.call('TTL', name), 1)
    end
end
if wait == 0 then
    for i, name in ipairs(KEYS) do
        if redis.call('INCR', name) == 1 then redis.call('EXPIRE', name, ARGV[2 * i]) end
    end
end
return wait
"""
_GIVE_BACK = """
for i, name in ipairs(KEYS) do
    if tonumber(redis.call('GET', name) or '0') > 0 then redis.call('DECR', name) end
end
if ARGV[1] == '1' then redis.call('DEL', KEYS[1]) end
return 0
"""

_here: dict[str, tuple[int, float]] = {}
_HERE_MOST = 10_000


class Attempt:
    """One attempt to prove something, such as a password, under a name and from an address."""

    def __init__(self, what: str, name: str, address: str | None) -> None:
        who = keys.digest(name.strip().lower(), "attempts").hex()[:32]
        where = _network(address)
        school = current_school_id()
        self._counters = (
            Counter(key("wrong", school, what, who, where), 6, 900),
            Counter(key("wrong", school, what, who), 40, 3600),
            Counter(key("wrong", school, "address", where), 120, 900),
        )

    def begin(self) -> int:
        """Count the attempt and return 0; or, where there were too many, the seconds to wait."""
        wait: int = in_redis(self._begin_in_redis, lambda: _begin_here(self._counters))
        return wait

    def succeed(self) -> None:
        """Give the attempt back: it was right, and the failures of this name from this address are forgotten."""
        in_redis(self._give_back, lambda: _give_back_here(self._counters))

    def _begin_in_redis(self, redis: Redis) -> int:
        names = [counter.key for counter in self._counters]
        bounds = [bound for counter in self._counters for bound in (counter.most, counter.seconds)]
        return int(redis.eval(_COUNT, len(names), *names, *bounds))

    def _give_back(self, redis: Redis) -> None:
        names = [counter.key for counter in self._counters]
        redis.eval(_GIVE_BACK, len(names), *names, "1")


def _network(address: str | None) -> str:
    """Return the address; of version 6 the first half, which is what one household has."""
    if not address:
        return "-"
    try:
        parsed = ip_address(address)
    except ValueError:
        return "-"
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> 64:x}"
    return str(parsed)


def _begin_here(counters: Sequence[Counter]) -> int:
    moment = time.monotonic()
    counts = [_here.get(counter.key, (0, moment + counter.seconds)) for counter in counters]
    counts = [
        (0, moment + c.seconds) if until <= moment else (n, until)
        for c, (n, until) in zip(counters, counts, strict=True)
    ]
    waits = [until - moment for counter, (count, until) in zip(counters, counts, strict=True) if count >= counter.most]
    if waits:
        return max(1, round(max(waits)))
    if len(_here) > _HERE_MOST:
        _here.clear()
    _here.update({c.key: (count + 1, until) for c, (count, until) in zip(counters, counts, strict=True)})
    return 0


def _give_back_here(counters: Sequence[Counter]) -> None:
    for counter in counters:
        if counter.key in _here:
            count, until = _here[counter.key]
            _here[counter.key] = (max(0, count - 1), until)
    _here.pop(counters[0].key, None)
