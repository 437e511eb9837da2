"""Reads of files and who is in them: choices, preview, the list, and the log that a learner sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.db.statistics import joined_as_sets
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.core.jobs import CANCELLED, FAILED, Job
from portal.disclosures.files import selection
from portal.disclosures.files.columns import FileColumn
from portal.disclosures.files.wanted import Wanted
from portal.disclosures.glyphs import is_printable
from portal.disclosures.models import (
    Disclosure,
    DisclosureLearner,
    DisclosureState,
    RecipientAddress,
)
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.organisations.models import Organisation
from portal.policy.queries import current_policy
from portal.policy.schema.recipients import Recipient, Template

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Offer:
    """A file that can be made, or why it can't."""

    template: Template
    recipient: Recipient
    is_usable: bool
    asks_consent: bool


@dataclass(frozen=True)
class Preview:
    """What a file would hold now."""

    count: int
    left_out: dict[str, int]
    columns: list[FileColumn]
    rows: list[tuple[Any, ...]]
    learner_ids: list[UUID]
    row_count: int


@dataclass(frozen=True)
class Unprintable:
    """A learner in a file whose name can't stand on paper as it is."""

    learner_id: UUID
    number: str
    name: str


@dataclass(frozen=True)
class LeftOut:
    """A learner who is not in a file, and why."""

    learner_id: UUID
    name: str
    reason: str


@dataclass(frozen=True)
class FileLine:
    """A file in the list; `state` is how it stands, "failed" where the worker gave up, "cancelled" where it stopped."""

    disclosure: Disclosure
    learners: int
    state: str


def list_offers() -> list[Offer]:
    """Return the files that the school's policy knows, in its order; an unusable recipient says so (OP-08, LL-15)."""
    policy = current_policy()
    return [
        Offer(
            template=template,
            recipient=policy.recipient(template.recipient),
            is_usable=policy.is_usable(policy.recipient(template.recipient)),
            asks_consent=policy.consent_for_template(template.key) is not None,
        )
        for template in policy.templates
    ]


def get_offer(key: str) -> Offer:
    """Return one offer; raises NotFound for a template that the policy hasn't."""
    found = next((offer for offer in list_offers() if offer.template.key == key), None)
    if found is None:
        raise NotFound("template")
    return found


def list_clients() -> list[tuple[UUID, str]]:
    """Return the organisations that pay for a trajectory, by name."""
    statement = select(Organisation.id, Organisation.name).where(Organisation.school_id == current_school_id())
    return [(row.id, row.name) for row in session.execute(statement.order_by(Organisation.name))]


@joined_as_sets()
def preview(wanted: Wanted) -> Preview:
    """Return who would be in the file, how many are left out and why, and its first rows."""
    everyone = selection.candidates(wanted)
    counts = session.execute(select(everyone.c.reason, func.count()).group_by(everyone.c.reason)).all()
    reasons: dict[str | None, int] = {row[0]: row[1] for row in counts}
    learners = selection.included(wanted)
    columns, statement = selection.rows_of(wanted, learners)
    row_count = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = session.execute(statement.limit(SAMPLE_ROWS)).all()
    return Preview(
        count=reasons.pop(None, 0),
        left_out={str(reason): count for reason, count in reasons.items()},
        columns=columns,
        rows=opened(columns, [tuple(row) for row in rows]),
        learner_ids=list({row[0] for row in rows}),
        row_count=row_count,
    )


def list_unprintable(wanted: Wanted) -> list[Unprintable]:
    """Return the learners in a file whose number or name has characters that paper can't show, by name."""
    rows = session.execute(
        select(Learner.id, Learner.number, Learner.full_name)
        .where(Learner.school_id == current_school_id(), Learner.id.in_(selection.included(wanted)))
        .order_by(Learner.sort_name, Learner.id)
    )
    return [Unprintable(*row) for row in rows if not (is_printable(row[1]) and is_printable(row[2]))]


def opened(columns: Sequence[FileColumn], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows without the learner's id, with sealed values opened, in one look-up of keys."""
    sealed = [place for place, column in enumerate(columns) if column.is_sealed]
    values = [list(row[1:]) for row in rows]
    for place in sealed:
        texts = iter(keys.unseal_values((row[0], columns[place].key, row[1 + place]) for row in rows))
        for target, text in zip(values, texts, strict=True):
            target[place] = text
    return [tuple(row) for row in values]


@joined_as_sets()
def list_left_out(wanted: Wanted, *, most: int = 200) -> list[LeftOut]:
    """Return the first learners who are left out, by name, each with the reason."""
    everyone = selection.candidates(wanted)
    statement = (
        select(Learner.id, Learner.full_name.label("name"), everyone.c.reason)
        .join(everyone, everyone.c.id == Learner.id)
        .where(Learner.school_id == current_school_id(), everyone.c.reason.is_not(None))
        .order_by(everyone.c.sort_name, Learner.id)
        .limit(most)
    )
    return [LeftOut(row.id, row.name, str(row.reason)) for row in session.execute(statement)]


def get_disclosure(disclosure_id: UUID, scope: Scope) -> Disclosure:
    """Return a file as it stands now, with its client; raises NotFound, also without the whole school."""
    scope.must_reach_school("disclosure")
    found = session.get(
        Disclosure,
        (current_school_id(), disclosure_id),
        options=[joinedload(Disclosure.client)],
        populate_existing=True,
    )
    if found is None:
        raise NotFound("disclosure")
    return found


def list_files(*, most: int = 50) -> list[FileLine]:
    """Return the newest files with client, how many learners are in each and how it stands, in one statement."""
    learners = (
        select(func.count())
        .where(DisclosureLearner.school_id == Disclosure.school_id, DisclosureLearner.disclosure_id == Disclosure.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Disclosure, learners, Job.state)
        .options(joinedload(Disclosure.client))
        .outerjoin(Job, (Job.school_id == Disclosure.school_id) & (Job.id == Disclosure.job_id))
        .where(Disclosure.school_id == current_school_id())
        .order_by(Disclosure.made_at.desc())
        .limit(most)
    )
    return [FileLine(file, count, _stands(file, job_state)) for file, count, job_state in rows]


def _stands(file: Disclosure, job_state: str | None) -> str:
    if file.state is not DisclosureState.WAITING:
        return file.state.value
    is_over = job_state in {None, FAILED}  # of what ended long ago the job is gone
    return CANCELLED if job_state == CANCELLED else FAILED if is_over else file.state.value


def count_learners(disclosure: Disclosure) -> int:
    """Return how many learners are in a file."""
    return (
        session.scalar(
            select(func.count()).where(
                DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
            )
        )
        or 0
    )


def list_learner_ids(disclosure: Disclosure) -> list[UUID]:
    """Return the ids of the learners in a file."""
    return list(
        session.scalars(
            select(DisclosureLearner.learner_id).where(
                DisclosureLearner.school_id == current_school_id(), DisclosureLearner.disclosure_id == disclosure.id
            )
        )
    )


def list_disclosures_of(learner_id: UUID, scope: Scope) -> list[Disclosure]:
    """Return the given files with this learner, who is within reach, newest first, with their client (MN-14)."""
    statement = (
        select(Disclosure)
        .options(joinedload(Disclosure.client))
        .join(
            DisclosureLearner,
            (DisclosureLearner.school_id == Disclosure.school_id) & (DisclosureLearner.disclosure_id == Disclosure.id),
        )
        .where(
            Disclosure.school_id == current_school_id(),
            DisclosureLearner.learner_id == learner_id,
            reaches_learner(scope, DisclosureLearner.learner_id),
            Disclosure.first_downloaded_at.is_not(None),
        )
        .order_by(Disclosure.first_downloaded_at.desc())
    )
    return list(session.scalars(statement))


def addresses() -> dict[str, str]:
    """Return the e-mail address of each recipient that has one."""
    rows = session.scalars(select(RecipientAddress).where(RecipientAddress.school_id == current_school_id()))
    return {row.recipient: row.email for row in rows}


def count_by_client(client_id: UUID | None = None) -> Mapping[UUID, int]:
    """Return how many files were made for each client, or for this one alone; clients without any are left out."""
    statement = (
        select(Disclosure.client_id, func.count())
        .where(Disclosure.school_id == current_school_id(), Disclosure.client_id.is_not(None))
        .group_by(Disclosure.client_id)
    )
    if client_id is not None:
        statement = statement.where(Disclosure.client_id == client_id)
    return {client: count for client, count in session.execute(statement) if client is not None}


def is_open(disclosure: Disclosure) -> bool:
    """Say whether the file can be fetched."""
    return disclosure.state in {DisclosureState.READY, DisclosureState.DISCLOSED}
