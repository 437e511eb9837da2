"""Whoever is shown something of a learner is written down: every address is asked about one whom nobody saw before.

Pages are opened; forms are sent empty, so that most are refused and shown again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.permissions import RESERVED, Permission, Role
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_enrolment, make_learner, make_representative
from tests.house.rows import TABLES, make_row
from tests.house.test_addresses import CHOSEN_BY_ADDRESS, HERE, Address, addresses, table_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

# Whose every page bears a name: her own, or the one she looks for.
_OWN = (Role.LEARNER, Role.REPRESENTATIVE)
# What stands for the words in an address.
WORDS = {"name": "phone", "purpose": "survey", "category": "contact", "column": "phone", "subject": "alles"}
Opened = Callable[[Address], tuple[Learner, TestResponse]]


def rows_about(learner: Learner, address: Address, actor: Actor) -> dict[str, Any]:
    """Rows for all that an address names, hers where they are anybody's, in a group of hers that `actor` teaches."""
    group = make_group()
    make_teacher_of(group, actor)
    about: dict[str, Any] = {
        "purpose": WORDS["purpose"],
        "learner_id": learner.id,
        "group_id": group.id,
        "lesson_id": make_lesson(group, held_on=today()).id,
        "enrolment_id": make_enrolment(learner, group, starts_on=today() - timedelta(days=9)).id,
    }
    ids: dict[str, Any] = {}
    for argument in address.ids:
        name, words = CHOSEN_BY_ADDRESS.get(argument) or (table_of(argument), {})
        hers = {column: value for column, value in about.items() if column in TABLES[name].c}
        ids |= {argument: about.get(argument) or make_row(name, **hers)["id"], **words}
    return ids


@pytest.fixture
def opened(app: Flask, database: Any, sign_in: SignIn, request: pytest.FixtureRequest) -> Opened:
    """Return what opens a page in the role of this test, on a learner who is new; as herself, or for her, too."""
    role: Role = request.getfixturevalue("role")

    def open_page(address: Address) -> tuple[Learner, TestResponse]:
        client = PageClient(app, HERE.host)
        with in_school(HERE.id):
            learner = make_learner(f"Quirina{new_id().hex[-8:]}", f"Kwik{new_id().hex[-8:]}")
        actor = sign_in(client, role.value, learner=learner if role is Role.LEARNER else None)
        with in_school(HERE.id):
            if role is Role.REPRESENTATIVE:
                make_representative(learner, account_id=actor.account_id)
            url = address.url(**WORDS, **rows_about(learner, address, actor))
        if address.method != "GET":
            return learner, client.post(url)
        return learner, client.get(f"{url}?zoek={learner.given_name}&houd={learner.id}")

    return open_page


def seen() -> set[UUID]:
    """Everybody of whom a view was written down."""
    with in_school(HERE.id):
        entries = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed"))
        return {learner_id for entry in entries for learner_id in entry}


@pytest.mark.promise("LB-08")
@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", [role for role in Role if role not in RESERVED])
def test_nothing_shows_a_learner_without_an_entry(app: Flask, opened: Opened, role: Role) -> None:
    unseen, shown = [], 0
    for address in addresses(app):
        if role not in address.roles:
            continue
        learner, page = opened(address)
        is_hers = address.access == Permission.RECORD_OWN and address.method == "GET" and page.status_code == 200
        is_named = role not in _OWN and learner.family_name.encode() in page.get_data()
        if is_hers or is_named:
            shown += 1
            unseen += [str(address)] if learner.id not in seen() else []
    assert not unseen, "\n".join(unseen)
    assert shown
