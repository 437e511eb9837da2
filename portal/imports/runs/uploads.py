"""Handing in a workbook: what can't be taken is refused at once, the rest is kept encrypted until it is stored."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.jobs import ask
from portal.core.values import tidy
from portal.imports.models import ImportRun, RunState, Subject
from portal.imports.queries import MAY_RUN
from portal.imports.workbooks.container import MAX_BYTES, kind_of, refusal

KEPT = timedelta(hours=24)
"""So long waits a workbook for somebody to go on with it, and so long can a run be undone."""


def read_at_most(stream: BinaryIO) -> bytes:
    """Return a file's bytes; raises Invalid("too_large") without reading more than is allowed."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refusal("too_large", most=MAX_BYTES // 1024 // 1024)
    return data


def hand_in_workbook(
    stream: BinaryIO,
    name: str,
    *,
    by: Actor,
    subject: Subject = Subject.LEARNERS,
    options: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Keep a workbook and ask for it to be read; raises Invalid beside `workbook` when it can't be taken.

    `options` is what goes for all rows and is known already.
    """
    by.must(MAY_RUN[subject])
    data = read_at_most(stream)
    name = tidy(PurePath(name.replace("\\", "/")).name)[-200:]
    kind_of(data, name)
    run = new_run(name, by=by, subject=subject, options=options)
    run.file_id = files.store([data], expires_at=run.expires_at)
    session.add(run)
    session.flush()
    run.job_id = ask("imports.read", {"run_id": str(run.id)}).id
    session.flush()
    audit.record("imports.handed_in", subject=("import_run", run.id), by=by)
    return run


def new_run(
    name: str, *, by: Actor, subject: Subject = Subject.LEARNERS, options: Mapping[str, Any] | None = None
) -> ImportRun:
    """Return a run that begins now, not yet stored."""
    return ImportRun(
        id=new_id(),
        subject=subject,
        state=RunState.READING,
        file_name=name,
        started_by=by.account_id,
        started_by_name=by.name,
        started_at=now(),
        expires_at=now() + KEPT,
        refusal_facts={},
        sheets=[],
        options=dict(options or {}),
        decisions={},
        counts={},
        made={},
    )
