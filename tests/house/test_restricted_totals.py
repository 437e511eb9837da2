"""A page of staff says of totals what it would if a learner who restricted her data had never been there (ST-08).

Of each table that can hold something about her there is a row, and she is in a group, with a client and a coach.
"""

import re
from difflib import ndiff
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.core.db.base import Base
from portal.core.db.scope import in_school, revealed
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, direct_columns
from portal.courses.models import Lesson
from portal.hours.figures.services import count_all
from portal.learners.record.models import Learner
from portal.permissions import Role
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coaching
from tests.factories.courses import enrol
from tests.factories.learners import make_learner, make_trajectory
from tests.factories.restrictions import hold, mark_all
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.house.test_restrictions import SLUGS, STAFF, own_account, walk
from tests.page_client import PageClient
from tests.signing_in import SignIn

OTHER = {"attendance.register", "accounts.set_up_second_factor", "overview.audit", "overview.staff_data"}
"""Where her name and mark stand all the same; a key made anew each time; who looked, which grows with each look."""


def _add(whole: Whole) -> Learner:
    hers = make_learner("Zoraya", "Kwikstaart")
    enrol(hers, whole.scene.group)
    make_mark(session.get_one(Lesson, (hers.school_id, whole.given["lesson_id"])), hers)
    make_coaching(hers, whole.coach)
    make_trajectory(hers, client_id=whole.scene.client.id)
    mark_all(hers)
    return hers


def _take_out(hers: Learner) -> None:
    """Take every row of hers out, as if she had never been there; what they pointed to stays."""
    for table in reversed(Base.metadata.sorted_tables):
        is_kept = "school_id" not in table.c or table.name.startswith("audit")
        columns = [] if is_kept else direct_columns(table, PersonKind.LEARNER)
        for column in columns:
            session.execute(delete(table).where(table.c.school_id == hers.school_id, column == hers.id))


def _said(pages: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Return by address what a page says, without its markup and the minute at which something was counted."""
    return {
        path: re.sub(r"<script.*?</script>|<[^>]+>|\d\d:\d\d|\s+", " ", text.partition("<main")[2], flags=re.S)
        for path, (endpoint, text) in pages.items()
        if endpoint not in OTHER and not endpoint.startswith("requests.")
    }


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.sample(0.2)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", STAFF)
def test_totals_are_as_if_she_had_never_been_there(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")

    def reads() -> dict[str, str]:
        with in_school(school_id(slug)), app.app_context():
            count_all()
        return _said(walk(client, pages))

    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        pages = list(pages_of(app, whole, role))
        hers = _add(whole)
    sign_in(client, role.value, account=own_account(whole, role))
    walk(client, pages)
    with_her = reads()
    with in_school(school_id(slug)), app.app_context():
        hold(hers.id)
    shielded = reads()
    with in_school(school_id(slug)), app.app_context(), revealed(hers.id):
        _take_out(hers)
    without = reads()

    assert [path for path in without if with_her[path] != without[path]]
    odd = {
        path: [line for line in ndiff(without[path].split(), shielded[path].split()) if line[0] in "+-"]
        for path in without
        if shielded[path] != without[path]
    }
    assert not odd
