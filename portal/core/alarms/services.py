"""Finding the alarms that are on, and telling the operator by mail once when one goes on or off."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from smtplib import SMTPException

import structlog
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.core import mail
from portal.core.alarms import checks, clocks, nightly
from portal.core.alarms.names import Alarm, AlarmName
from portal.core.alarms.sources import Sources
from portal.core.db.base import new_id
from portal.core.redis import as_text, key

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Check:
    """What looks for some alarms, and which parts must answer for it."""

    look: Callable[[Sources], Iterable[Alarm]]
    names: frozenset[AlarmName]
    needs: frozenset[AlarmName]


@dataclass(frozen=True)
class Found:
    """The alarms that are on, and those of which nothing can be said while a part is away."""

    alarms: tuple[Alarm, ...]
    unknown: frozenset[AlarmName]


def _check(look: Callable[[Sources], Iterable[Alarm]], prefixes: str, *needs: AlarmName) -> _Check:
    names = {each for each in AlarmName if each.partition("_")[0] in prefixes.split()}
    return _Check(look, frozenset(names), frozenset(needs))


_CHECKS = (
    _check(checks.check_backups, "backup", AlarmName.REDIS_AWAY),
    _check(checks.check_drills, "drill", AlarmName.REDIS_AWAY),
    _check(nightly.check_nightly, "nightly", AlarmName.DATABASE_AWAY),
    _check(nightly.check_verifications, "seals keys", AlarmName.DATABASE_AWAY),
    _check(nightly.check_waiting, "seals ledger", AlarmName.DATABASE_AWAY),
    _check(checks.check_keys, "keys"),
    _check(checks.check_disks, "disk"),
    _check(checks.check_mails, "mail", AlarmName.DATABASE_AWAY),
    _check(checks.check_clocks, "clocks", AlarmName.DATABASE_AWAY, AlarmName.REDIS_AWAY),
)


def find_alarms(sources: Sources) -> Found:
    """Return the alarms that are on, in the order of their names, and of which nothing can be said now."""
    found = _parts_away(sources)
    unknown: set[AlarmName] = set()
    away = frozenset(each.name for each in found)
    for check in _CHECKS:
        try:
            if check.needs & away:
                unknown.update(check.names)
            else:
                found += check.look(sources)
        except (SQLAlchemyError, RedisError) as error:
            _log.warning("check_failed", check=check.look.__name__, error=type(error).__name__)
            unknown.update(check.names)
    names = list(AlarmName)
    on = sorted(found, key=lambda each: names.index(each.name))
    return Found(tuple(on), frozenset(unknown - {each.name for each in on}))


def _parts_away(sources: Sources) -> list[Alarm]:
    found = []
    if not sources.has_database():
        found.append(Alarm(AlarmName.DATABASE_AWAY, "DATABASE_URL can't be reached, or is being restored"))
    if not _has_redis(sources):
        found.append(Alarm(AlarmName.REDIS_AWAY, "REDIS_URL can't be reached", sources.machine))
    return found


def _has_redis(sources: Sources) -> bool:
    try:
        return bool(sources.redis.ping())
    except RedisError:
        return False


def tell_changes(sources: Sources, found: Found) -> tuple[list[Alarm], list[str]]:
    """Mail the operator what went on and off since the last time, once whoever looks, and return both.

    A mail that can't leave is tried again the next time. Raises RedisError, OSError, SMTPException.
    """
    told, name = sources.redis, key("alarms")
    by_field = {_field(each): each for each in found.alarms}
    on = [alarm for field, alarm in by_field.items() if told.hsetnx(name, field, field)]
    fields = [as_text(each) for each in told.hkeys(name)]
    off = [each for each in fields if _is_over(each, by_field, found, sources) and told.hdel(name, each)]
    try:
        if on or off:
            _mail(sources.settings, on, off)
    except (OSError, SMTPException):
        for alarm in on:
            told.hdel(name, _field(alarm))
        for field in off:
            told.hset(name, field, field)
        raise
    return on, off


def _field(alarm: Alarm) -> str:
    return f"{alarm.name} {alarm.machine}".strip()


def _is_over(field: str, on: Collection[str], found: Found, sources: Sources) -> bool:
    """Say whether an alarm that was told of is over, as far as this machine can say it."""
    name, _, machine = field.partition(" ")
    return field not in on and name not in found.unknown and machine in {"", sources.machine}


def _mail(given: Settings, on: Sequence[Alarm], off: Sequence[str]) -> None:
    if given.operator_email is None:
        return
    message = EmailMessage()
    message["Subject"] = f"Inzage: {', '.join([*(f'{each.name} on' for each in on), *(f'{each} off' for each in off)])}"
    message["From"], message["To"] = given.mail_from, given.operator_email
    message["Date"], message["Auto-Submitted"] = formatdate(localtime=False), "auto-generated"
    message["Message-ID"] = f"<{new_id()}@{given.mail_from.rpartition('@')[2].rstrip('>')}>"
    lines = [f"on: {each.name} {each.machine}".rstrip() + f"\n    {each.what_to_do}" for each in on]
    lines += [f"off: {each}" for each in off]
    message.set_content("\n\n".join([*lines, "`portal health` says why; docs/running.md, Alarms, says more."]) + "\n")
    mail.deliver(message, given)


def watch(sources: Sources) -> None:
    """Tell how this process's clock is, look for alarms, and mail what changed; what fails stands in the log."""
    try:
        clocks.tell(sources, "worker")
    except (SQLAlchemyError, RedisError) as error:  # an alarm of its own, which is told below
        _log.warning("clock_not_told", error=type(error).__name__)
    try:
        tell_changes(sources, find_alarms(sources))
    except (RedisError, OSError, SMTPException) as error:
        _log.warning("alarms_not_told", error=type(error).__name__)
