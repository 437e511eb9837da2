"""When a session was last seen, in Redis: a session on a shared or a staff machine ends after the school's idle time.

With Redis down nobody is idle, and the session's own end (12 hours) still holds. When Redis has lost what it knew, a
session that it doesn't know counts as seen at the moment from which Redis remembers again.
"""

from datetime import datetime, timedelta
from uuid import UUID

from redis import Redis

from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.redis import key, with_redis

_KEPT_SECONDS = 13 * 3600
_AGAIN = timedelta(seconds=15)  # idle times are minutes: a click within these seconds isn't worth a way to Redis
_MOST = 10_000
_lately: dict[UUID, datetime] = {}
_SEE = """
local moment, since, idle = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local begin = redis.call('GET', KEYS[2])
if not begin then
    redis.call('SET', KEYS[2], moment)
    begin = moment
end
local seen = tonumber(redis.call('GET', KEYS[1])) or math.max(since, tonumber(begin))
if moment - seen > idle then return 0 end
redis.call('SET', KEYS[1], moment, 'EX', ARGV[4])
return 1
"""


def see(session_id: UUID, *, since: datetime, idle_minutes: int) -> bool:
    """Note that a session is in use and return True; False where it was idle for longer than these minutes.

    `since` is when its holder last proved who she is.
    """

    moment = now()
    last = _lately.get(session_id)
    if last is not None and last >= since and timedelta(0) <= moment - last < _AGAIN:
        return True

    def ask(redis: Redis) -> bool:
        names = (key("seen", session_id), key("seen_from", current_school_id()))
        moments = (int(moment.timestamp()), int(since.timestamp()), idle_minutes * 60, _KEPT_SECONDS)
        return bool(redis.eval(_SEE, len(names), *names, *moments))

    is_in_use = with_redis(ask, lambda: True)
    if is_in_use:
        if len(_lately) >= _MOST:
            _lately.clear()
        _lately[session_id] = moment
    return is_in_use
