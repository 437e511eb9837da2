"""Of whom something of a category is held: after that category is erased, nothing is."""

import pytest
from flask import Flask

from portal.core.crypto.key_uses import find_holders
from portal.core.db.scope import in_school
from portal.core.erasure import erase_categories
from portal.core.personal_data import CATEGORIES, PersonKind
from portal.learners.record.models import Learner
from tests.factories.everything import Everything
from tests.seed import SCHOOLS

NEEDED = {column.info.get("personal") for column in Learner.__table__.columns if not column.nullable}
"""What nobody is without: it goes with her."""


@pytest.mark.usefixtures("database")
def test_of_each_category_that_was_erased_nothing_is_held(app: Flask) -> None:
    with in_school(SCHOOLS[0].id), app.app_context():
        learner = Everything().learner
    held, left = 0, []
    for category in sorted({*CATEGORIES} - NEEDED):
        with in_school(SCHOOLS[0].id):
            held += bool(find_holders(PersonKind.LEARNER, [learner.id], category))
            erase_categories(PersonKind.LEARNER, [learner.id], [category], why="test")
        with in_school(SCHOOLS[0].id):
            left += [category] if find_holders(PersonKind.LEARNER, [learner.id], category) else []
    print(f"{held} of {len(CATEGORIES)} categories")
    assert held > len(CATEGORIES) // 2
    assert left == []
