"""What is said of two lessons at the same time."""

from typing import Any

from portal.core.http.languages import _l, _n, written
from portal.courses.clashes.queries import Clash, ClashKind

_AT_ONCE: dict[ClashKind, Any] = {
    ClashKind.TEACHER: _l("%(shared)s geeft op %(day)s van %(first)s tot %(last)s ook les aan %(group)s."),
    ClashKind.ROOM: _l("In lokaal %(shared)s is op %(day)s van %(first)s tot %(last)s ook les voor %(group)s."),
    ClashKind.GROUP: _l("De groep heeft op %(day)s van %(first)s tot %(last)s ook een andere les."),
}


def describe_clash(clash: Clash) -> str:
    """Say in a sentence what a lesson at the time of another shares with it, and when."""
    facts = {
        "shared": clash.shared,
        "group": clash.group,
        "day": written("weekday", clash.held_on),
        "first": written("time", clash.starts_at),
        "last": written("time", clash.ends_at),
    }
    if clash.kind is ClashKind.LEARNERS:
        return _n(
            "%(num)s cursist heeft op %(day)s van %(first)s tot %(last)s ook les in %(group)s.",
            "%(num)s cursisten hebben op %(day)s van %(first)s tot %(last)s ook les in %(group)s.",
            clash.count,
            **facts,
        )
    return str(_AT_ONCE[clash.kind]) % facts
