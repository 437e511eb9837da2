"""What a file says is said in words: every column that a policy can put into one has a heading and no bare codes."""

import pytest
from sqlalchemy import Boolean, Enum

from portal.core.db.base import Base
from portal.disclosures.files.columns import choices_of, heading_of
from portal.learners.record.fields import FIELDS
from portal.learners.trajectories.entries import TRAJECTORY
from tests.factories.policy import SLUGS, shipped

EVERY = [*(key for key in FIELDS if key.startswith("learner.")), *(field.key for field in TRAJECTORY.all_fields)]


@pytest.mark.parametrize("key", EVERY)
def test_every_field_of_a_record_has_a_heading_and_words_for_its_codes(key: str) -> None:
    table, _, name = key.partition(".")
    kind = Base.metadata.tables[table].c[name].type
    codes = list(kind.enums) if isinstance(kind, Enum) else ["true", "false"] if isinstance(kind, Boolean) else []

    assert heading_of(key)
    assert set(codes) <= set(choices_of(key))
    assert not {str(choices_of(key)[code]) for code in codes} & {code for code in codes if len(code) > 3}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_field_of_a_file_template_has_a_heading(slug: str) -> None:
    fields = {field for template in shipped(slug).templates for field in template.fields}
    assert {field: heading_of(field) for field in fields}
