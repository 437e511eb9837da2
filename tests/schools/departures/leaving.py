"""A school that leaves, and one that stays: what there is of them, and what the operator says."""

from pathlib import Path
from uuid import UUID

from click.testing import CliRunner, Result
from sqlalchemy import func, select

from portal import cli, config
from portal.config import settings
from portal.core.command_setup import in_language
from portal.core.crypto import files
from portal.core.db.scope import in_school, reveal
from portal.core.db.session import session
from portal.core.redis import key, redis
from tests.factories.everything import Everything
from tests.house.rows import OWNED, TABLES
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0], SCHOOLS[1]
SECRET = b"wat alleen in haar bestand staat"
cli._load()


class Left:
    """What stands in the school that leaves, and in one that stays."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.certificate = tmp_path / "handed" / "over", tmp_path / "certificate.txt"
        for school in (HERE, THERE):
            with in_school(school.id), in_language("nl"):
                learner = Everything().learner
                file_id = files.store([SECRET], about=(learner.id, "identity_document.file_id"))
                redis().set(key("seen_from", school.id), "1", ex=900)
            if school is HERE:
                self.learner_id, self.file_id = learner.id, file_id

    def hand_over(self) -> Result:
        return close("--hand-over", str(self.folder))

    def destroy(self, *options: str, typed: str = HERE.slug) -> Result:
        return close("--destroy", "--certificate", str(self.certificate), *options, typed=typed)


def close(*options: str, typed: str = HERE.slug) -> Result:
    config.settings.cache_clear()
    return CliRunner().invoke(cli.portal, ["school", "close", HERE.slug, *options], input=f"{typed}\n")


def counted(school_id: UUID) -> dict[str, int]:
    """How much there is of a school, by table, in files and in Redis."""
    with in_school(school_id):
        reveal()
        found = {name: session.scalar(select(func.count()).select_from(TABLES[name])) or 0 for name in OWNED}
    found["files"] = sum(1 for path in (settings().files_dir / str(school_id)).rglob("*") if path.is_file())
    found["redis"] = sum(1 for _ in redis().scan_iter(match=key(f"*{school_id}*")))
    return found
