"""By what the school's log is narrowed; all of it stands in the address."""

from datetime import timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms.validators import Optional, ValidationError

from portal.core.audit.queries import LogFilter
from portal.core.clock import start_of
from portal.core.http.forms import DayField, Form
from portal.core.http.languages import _, _l

VIEWED, CHANGED = "bekeken", "gewijzigd"
_DAY = timedelta(days=1)
_NAMES = ("wie", "soort", "wat", "van", "tot")


class DaysForm(Form):
    """From which day until which; nothing is stored, so it needs no token."""

    van = DayField(_l("Vanaf"), validators=[Optional()])
    tot = DayField(_l("Tot en met"), validators=[Optional()])

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked, meta={"csrf": False})

    def validate_tot(self, field: DayField) -> None:
        """Refuse a last day before the first: nothing can lie between them."""
        if self.van.data and field.data and field.data < self.van.data:
            raise ValidationError(_("De laatste dag ligt voor de eerste. Kies een latere dag."))


def filter_of(asked: MultiDict[str, str], days: DaysForm, learner_ids: tuple[UUID, ...]) -> LogFilter:
    """Return the filter that an address asks for; a name or kind that there isn't narrows nothing."""
    kind = asked.get("soort", "")
    first, last = days.van.data, days.tot.data
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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
