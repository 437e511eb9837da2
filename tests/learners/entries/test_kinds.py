"""What features declare of the entries of a record."""

import pytest

from portal.core.db.base import Base
from portal.core.personal_data import fields_of
from portal.learners.entries.kinds import ENTRY_KINDS, KINDS, EntryKind
from portal.learners.record.fields import FIELDS

NEVER_TYPED = {"account", "dealings"}  # categories that the portal itself keeps
POINTERS = {"learner_id", "file_id", "about_id", "contact_person_id", "account_id"}
OF_WHO_ASKS = {
    "asker_name", "asker_contact", "asker_number", "asker_birth_date", "asked_for", "about_name", "filed_by",
    "filed_by_name", "language", "handled_by", "handled_by_name",
}  # fmt: skip
"""What stands beside a complaint of whom nobody here knows, and who has it: not part of a learner's entry."""


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_every_column_that_is_typed_has_a_label(slug: str) -> None:
    kind: EntryKind = KINDS[slug]
    typed = [
        each.key
        for each in fields_of(Base.metadata.tables[kind.name])
        if each.category not in NEVER_TYPED and each.column not in POINTERS | OF_WHO_ASKS
    ]
    assert [field.key for field in kind.all_fields] == typed
    assert {field.category for field in kind.all_fields} == {kind.category}


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_the_columns_that_a_kind_names_are_there(slug: str) -> None:
    kind = KINDS[slug]
    columns = set(Base.metadata.tables[kind.name].columns.keys())
    assert {kind.order, *(kind.period or ())} <= columns
    assert ("statement_shown_at" in columns) == kind.mentions_statement


def test_every_choice_has_a_label() -> None:
    for field in FIELDS.values():
        if field.kind == "choice":
            [kind] = {type(choice) for choice in field.choices}
            assert set(field.choices) == set(kind), field.key


def test_fields_stand_in_the_order_of_the_record() -> None:
    tables = list(dict.fromkeys(field.table for field in FIELDS.values()))
    assert tables == ["learner", *(kind.name for kind in ENTRY_KINDS.all)]
