"""Before an erasure: files in which somebody stands beside others lose her part."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.core.removal import Part
from portal.disclosures.files.production import remove_content
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.recipients.withdrawals import make_anew


def take_out_of_files(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Void and remake the files with these learners that nobody fetched; those that were fetched go from the disk.

    Where a part of what is held goes, only files that hold something of it. What is made anew is made after the commit,
    without it.
    """
    if kind is not PersonKind.LEARNER:
        return
    for disclosure in _files_with(ids, part):
        if disclosure.state is DisclosureState.READY:
            make_anew(disclosure)
        else:
            remove_content(disclosure)
    session.flush()


def _files_with(ids: Sequence[UUID], part: Part | None) -> list[Disclosure]:
    holds = select(DisclosureLearner.disclosure_id).where(
        DisclosureLearner.school_id == current_school_id(), among_ids(DisclosureLearner.learner_id, ids)
    )
    statement = select(Disclosure).where(
        Disclosure.school_id == current_school_id(), Disclosure.file_id.is_not(None), Disclosure.id.in_(holds)
    )
    if part is not None:
        of_categories = Disclosure.categories.bool_op("&&")(list(part.categories))
        is_held = of_categories if part.fields is None else Disclosure.fields.bool_op("&&")(list(part.fields))
        statement = statement.where(is_held)
    locked = statement.order_by(Disclosure.made_at, Disclosure.id).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))
