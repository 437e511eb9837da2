"""The trail at the schools that promise one: whatever form is sent, what it changes of a learner leaves an entry; who
asks for what is beyond her is written down; what is altered, removed or slipped in afterwards is found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from portal.core.audit import AuditEvent
from portal.core.audit.declarations import EVENTS
from portal.core.audit.seals import seal_entries
from portal.core.audit.verification import verify
from portal.core.clock import now, today
from portal.core.db.base import Base
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.fields import FIELDS
from portal.permissions import RESERVED, Role
from tests.conftest import school_id, use
from tests.core.audit.conftest import Owner
from tests.database import TestDatabase, cloned
from tests.factories.learners import make_learner
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.house.test_addresses import HERE, addresses, make_rows
from tests.page_client import PageClient, forms_in
from tests.promises.outside import typed
from tests.signing_in import SignIn, put_cookie

Sent = dict[tuple[str, tuple[str, ...]], dict[str, str]]
_WRITES = re.compile(r"\b(?:insert into|delete from)\s+\"?(\w+)|\bupdate\s+\"?(\w+)\"?\s+set\b", re.I)
KEPT = {"learner"} | {
    name
    for name, table in Base.metadata.tables.items()
    if "learner_id" in table.c
    and not name.startswith(("account", "audit_", "import_", "mail", "notification", "stored_file"))
}
"""The tables that hold what the school keeps of one learner; what a workbook brought and nobody stored isn't, nor what
tells somebody of an act that has an entry of its own."""
ENDINGS = ("/uitloggen", "/account/", "/taal")
"""Forms of the own account, which change nothing of a learner."""
TYPED = {each.column: str(typed(each)) for each in FIELDS.values() if each.kind != "link"} | {
    "email": "iemand@example.org", "starts_at": "10:00", "ends_at": "11:00", "break_minutes": "0", "ends_on": "",
    "outcome": "passed", "answer": "Dat klopt.", "ground": "De gemeente vraagt dit.",
}  # fmt: skip
STAFF = {"learner", "trajectory", "enrolment", "intake", "correction"}
TEACHING = {"attendance_mark", "level", "note", "evaluation", "exam_result", "correction"}
CHANGED: dict[Role, set[str]] = {
    Role.ADMINISTRATION: STAFF | {"attendance_mark", "representative"},
    Role.COACH: STAFF | (TEACHING - {"attendance_mark"}),
    Role.TEACHER: TEACHING,
    Role.MANAGEMENT: {"representative"},
    Role.LEARNER: {"learner", "correction", "consent", "withdrawal"},
    Role.REPRESENTATIVE: {"learner", "correction", "consent", "withdrawal"},
}
"""What each role's forms change at least, so that the sweep can't pass by being refused."""


_UNDONE = 404
"""What is not there leaves nothing behind: what was locked or begun is taken back."""


@dataclass
class Trail:
    """What was sent, which tables it changed, and what left no entry that says who did what to whom."""

    walked: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)


def filled_in(control: Any) -> str:
    """Return what somebody would send in a control: what stands in it, else a choice, else something of its kind."""
    name, value = control.get("name"), control.get("value")
    options = [each.get("value") for each in control.iter() if str(each.tag).endswith("}option") and each.get("value")]
    column = re.split(r"[-.]", name)[-1]
    if value or options or name == "seen":
        return value or (options or [""])[-1]
    return today().isoformat() if column.endswith("_on") or column == "on" else TYPED.get(column, "Iets")


def forms_on(pages: list[str], browser: PageClient) -> Sent:
    """Return the forms on these pages that are posted, each once, filled in."""
    found: Sent = {}
    for page in pages:
        for form, controls in forms_in(html5lib.parse(browser.get(page).get_data(as_text=True))):
            path = form.get("action") or page
            if form.get("method") == "post" and not path.startswith(ENDINGS):
                named = [each for each in controls if each.get("name") not in {None, "csrf_token"}]
                sent = {each.get("name"): filled_in(each) for each in named}
                found.setdefault((path, tuple(sorted(sent))), sent)
    return found


def kept_in(statements: list[str]) -> set[str]:
    """Return the tables of learners that these statements write to."""
    return {name for each in statements for found in _WRITES.findall(each) for name in found} & KEPT


def entries_since(began: datetime, by: Actor) -> list[AuditEvent]:
    """Return the entries since then about a learner that say who changed what and when, in the school in scope."""
    found = session.scalars(select(AuditEvent).where(AuditEvent.at.between(began, now()), AuditEvent.event.in_(EVENTS)))
    changes = [entry for entry in found if entry.event not in {"record.viewed", "access.refused"}]
    about = [  # of staff and contact people too
        entry
        for entry in changes
        if entry.learner_ids
        or entry.event.startswith("requests.")
        or entry.subject_kind in {"contact_person", "account"}
    ]
    return [entry for entry in about if entry.actor_id == by.account_id and entry.actor_roles]


def own_account(whole: Whole, role: Role) -> dict[str, Any]:
    """Return as whom somebody with this role signs in, where that is somebody who is there."""
    if role is Role.LEARNER:
        return {"learner": whole.scene.amina}
    return {"account": {Role.REPRESENTATIVE: whole.parent, Role.TEACHER: whole.teacher}.get(role)}


@pytest.fixture
def send_all(app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn, count_statements: Any) -> Any:
    """Return what sends every form that a role sees at a school, each as if it were the first, and says what came."""

    def send(slug: str, role: Role) -> Trail:
        here, browser, trail = school_id(slug), client_at(slug), Trail()
        with in_school(here):
            whole = make_whole()
            pages = [path for _, path in pages_of(app, whole, role)]
        actor = sign_in(browser, role.value, **own_account(whole, role))
        with browser.browser.session_transaction(base_url=browser.base) as cookie:
            token = cookie["_user_id"]
        rules = app.url_map.bind(browser.host)
        for (path, _), sent in forms_on(pages, browser).items():
            put_cookie(browser, token)
            browser.token, began = "", now()
            with session.get_bind().begin_nested() as undone:
                with count_statements() as statements:
                    status = browser.post(path, sent).status_code
                with in_school(here):
                    entries = entries_since(began, actor)
                undone.rollback()
            trail.walked.add(rules.match(path.partition("?")[0], method="POST")[0])
            trail.changed |= kept_in(statements)
            if kept_in(statements) and not entries and status != _UNDONE:
                trail.unseen.append(f"{status} {path}: {sorted(kept_in(statements))}")
        return trail

    return send


@pytest.mark.promise("LB-08")
@pytest.mark.sample(0.25)
@pytest.mark.parametrize("role", [role for role in Role if role not in RESERVED])
def test_whatever_form_changes_a_learner_leaves_an_entry(app: Flask, send_all: Any, role: Role) -> None:
    trail = send_all("lest-best", role)

    posted = {each.rule.endpoint for each in addresses(app) if each.method == "POST" and role in each.roles}
    print(f"{role.value}: {len(trail.walked)} of {len(posted)} addresses, changed {sorted(trail.changed)}")
    assert not trail.unseen, "\n".join(trail.unseen)
    assert trail.changed >= CHANGED.get(role, set())


@pytest.mark.promise("MN-11", part="trail")
@pytest.mark.promise("ST-06")
@pytest.mark.sample(0.5)
@pytest.mark.parametrize("slug", ["meester-in-nt2", "step-inburgering"])
def test_it_does_so_at_every_school_that_promises_it(send_all: Any, slug: str) -> None:
    trail = send_all(slug, Role.ADMINISTRATION)

    assert not trail.unseen, "\n".join(trail.unseen)
    assert trail.changed >= CHANGED[Role.ADMINISTRATION]


@pytest.mark.promise("LB-06")
def test_whatever_a_teacher_asks_beyond_her_groups_is_refused_and_written_down(
    app: Flask, client: PageClient, sign_in: SignIn
) -> None:
    teacher, missed, asked = sign_in(client, "teacher"), [], 0
    for address in addresses(app):
        if Role.TEACHER not in address.roles or not {"group_id", "lesson_id", "learner_id"} & set(address.ids):
            continue
        began = now()
        with in_school(HERE.id):
            beyond = make_rows(address)
        url = address.url(**beyond)
        status = (client.get(url) if address.method == "GET" else client.post(url)).status_code
        with in_school(HERE.id):
            refused = select(AuditEvent).where(AuditEvent.event == "access.refused", AuditEvent.at >= began)
            entries = [(each.actor_id, each.facts["address"]) for each in session.scalars(refused)]
        asked += 1
        if status != 404 or entries != [(teacher.account_id, url)]:
            missed.append(f"{address}: {status} {entries}")
    print(f"{asked} addresses beyond her groups")
    assert asked > 10
    assert not missed, "\n".join(missed)


@pytest.fixture
def committed(app: Flask, engine: Engine, worker_database: TestDatabase) -> Iterator[TestDatabase]:
    """The five schools in a database of this test's own, in which what is done stays done."""
    with cloned() as made:
        use(made)
        own = make_engine(made.application_url)
        session.remove()
        session.configure(bind=own, join_transaction_mode="conditional_savepoint")
        yield made
        session.remove()
        own.dispose()
        session.configure(bind=engine)
        use(worker_database)


def finding(slug: str) -> tuple[str, UUID | None] | None:
    """Return what is wrong first with the chain of a school."""
    with in_school(school_id(slug)):
        found = verify().finding
        return None if found is None else (found.what, found.event_id)


_COPY = """insert into audit_event select school_id, :new, at, event, actor_kind, actor_id, actor_name, actor_roles,
    learner_ids, subject_kind, subject_id, facts, sealed, origin from audit_event where id = :id"""


@pytest.mark.promise("LB-08")
@pytest.mark.promise("MN-11", part="trail")
@pytest.mark.promise("ST-06")
@pytest.mark.parametrize("slug", ["lest-best", "meester-in-nt2", "step-inburgering"])
def test_tampering_is_found_in_this_school(app: Flask, committed: TestDatabase, slug: str) -> None:
    here, browser = school_id(slug), PageClient(app, f"{slug}.localhost")
    with in_school(here):
        learner_id = make_learner().id
    actor = SignIn()(browser, "administration")
    assert browser.get(f"/cursisten/{learner_id}").status_code == 200
    with in_school(here):
        seal_entries()
    assert finding(slug) is None
    with in_school(here):
        seen = select(AuditEvent).where(AuditEvent.event == "record.viewed", AuditEvent.actor_id == actor.account_id)
        entry = session.scalars(seen.order_by(AuditEvent.id).limit(1)).one()
        entry_id, name = entry.id, entry.actor_name
    slipped_in = UUID(int=(entry_id.int >> 80) - 3 * 3600 * 1000 << 80 | 0x7000 << 64 | 0x8 << 60 | 1)
    with Owner(committed) as owner:
        owner.execute(text(_COPY), {"id": entry_id, "new": slipped_in})
        assert finding(slug) == ("slipped_in", slipped_in)
        owner.execute(text("delete from audit_event where id = :id"), {"id": slipped_in})
        rename = text("update audit_event set actor_name = :name where id = :id")
        owner.execute(rename, {"id": entry_id, "name": "Iemand anders"})
        assert finding(slug) == ("altered", entry_id)
        owner.execute(rename, {"id": entry_id, "name": name})
        assert finding(slug) is None
        owner.execute(text("delete from audit_event where id = :id"), {"id": entry_id})
        assert finding(slug) == ("removed", entry_id)
