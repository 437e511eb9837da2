"""Hours in words."""

from portal.core.http.languages import _, _n


def duration(minutes: int) -> str:
    """Return how long that many minutes are, as people say it: "69 uur en 36 minuten", "2 uur", "45 minuten"."""
    hours, rest = divmod(minutes, 60)
    in_hours, in_minutes = _n("%(num)s uur", "%(num)s uur", hours), _n("%(num)s minuut", "%(num)s minuten", rest)
    if not hours:
        return in_minutes
    return _("%(hours)s en %(minutes)s", hours=in_hours, minutes=in_minutes) if rest else in_hours
