"""`portal incident`: the hosting opens an incident at every school, or at those that are named (AVG art. 33(2))."""

from datetime import UTC, datetime

import click

from portal.core.clock import now
from portal.core.command_setup import at_school, bind_database
from portal.core.db.scope import in_school
from portal.core.http.access import PORTAL
from portal.oversight.incidents.models import IncidentKind
from portal.oversight.incidents.services import MOST_TEXT, IncidentFacts, open_for_hosting
from portal.schools.queries import list_schools


@click.command("incident")
@click.argument("reference")
@click.option("--title", required=True, help="what happened, in short; at most 200 characters")
@click.option("--text", "body", required=True, help="what happened, without names")
@click.option(
    "--kind", type=click.Choice([each.value for each in IncidentKind]), default="other", help="what went wrong"
)
@click.option(
    "--aware", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="when you told the schools, in UTC; now unless set"
)
@click.option("--measures", default=None, help="what you do about it")
@click.option("--school", "slugs", multiple=True, help="the slug of a school that it touches; every school unless set")
def incident(
    *, reference: str, title: str, body: str, kind: str, aware: datetime | None, measures: str | None,
    slugs: tuple[str, ...],
) -> None:  # fmt: skip
    """Open an incident of the hosting in the register of each school, and mail who decides there.

    REFERENCE is your own name for it: given again, it opens nothing where it was opened before. The 72 hours of a
    school run from when it is told. Where it fails at a school the others are told all the same; it ends with 1 then.
    """
    if not reference.strip() or len(reference) > 60:
        raise click.ClickException("REFERENCE: at most 60 characters are wanted")
    if not title.strip() or len(title) > 200 or not body.strip() or len(body) > MOST_TEXT:
        raise click.ClickException(f"--title and --text: at most 200 and {MOST_TEXT} characters are wanted")
    bind_database()
    if not slugs:
        with in_school(None):
            slugs = tuple(line.slug for line in list_schools())
    aware_at = aware.replace(tzinfo=UTC) if aware is not None else now()
    if aware_at > now():
        raise click.ClickException("--aware: a moment that has been is wanted")
    facts = IncidentFacts(title=title, kind=IncidentKind(kind), body=body, aware_at=aware_at, measures=measures)
    failures = [slug for slug in slugs if not _told(slug, reference, facts)]
    if failures:
        raise click.ClickException(f"not opened at {', '.join(failures)}: mend it, and give the command again")


def _told(slug: str, reference: str, facts: IncidentFacts) -> bool:
    """Open the incident at one school and say how that went; a school where it fails doesn't keep it from the next."""
    try:
        with at_school(slug):
            opened = open_for_hosting(reference, facts, by=PORTAL)
    except click.ClickException as refused:
        click.echo(f"{slug}: {refused.message}", err=True)
        return False
    except Exception as failed:  # noqa: BLE001 - whatever it was, the schools after it must hear at once
        click.echo(f"{slug}: {type(failed).__name__} ({failed})", err=True)
        return False
    click.echo(f"{slug}: {'opened' if opened is not None else 'was open already'}")
    return True


COMMANDS = [incident]
