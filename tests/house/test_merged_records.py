"""A record that became part of another takes nothing more: every address about one learner refuses it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.core.clock import today
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.http.scope import Reach
from portal.identity.documents.layouts import LAYOUTS, DocumentKind
from portal.learners.record.models import Learner
from portal.permissions import Role, reach_of
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import make_course
from tests.factories.documents import paper
from tests.factories.evaluations import make_questions
from tests.factories.learners import make_learner
from tests.factories.policy import in_force
from tests.house.rows import TABLES, make_row
from tests.house.test_addresses import CHOSEN_BY_ADDRESS, HERE, Address, addresses, table_of, written_in
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

Prepare = Callable[..., Callable[[], int]]
DAY = today().isoformat()
# What each address is sent, filled in well, with its words in the address; a new address needs a line here.
_PASSPORT = LAYOUTS[DocumentKind.PASSPORT]
BOXES = {f"box_{part}": ",".join(str(number) for number in box) for part, box in _PASSPORT.items()}


def handed_in() -> tuple[BytesIO, str]:
    """A picture of a document with its parts blacked out."""
    return BytesIO(paper(_PASSPORT.values())), "document.png"


SENT: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "progress.enter_result": ({"uitslag-part": "knm", "uitslag-taken_on": DAY, "uitslag-outcome": "passed"}, {}),
    "attendance.write_note": ({"body": "Goed bezig"}, {}),
    "progress.write_note": ({"notitie-body": "Goed bezig"}, {}),
    "progress.write_evaluation": (
        {"evaluatie-kind": "progress", "evaluatie-held_on": DAY, "evaluatie-body": "Goed bezig"},
        {},
    ),
    "progress.start_joint_evaluation": ({"kind": "progress"}, {}),
    "representation.end_own_access": ({}, {}),
    "representation.give_access_back": ({}, {}),
    "representation.new_representative": (
        {
            "kind": "authorised",
            "name": "Jan Bos",
            "email": "jan.bos@example.org",
            "proof": "brief",
            "ends_on": (today() + timedelta(days=30)).isoformat(),
        },
        {},
    ),
    "representation.end_representative": ({}, {}),
    "identity.keep_document": ({"kind": "passport", "is_attested": "y", **BOXES, "picture": handed_in}, {}),
    "learners.store_entry": ({"held_on": "1-9-2026"}, {"slug": "intakes"}),
    "learners.change_entry_of": ({"held_on": "2-9-2026"}, {}),
    "learners.delete_entry": ({}, {}),
    "learners.reveal": ({}, {}),
    "learners.undo": ({}, {}),
    "learners.change": ({"phone": "+31687654321", "source": "school"}, {"category": "contact"}),
    "learners.end_ground": ({}, {"column": "phone"}),
    "learners.give_one_coach": ({"account_id": "geen", "starts_on": DAY}, {}),
    "learners.join": ({"starts_on": DAY}, {}),
    "retention.store_hold": ({"reason": "claim", "details": "Zaak 12", "ends_on": DAY}, {}),
    "learners.add_waiting": ({"since_on": DAY, "course_id": "{course}"}, {}),
}


def about_a_learner(app: Flask) -> list[Address]:
    return [each for each in addresses(app) if each.method == "POST" and "learner_id" in each.ids]


def new_record() -> UUID:
    """A record with something for each address to take hold of."""
    account = make_account("Amina Yilmaz", "learner")
    grounds = {"phone": "voor de vervoerder"}
    learner = make_learner(phone="+31612345678", bsn="999999990", account_id=account.id, grounds=grounds)
    make_coaching(learner, make_coach())
    make_questions()
    return learner.id


def rows_of(address: Address, learner_id: UUID) -> dict[str, Any]:
    """Rows for all that the address names, each of them this learner's where it is anybody's."""
    ids: dict[str, Any] = {"learner_id": learner_id}
    for argument in address.ids:
        if argument not in ids:
            name, words = CHOSEN_BY_ADDRESS.get(argument) or (table_of(argument), {})
            hers = {"learner_id": learner_id} if "learner_id" in TABLES[name].c else {}
            ids |= {argument: make_row(name, **hers)["id"], **words}
    if "lesson_id" in ids:  # only who is in its register can be written about there
        make_row("attendance_mark", lesson_id=ids["lesson_id"], learner_id=learner_id)
    return ids


def merge_away(learner_id: UUID) -> None:
    """Let the record be part of another; the rows stay, so that only the mark on the record can refuse."""
    session.get_one(Learner, (current_school_id(), learner_id)).merged_into_id = make_learner("Emine").id


@pytest.fixture
def prepare(app: Flask, sign_in: SignIn) -> Prepare:
    """Return what makes a post about a learner ready, by somebody who reaches the whole school."""
    clients: dict[Role, PageClient] = {}

    def prepared(address: Address, *, is_merged: bool) -> Callable[[], int]:
        role = next(role for role in address.roles if reach_of(frozenset({role})) is not Reach.OWN_GROUPS)
        if role not in clients:
            clients[role] = PageClient(app, HERE.host)
            sign_in(clients[role], role.value)
        data, words = SENT[address.rule.endpoint]
        with in_school(HERE.id):
            data = {
                "statement": in_force(),
                **{name: value() if callable(value) else value for name, value in data.items()},
            }
            if data.get("course_id"):
                data["course_id"] = str(make_course().id)
            learner_id = new_record()
            url = address.url(**words, **rows_of(address, learner_id))
            if is_merged:
                merge_away(learner_id)
        return lambda: int(clients[role].post(url, data).status_code)

    return prepared


def test_every_address_about_a_learner_is_walked(app: Flask) -> None:
    assert {address.rule.endpoint for address in about_a_learner(app)} == set(SENT)


def test_a_record_in_use_takes_what_is_sent(app: Flask, database: Any, prepare: Prepare) -> None:
    asked = [(address, prepare(address, is_merged=False)()) for address in about_a_learner(app)]
    assert not [f"{address}: {status}" for address, status in asked if status not in {200, 303}]


def test_a_record_that_became_part_of_another_takes_nothing(
    app: Flask, database: Any, prepare: Prepare, count_statements: Callable[[], Any]
) -> None:
    taken = []
    for address in about_a_learner(app):
        post = prepare(address, is_merged=True)
        with count_statements() as seen:
            status = post()
        if status not in {404, 303} or written_in(seen):
            taken.append(f"{address}: {status} {written_in(seen)}")
    assert not taken
