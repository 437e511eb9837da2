"""Letting copies go with the person whose they are, where no path of the registry leads to them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import files
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.representation.models import Representative
from portal.requests.copies.models import DataCopy


def forget_copies(learner_ids: Collection[UUID], fields: Collection[str]) -> None:
    """Let the files go of who represents these learners, where her row goes with theirs: the rows follow by key."""
    if "representative.name" not in fields:
        return
    held = (
        select(DataCopy.file_id)
        .join(
            Representative,
            (Representative.school_id == DataCopy.school_id) & (Representative.id == DataCopy.representative_id),
        )
        .where(
            DataCopy.school_id == current_school_id(),
            DataCopy.file_id.is_not(None),
            among_ids(Representative.learner_id, learner_ids),
        )
    )
    for file_id in session.scalars(held).all():
        if file_id is not None:
            files.remove(file_id)
