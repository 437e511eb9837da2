"""By what the school's log is narrowed; all of it stands in the address."""

from datetime import date, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict

from portal.core.audit.queries import LogFilter
from portal.core.clock import start_of
from portal.core.values import Unusable, parse_date

VIEWED, CHANGED = "bekeken", "gewijzigd"
_DAY = timedelta(days=1)
_NAMES = ("wie", "soort", "wat", "van", "tot")


def filter_of(asked: MultiDict[str, str], learner_ids: tuple[UUID, ...]) -> LogFilter:
    """Return the filter that an address asks for; what is none of its values narrows nothing."""
    kind = asked.get("soort", "")
    first, last = _day(asked.get("van", "")), _day(asked.get("tot", ""))
    return LogFilter(
        actor_id=_uuid(asked.get("wie", "")),
        learner_ids=learner_ids,
        event=asked.get("wat") or None,
        area=kind if kind and kind not in {VIEWED, CHANGED} else None,
        views={VIEWED: True, CHANGED: False}.get(kind),
        since=start_of(first) if first else None,
        until=start_of(last + _DAY) if last else None,
    )


def kept_of(asked: MultiDict[str, str], learner: str) -> dict[str, str]:
    """Return what narrows the log as arguments of an address, for the pages after it."""
    given = {name: asked.get(name, "") for name in _NAMES} | {"cursist": learner}
    return {name: value for name, value in given.items() if value}


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except Unusable:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
