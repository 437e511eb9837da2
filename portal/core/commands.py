"""The core's own subcommands: jobs, audit verify."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import click
from sqlalchemy import text

from portal.core.audit.models import Chain
from portal.core.audit.verification import Finding, Verdict, verify
from portal.core.clock import now
from portal.core.command_setup import at_school, bind_database
from portal.core.crypto.keys import KeysError
from portal.core.db.scope import in_school
from portal.core.db.session import session

_WORDS = {
    "altered": "was altered",
    "removed": "was removed",
    "slipped_in": "was slipped in",
    "hidden": "is hidden from the learners it is about",
}

_CHAINS = {Chain.MAIN: "views and changes", Chain.ACTIVITY: "sign-ins and own use"}


class _Unclear(click.ClickException):
    """The chain can't be checked, so nothing is said of it."""

    exit_code = 2


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 365))
def jobs(days: int) -> None:
    """Show what waits and runs, and which jobs failed for good, with the fault's number that is in the log."""
    bind_database()
    with in_school(None):
        waiting = session.execute(text("select * from count_jobs() order by state, is_slow")).all()
        failed = session.execute(
            text("select * from failed_jobs(:since)"), {"since": now() - timedelta(days=days)}
        ).all()
    for row in waiting:
        lane = "slow" if row.is_slow else "quick"
        click.echo(f"{row.jobs:>8} {lane} {row.state}, the oldest for {round(row.oldest_seconds)} s")
    for row in failed:
        ended = f"{row.ended_at:%Y-%m-%d %H:%M}"
        click.echo(
            f"{ended} {row.slug} {row.kind} failed after {row.attempts}: {row.failure}, fault {row.fault or '-'}"
        )
    if not failed:
        click.echo(f"no job failed for good in the last {days} days")


@click.group()
def audit() -> None:
    """The audit and its chain of seals."""


@audit.command("verify")
@click.option("--school", "slug", help="only this school")
def verify_audit(slug: str | None) -> None:
    """Check both chains: exit 0 when whole, 1 when an entry was altered, removed or slipped in, 2 when unclear.

    What expired by the policy's term isn't removed: a line that the portal sealed says what went.
    """
    bad = 0
    for name, verdict in _verdicts(slug):
        click.echo(f"{name}, {_CHAINS[verdict.chain]}: {_tell(verdict)}")
        bad += verdict.finding is not None
    if bad:
        raise click.ClickException("the audit is not whole")


def _verdicts(slug: str | None) -> Iterator[tuple[str, Verdict]]:
    for name in [slug] if slug else _slugs():
        with at_school(name):
            try:
                for chain in Chain:
                    yield name, verify(chain)
            except KeysError as error:
                raise _Unclear(f"{name}: can't be checked: {error}") from None


def _slugs() -> list[str]:
    bind_database()
    with in_school(None):
        return list(session.scalars(text("select slug from list_schools()")))


def _tell(verdict: Verdict) -> str:
    until = (
        f"proves until {verdict.proves_until:%Y-%m-%d %H:%M:%S} UTC" if verdict.proves_until else "proves nothing yet"
    )
    if verdict.finding is not None:
        return f"{_name(verdict.finding)}; {until}"
    expired = (
        f"{verdict.expired} expired, sealed until {verdict.expired_until:%Y-%m-%d %H:%M:%S} UTC; "
        if verdict.expired_until
        else ""
    )
    whole = f"{verdict.entries} entries in {verdict.seals} seals are whole"
    return f"{whole}; {expired}{until}; {verdict.waiting} wait for their seal"


def _name(finding: Finding) -> str:
    if finding.what == "expiry_altered":
        return f"the line that says that seals from {finding.seal_number} on expired was altered or isn't the portal's"
    if finding.event_id is None:
        return f"seal {finding.seal_number} {_WORDS[finding.what.removeprefix('seal_')]}"
    of_seal = f" of seal {finding.seal_number}" if finding.seal_number else ""
    return f"entry {finding.event_id}{of_seal}, made {_made(finding.event_id)}, {_WORDS[finding.what]}"


def _made(event_id: UUID) -> str:
    return f"{datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


COMMANDS = (jobs, audit)
