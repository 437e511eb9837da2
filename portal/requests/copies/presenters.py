"""Everything that is held of a learner, in words, for who handles a request of hers."""

from dataclasses import replace
from uuid import UUID

from portal.accounts.queries import select_holders
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.core.personal_data import CATEGORIES
from portal.disclosures.queries import list_disclosures_of
from portal.learners.merges.queries import list_merged_ids
from portal.learners.record.fields import masked
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.requests.copies.contents.assembly import (
    Contents,
    CopiedCategory,
    CopiedTable,
    copied_categories,
    told_disclosures,
    told_withheld,
)
from portal.requests.copies.contents.log import list_all_entries, list_looks
from portal.requests.copies.contents.rows import list_rows
from portal.requests.log_names.queries import get_readable_names
from portal.schools.queries import current_school

_MASKED = "learner.bsn"


def present_held(learner_id: UUID, by: Actor) -> Contents:
    """Return what her copy would hold today, in the categories that this person sees; the BSN is masked.

    Management, which decides where nobody else does, sees all of it there (AVG art. 12).
    """
    seen = by.sees if _is_decided_by_others(by) else frozenset(CATEGORIES)
    learner = session.get_one(Learner, (current_school_id(), learner_id))
    entries = list_all_entries(learner_id, list_merged_ids(learner_id, by.scope))
    lang = language()
    looks = [replace(each, changes=[]) for each in list_looks(entries, get_readable_names(learner_id, by.scope))]
    return Contents(
        school=current_school().name,
        questions_email=current_policy().controller.questions_email,
        name=learner.full_name,
        number=learner.number,
        language=lang,
        made_at=now(),
        categories=[_masked(each) for each in copied_categories(list_rows(learner_id), lang) if each.key in seen],
        looks=looks if "dealings" in seen else [],
        given=told_disclosures(list_disclosures_of(learner_id, by.scope), lang) if "dealings" in seen else [],
        withheld=told_withheld(),
    )


def _is_decided_by_others(by: Actor) -> bool:
    """Say whether the school has somebody whose work requests are, and this isn't she."""
    if Role.PRIVACY_STAFF.value in by.roles:
        return False
    return session.scalar(select_holders([Role.PRIVACY_STAFF]).limit(1)) is not None


def _masked(category: CopiedCategory) -> CopiedCategory:
    return replace(category, tables=[_masked_table(each) for each in category.tables])


def _masked_table(table: CopiedTable) -> CopiedTable:
    rows = [
        replace(
            row,
            values=[replace(value, text=masked(value.text)) if value.key == _MASKED else value for value in row.values],
        )
        for row in table.rows
    ]
    return replace(table, rows=rows)
