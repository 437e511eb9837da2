"""A workbook being brought in, what it would do, what it did, and how its columns were mapped before."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.db.periods import HasExpiry
from portal.core.personal_data import (
    Path,
    Sealed,
    by_account,
    held_in,
    no_person,
    not_personal,
    personal,
    reaches,
    reaches_learner,
)


class RunState(StrEnum):
    """Where a workbook stands. What a stopped or failed job left behind, its job tells."""

    READING = "reading"
    MAPPING = "mapping"
    CHECKING = "checking"
    READY = "ready"
    STORING = "storing"
    STORED = "stored"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"
    DISCARDED = "discarded"


class Subject(StrEnum):
    """What a workbook is about: learners, or results of tests of learners who are there."""

    LEARNERS = "learners"
    RESULTS = "results"


class Outcome(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Listing(StrEnum):
    """The lists of a preview: rows by what becomes of them, those with a value that stays as the learner put it, those
    of which something was read in another way than it stands, and rows and sheets that hold no learner.
    """

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    KEPT = "kept"
    NOTED = "noted"
    SKIPPED = "skipped"


class ImportRun(HasExpiry, SchoolOwned):
    """A workbook that somebody handed in. The file itself is kept encrypted and goes once its rows are stored.

    `sheets` says of each sheet where its header stands, its labels and where its columns go; `options` what goes for
    all rows (act, grounds, whether it overwrites what learners changed themselves; of results the group, the test, the
    skill and the day); `decisions` what a person decided for a row: a learner's id, "new", or which of two results
    stands.
    """

    __tablename__ = "import_run"
    __people__ = reaches(
        learner=held_in("import_row.run_id", is_shared=True),
        representative=None,
        contact_person=None,
        staff=(by_account("started_by"), by_account("undone_by")),
    )
    __table_args__ = (Index("ix_import_run_started_at", "school_id", "started_at"),)

    subject: Mapped[Subject] = one_of(Subject, info=not_personal())
    state: Mapped[RunState] = one_of(RunState, info=not_personal())
    file_id: Mapped[UUID | None] = mapped_column(info=personal("dealings", is_file=True))
    file_name: Mapped[str] = mapped_column(String(200), info=not_personal())
    refusal: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    refusal_facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=not_personal())
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, info=not_personal())
    samples: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("dealings"))
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=not_personal())
    decisions: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, info=personal("dealings"))
    made: Mapped[dict[str, list[str]]] = mapped_column(JSONB, default=dict, info=not_personal())
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=not_personal())
    job_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    started_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="started_by"))
    started_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="started_by", identifies=True)
    )
    started_at: Mapped[datetime] = mapped_column(info=not_personal())
    stored_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    undone_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="undone_by"))
    undone_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="undone_by", identifies=True)
    )
    undone_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    expires_at: Mapped[datetime] = mapped_column(info=not_personal())


class ImportPage(SchoolOwned):
    """Some fifty rows with what becomes of them, sealed under the school's key; gone with the run's term."""

    __tablename__ = "import_page"
    __people__ = reaches(learner=Path("run_id", is_shared=True), representative=None, contact_person=None, staff=None)
    __table_args__ = (UniqueConstraint("school_id", "run_id", "listing", "number", name="uq_import_page_number"),)

    run_id: Mapped[UUID] = reference("import_run")
    listing: Mapped[Listing] = one_of(Listing, info=not_personal())
    number: Mapped[int] = mapped_column(info=not_personal())
    content: Mapped[bytes] = mapped_column(LargeBinary, info=personal("dealings"))


class ImportRow(SchoolOwned):
    """What a run did to one learner, so that it can be undone: rows made, and values as they were, sealed."""

    __tablename__ = "import_row"
    __people__ = reaches_learner()
    __table_args__ = (UniqueConstraint("school_id", "run_id", "learner_id", name="uq_import_row_learner"),)

    run_id: Mapped[UUID] = reference("import_run", info=personal("dealings"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    is_added: Mapped[bool] = mapped_column(info=personal("dealings"))
    version: Mapped[int] = mapped_column(info=not_personal())
    before: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings"))
    made: Mapped[dict[str, list[str]]] = mapped_column(JSONB, default=dict, info=not_personal())


class ImportMapping(SchoolOwned):
    """Where the columns of a sheet with this header went the last time."""

    __tablename__ = "import_mapping"
    __people__ = no_person("labels of columns")
    __table_args__ = (UniqueConstraint("school_id", "fingerprint", name="uq_import_mapping_fingerprint"),)

    fingerprint: Mapped[str] = mapped_column(String(64), info=not_personal())
    targets: Mapped[dict[str, str]] = mapped_column(JSONB, info=not_personal())
    is_group: Mapped[bool] = mapped_column(default=False, info=not_personal())
    is_used: Mapped[bool] = mapped_column(default=True, info=not_personal())
    used_at: Mapped[datetime] = mapped_column(info=not_personal())
