"""What stands on a page of a learner is of a category that the page's view says it shows; an incident is told by it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.audit.declarations import EVENTS, VIEWS, categories_of_view
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.personal_data import CATEGORIES, PersonKind, find_field
from portal.permissions import RESERVED, Role
from tests.conftest import school_id
from tests.factories.restrictions import mark_all
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.house.test_restrictions import found_in, let_wait, own_account, walk
from tests.page_client import PageClient
from tests.signing_in import SignIn

OWN = (Role.LEARNER, Role.REPRESENTATIVE)
SLUGS = ("meester-in-nt2", "onderwijs-pro")


def test_what_a_view_or_an_event_shows_are_categories() -> None:
    shown = {category for each in (*VIEWS.values(), *EVENTS.values()) for category in each.shows}
    assert shown <= set(CATEGORIES)
    assert not [each.name for each in VIEWS.values() if not each.shows and not each.is_of_name and is_told(each.name)]


def is_told(name: str) -> bool:
    """Say whether a view is one of more than a name: these show that something is there or lacks, and not what."""
    return name not in {"learners.incomplete", "overview.notifications", "requests.asked"}


@pytest.mark.sample(0.4)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", [role for role in Role if role not in RESERVED])
def test_a_page_shows_no_category_that_its_view_leaves_out(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        hers = whole.subject(role).id
        marks = of_learners(mark_all(whole.subject(role)))
        pages = [*pages_of(app, whole, role), *(let_wait(whole, marks) if role not in OWN else [])]
    sign_in_as(client, sign_in, whole, role)

    shown, told = dict[str, set[str]](), dict[str, set[str]]()
    for endpoint, path in pages:
        known = views_of(slug, hers)
        found = found_in(walk(client, [(endpoint, path)]), marks)
        shown.setdefault(endpoint, set()).update(category_of(key) for keys in found.values() for key in keys)
        told.setdefault(endpoint, set()).update(view for _id, view in views_of(slug, hers) - known)

    odd = {
        endpoint: left
        for endpoint, categories in shown.items()
        if (views := told[endpoint]) and (left := categories - {"name"}.union(*map(categories_of_view, views)))
    }
    assert not odd
    assert sum(bool(each) for each in shown.values()) > 3 or role is Role.MANAGEMENT


def of_learners(marks: Mapping[str, str]) -> dict[str, str]:
    """The marks of columns that are about learners; a name of staff beside what they signed is theirs."""
    fields = {key: find_field(Base.metadata, key) for key in marks}
    return {key: marks[key] for key, field in fields.items() if field and PersonKind.LEARNER in field.kinds}


def category_of(key: str) -> str:
    field = find_field(Base.metadata, key)
    return field.category if field is not None else "dealings"


def views_of(slug: str, learner_id: UUID) -> set[tuple[UUID, str]]:
    """The entries that say on which page somebody saw something of her."""
    with in_school(school_id(slug)):
        about = AuditEvent.event == "record.viewed", AuditEvent.learner_ids.contains([learner_id])
        what = AuditEvent.facts["what"].astext
        return {(row.id, row.what) for row in session.execute(select(AuditEvent.id, what.label("what")).where(*about))}


def sign_in_as(client: PageClient, sign_in: SignIn, whole: Whole, role: Role) -> None:
    if role is Role.LEARNER:
        sign_in(client, role.value, learner=whole.subject(role))
    else:
        account = whole.parent if role is Role.REPRESENTATIVE else own_account(whole, role)
        sign_in(client, role.value, account=account)
