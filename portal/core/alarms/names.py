"""The alarms by name, each with what the operator does; `docs/running.md` says more of each."""

from dataclasses import dataclass
from enum import StrEnum


class AlarmName(StrEnum):
    """What may be wrong; the name is that of the metric's label, of the command and of the mail."""

    DATABASE_AWAY = "database_away"
    REDIS_AWAY = "redis_away"
    BACKUP_OLD = "backup_old"
    BACKUP_FAILED = "backup_failed"
    BACKUP_UNVERIFIED = "backup_unverified"
    BACKUP_KEPT = "backup_kept"
    DRILL_OLD = "drill_old"
    DRILL_FAILED = "drill_failed"
    NIGHTLY_LATE = "nightly_late"
    NIGHTLY_FAILED = "nightly_failed"
    NIGHTLY_HELD = "nightly_held"
    SEALS_BROKEN = "seals_broken"
    SEALS_LATE = "seals_late"
    LEDGER_LATE = "ledger_late"
    KEYS_LOST = "keys_lost"
    KEYS_DIFFER = "keys_differ"
    DISK_FULL = "disk_full"
    MAIL_BOUNCING = "mail_bouncing"
    CLOCKS_APART = "clocks_apart"


WHAT_TO_DO: dict[AlarmName, str] = {
    AlarmName.DATABASE_AWAY: "start PostgreSQL, or mend the way to it: nobody is served",
    AlarmName.REDIS_AWAY: "start Redis, or mend the way to it: jobs and mails wait",
    AlarmName.BACKUP_OLD: "run `portal backup`, and see why its timer didn't",
    AlarmName.BACKUP_FAILED: "run `portal backup`: its last line says what is wrong",
    AlarmName.BACKUP_UNVERIFIED: "the newest backup isn't whole: look at its disk, and run `portal backup` at once",
    AlarmName.BACKUP_KEPT: "run `portal backup`: it first destroys the keys of backups past their term, whatever fails",
    AlarmName.DRILL_OLD: "run `portal restore --drill`, and see why its timer didn't",
    AlarmName.DRILL_FAILED: "run `portal restore --drill`: its last line says what is wrong",
    AlarmName.NIGHTLY_LATE: "see that `portal worker` runs and has room; `portal jobs` says what waits",
    AlarmName.NIGHTLY_FAILED: "look up the fault's number of `portal jobs` in the log",
    AlarmName.NIGHTLY_HELD: "ask the school to look at Bewaartermijnen: more people are due than may go by themselves",
    AlarmName.SEALS_BROKEN: "run `portal audit verify`, keep everything as it is: somebody may have altered the audit",
    AlarmName.SEALS_LATE: "see that `portal worker` runs and that both copies of the keys can be reached",
    AlarmName.LEDGER_LATE: "let both copies of the keys be reached: endings and destroyed keys wait for it",
    AlarmName.KEYS_LOST: "bring that copy back; `portal keys verify --heal` fills an empty one",
    AlarmName.KEYS_DIFFER: "run `portal keys verify`, then `portal keys verify --heal`, and find out why",
    AlarmName.DISK_FULL: "make room: with no room nothing is stored and no backup is made",
    AlarmName.MAIL_BOUNCING: "look at the mail server of PORTAL_SMTP_URL and at its log",
    AlarmName.CLOCKS_APART: "let all machines keep the time by NTP: terms, links and seals go by it",
}


@dataclass(frozen=True)
class Alarm:
    """An alarm that is on: why, without anybody's data, and on which machine where it is of that one alone."""

    name: AlarmName
    why: str
    machine: str = ""

    @property
    def what_to_do(self) -> str:
        """What the operator does."""
        return WHAT_TO_DO[self.name]
