"""Ending every backup from before a school left: a new one without it first, and only then the keys of the others."""

from pathlib import Path

from portal.config import Settings
from portal.core.backups.services import Made, make_backup
from portal.core.clock import now
from portal.schools.departures.certificates import certificate_text
from portal.schools.departures.folders import HandOverError
from portal.schools.departures.services import delete_left_rows, find_closing, note_facts

_ARCHIVE = """\
An archive of PostgreSQL's own log (WAL), where you keep one, still holds the school's rows: make a new base backup now,
then remove every older one and the log from before it (docs/running.md, "A school that leaves")."""


def end_older_backups(settings: Settings, slug: str, certificate: Path) -> str:
    """Make a backup without a school that left, end all others, and return the certificate that says so.

    Raises HandOverError where the school isn't gone, and BackupError where the new backup doesn't stand: the others
    are as they were then. Said again it makes another new one.
    """
    found = find_closing(settings, slug)
    if "certificate" not in found.facts:
        raise HandOverError(f"{slug} isn't destroyed yet: say --destroy first")
    delete_left_rows(settings, found.id)
    made = make_backup(settings, ends_others=True)
    facts = {**found.facts["certificate"], "backups_ended_at": f"{now():%Y-%m-%d %H:%M} UTC"}
    note_facts(settings, found.id, {"certificate": facts})
    said = certificate_text(facts)
    certificate.write_text(said, "utf-8")
    return f"{said}\n{_told(made)}\n{_ARCHIVE}"


def _told(made: Made) -> str:
    return f"{made.folder}: read back whole, without the school; {made.cleared} older backups open no more"
