"""Keeping that a form showed somebody the privacy statement, once for each version (LB-01)."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.policy.queries import find_version


def note_given(
    version: str,
    *,
    form: str,
    language: str,
    account_id: UUID | None = None,
    learner_id: UUID | None = None,
    contact_person_id: UUID | None = None,
    by: Actor | None = None,
) -> None:
    """Note that a form showed this version of the statement (its name) to the holder of an account.

    `learner_id` instead where somebody else (`by`) filled it in and pointed it out to her, `contact_person_id` of who
    filled it in without an account. A form that showed none, or
    one that the school hasn't, is noted nowhere, and the second time changes nothing.
    """
    found = find_version(version) if "\0" not in version else None
    if found is None:
        return
    row = {
        "id": new_id(),
        "school_id": current_school_id(),
        "account_id": account_id,
        "learner_id": learner_id,
        "contact_person_id": contact_person_id,
        "way": NoticeWay.FORM,
        "form": form,
        "statement_version_id": found.id,
        "language": language,
        "told_at": now(),
        "told_by": by.account_id if by is not None else None,
        "told_by_name": by.name if by is not None else "",
    }
    session.execute(insert(PrivacyNotice).values(row).on_conflict_do_nothing())
