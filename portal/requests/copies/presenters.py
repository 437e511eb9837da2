"""Everything that is held of somebody, in words, for who handles a request of hers."""

from dataclasses import replace

from portal.core.clock import now
from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.core.personal_data import CATEGORIES
from portal.disclosures.queries import list_disclosures_of
from portal.learners.record.fields import masked
from portal.policy.queries import current_policy
from portal.requests.complaints.queries import list_about
from portal.requests.copies.contents.assembly import (
    Contents,
    CopiedCategory,
    CopiedTable,
    told_disclosures,
    told_signed,
    told_withheld,
)
from portal.requests.copies.contents.categories import copied_categories
from portal.requests.copies.contents.log import list_entries_about, list_looks, readable_names
from portal.requests.copies.contents.rows import list_rows
from portal.requests.copies.contents.signed import list_signed_rows
from portal.requests.copies.contents.subjects import subject_of
from portal.requests.data_requests.desk import sees_whole
from portal.requests.data_requests.models import AboutPerson
from portal.schools.queries import current_school

_MASKED = "learner.bsn"


def present_held(row: AboutPerson, by: Actor) -> Contents:
    """Return what the copy of whom a row is about would hold today, in the categories seen; the BSN is masked.

    Management, which decides where nobody else does, sees all of it there (AVG art. 12). What is complained of whoever
    looks isn't there (LB-14). Raises NotFound for nobody.
    """
    subject = subject_of(row)
    seen = frozenset(CATEGORIES) if sees_whole(row, by) else by.sees
    rows, lang, withheld = list_rows(subject), language(), list_about(by.scope)
    entries = [each for each in list_entries_about(subject, rows) if each.subject_id not in withheld]
    rows = [each for each in rows if each.id not in withheld]
    looks = [replace(each, changes=[]) for each in list_looks(entries, readable_names(subject, by.scope))]
    given = list_disclosures_of(subject.id, by.scope) if subject.is_learner and "dealings" in seen else []
    categories = copied_categories(rows, lang, subject.kind)
    return Contents(
        school=current_school().name,
        questions_email=current_policy().controller.questions_email,
        kind=subject.kind,
        name=subject.name,
        number=subject.number,
        language=lang,
        made_at=now(),
        categories=[_masked(each) for each in categories if not subject.is_learner or each.key in seen],
        looks=looks if "dealings" in seen else [],
        given=told_disclosures(given, lang),
        signed=told_signed(list_signed_rows(subject)),
        withheld=told_withheld(subject.kind),
    )


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
