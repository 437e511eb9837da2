"""`portal retention preview|run`: who is past a term and will be, in counts alone; and the nightly run, now."""

from datetime import date, datetime

import click

from portal.core.audit import set_origin
from portal.core.clock import today
from portal.core.command_setup import at_school, in_language
from portal.core.db.scope import checkpoint, reveal
from portal.core.errors import NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.retention.ends.kinds import EndKind
from portal.retention.forecast.queries import Ending, count_endings
from portal.retention.runs.queries import LISTED, count_held
from portal.retention.runs.services import carry_out_run

_MOST_MONTHS = 120
_LAST_YEAR = 2200


@click.group("retention")
def retention() -> None:
    """Until when data on people is kept."""


@retention.command("preview")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="as on this day, instead of today")
@click.option("--months", default=12, type=click.IntRange(1, _MOST_MONTHS), help="how many months ahead; 12")
def preview(*, slug: str, day: datetime | None, months: int) -> None:
    """Say how many people's terms have ended or will end, by month and category. It erases nothing and names nobody."""
    start = day.date() if day is not None else today()
    if start.year > _LAST_YEAR:
        raise click.ClickException(f"--on: a day in or before {_LAST_YEAR} is wanted")
    with at_school(slug):
        reveal()
        try:
            for kind in LISTED:
                _say(kind, start, _months_on(start, months))
        except NotFound:
            raise click.ClickException(f"{slug}: has no policy in force, so no terms") from None


@retention.command("run")
@click.option("--school", "slug", required=True, help="the school's slug")
def run(*, slug: str) -> None:
    """Do tonight's run now, as the worker does: erase who is past a term, up to the cap. Safe to repeat."""
    with in_language("nl"), at_school(slug):
        reveal()
        set_origin("portal retention run")
        done = carry_out_run(checkpoint=checkpoint, by=PORTAL)
        if done is None:
            raise click.ClickException(f"{slug}: has no policy in force, so no terms")
        click.echo(f"{done.ran_on.isoformat()}: {done.due} people due, {done.erased} erased, {done.waiting} wait")
        if done.announced_until is not None:
            click.echo(f"{done.announced} people long past a term go from {done.announced_until.isoformat()} on")
    if done.waiting:
        raise click.ClickException(
            f"{done.waiting} people are more than the cap of {done.cap}: /bewaren asks for a word"
        )


def _say(kind: EndKind, day: date, until: date) -> None:
    found = count_endings(kind, day, SYSTEM, until=until)
    name = kind.value.replace("_", " ")
    held = count_held(kind, day, SYSTEM) if found.overdue.people else 0
    kept = f"; kept by a hold: {held}" if held else ""
    click.echo(f"{name}: {found.people}; past a term on {day.isoformat()}: {_ending_text(found.overdue)}{kept}")
    for month, ending in found.by_month.items():
        click.echo(f"  {month:%Y-%m}: {_ending_text(ending)}")


def _ending_text(ending: Ending) -> str:
    categories = ", ".join(f"{key} {number}" for key, number in sorted(ending.by_category.items()))
    return f"{ending.people} ({categories})" if categories else str(ending.people)


def _months_on(day: date, months: int) -> date:
    """Return the first day of the month that comes so many months after the month of a day, plus one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months + 1, 12)
    return date(year, month + 1, 1)


COMMANDS: tuple[click.Command, ...] = (retention,)
