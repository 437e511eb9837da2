"""Every address, whoever made it: who gets in, whose data it reaches, and that looking changes nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.http.access import access_of, fresh_minutes_of, is_one_click
from portal.learners.record.models import Learner
from portal.permissions import MAY, Permission, Role
from tests.house.rows import TABLES, make_row, targets
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0], SCHOOLS[1]
# Arguments whose table another part of the address chooses: one of them, with that part.
CHOSEN_BY_ADDRESS = {
    "entry_id": ("intake", {"slug": "intakes"}),
    "notice_id": ("recipient_notice", {}),
    "run_id": ("import_run", {}),
    "person_id": ("contact_person", {}),
    "row_id": ("import_row", {}),
}
# What a mail program posts by itself (RFC 8058): the token in the address proves it, and it only ends a mail.
PROVED_BY_THE_ADDRESS = {"notifications.leave_now", "contacts.stop_now"}
_WRITES = re.compile(r"\s*(?:with .*?\)\s*)?(insert into|update|delete from)\s+\"?(?:public\.)?(\w+)", re.I | re.S)
_MAY_BE_WRITTEN = {"audit_event", "audit_learner", "audit_unsealed", "submission"}


@dataclass(frozen=True)
class Address:
    """An address with one method."""

    rule: Rule
    method: str
    access: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def ids(self) -> list[str]:
        """The arguments that name a row."""
        return re.findall(r"<uuid:(\w+)>", self.rule.rule)

    @property
    def roles(self) -> list[Role]:
        """Who may open it."""
        return [role for role in Role if self.access in {permission.value for permission in MAY[role]}]

    def url(self, **given: Any) -> str:
        """The address with these arguments, and a word that means nothing for the others."""
        filled = {name: given.get(name, "onbekend") for name in self.rule.arguments}
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: str(filled[found[1]]), self.rule.rule)
        assert "<" not in path
        return path


def addresses(app: Flask) -> Iterator[Address]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Address(rule, method, str(access_of(app, rule.endpoint)))


def table_of(argument: str) -> str:
    """The table whose row an argument names: `lesson_id` is a lesson, `group_id` a learner_group."""
    noun = argument.removesuffix("_id")
    found = [name for name in TABLES if name == noun] or [name for name in TABLES if name.endswith(f"_{noun}")]
    assert len(found) == 1, f"name the argument {argument} after its table: {found}"
    return found[0]


def make_rows(address: Address) -> dict[str, Any]:
    """Rows for all that an address names, in the school in scope, that belong together where they can."""
    made: dict[str, Any] = {}
    ids: dict[str, Any] = {}
    for argument in address.ids:
        name, chosen = CHOSEN_BY_ADDRESS.get(argument) or (table_of(argument), {})
        own = {column: made[target] for column, target in targets(TABLES[name]).items() if target in made}
        made[name] = ids[argument] = make_row(name, **own)["id"]
        ids |= chosen
    return ids


def written_in(statements: list[str]) -> set[str]:
    """The tables that these statements write to, but for the audit."""
    return {found[2] for found in map(_WRITES.match, statements) if found} - _MAY_BE_WRITTEN


def ask(client: PageClient, address: Address, **given: Any) -> int:
    url = address.url(**given)
    response = client.get(url) if address.method == "GET" else client.post(url)
    return int(response.status_code)


@pytest.fixture
def signed_in(app: Flask, sign_in: SignIn) -> Callable[[Role], PageClient]:
    """Return a browser at the first school, signed in with a role; a learner has a record of her own."""

    def make(role: Role) -> PageClient:
        client = PageClient(app, HERE.host)
        with in_school(HERE.id):
            own = Learner(**make_row("learner")) if role is Role.LEARNER else None
        actor = sign_in(client, role.value, learner=own)
        if role is Role.REPRESENTATIVE:
            with in_school(HERE.id):
                day = today()
                make_row("representative", account_id=actor.account_id, starts_on=day, ends_on=day)
        return client

    return make


def test_every_address_asks_a_permission_that_exists_or_is_public(app: Flask) -> None:
    known = {permission.value for permission in Permission} | {"public"}
    assert not [str(address) for address in addresses(app) if address.access not in known]


def test_every_permission_is_given_to_somebody_and_asked_somewhere(app: Flask) -> None:
    given = set().union(*MAY.values())
    assert not [permission for permission in Permission if permission not in given]


def test_what_opens_the_door_to_others_asks_for_the_password_anew(app: Flask) -> None:
    doors = {
        "accounts.change_email", "accounts.set_up_second_factor", "accounts.new_recovery_codes",
        "accounts.turn_off_second_factor", "accounts.new_passkey", "accounts.passkey_creation_options",
        "accounts.take_passkey_away", "accounts.invite", "accounts.member", "accounts.let_member_return",
        "accounts.forget_second_factor", "representation.new_representative", "learners.letters",
        "schools.change_sign_in_rules", "schools.add_host", "schools.make_primary_host", "overview.lost_address",
    }  # fmt: skip
    assert doors <= set(app.view_functions)
    assert not [door for door in doors if (fresh_minutes_of(app, door) or 61) > 60]


def test_an_address_is_in_dutch_and_plain(app: Flask) -> None:
    odd = [str(a) for a in addresses(app) if not re.fullmatch(r"(/(<[^<>]+>|[a-z0-9.-]+))*/?", a.rule.rule)]
    assert not odd


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("role", Role)
def test_another_schools_rows_do_not_exist(
    app: Flask, database: Any, signed_in: Callable[[Role], PageClient], role: Role
) -> None:
    client = signed_in(role)
    reached = []
    for address in addresses(app):
        if not address.ids or (address.access != "public" and role not in address.roles):
            continue
        with in_school(THERE.id):
            there = make_rows(address)
        status = ask(client, address, **there)
        if status != 404:
            reached.append(f"{address}: {status}")
    assert not reached


@pytest.mark.parametrize("role", [Role.LEARNER, Role.REPRESENTATIVE])
def test_another_learners_rows_do_not_exist(
    app: Flask, database: Any, signed_in: Callable[[Role], PageClient], role: Role
) -> None:
    client = signed_in(role)
    reached = []
    for address in addresses(app):
        if not address.ids or address.access != Permission.RECORD_OWN:
            continue
        with in_school(HERE.id):
            others = make_rows(address)
        status = ask(client, address, **others)
        if status != 404:
            reached.append(f"{address}: {status}")
    assert not reached


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("role", Role)
def test_a_role_too_low_is_refused(
    app: Flask, database: Any, signed_in: Callable[[Role], PageClient], role: Role
) -> None:
    client = signed_in(role)
    let_in = [
        str(address)
        for address in addresses(app)
        if address.access != "public" and role not in address.roles
        if ask(client, address, **{name: new_id() for name in address.ids}) != 403
    ]
    assert not let_in


def test_without_signing_in_only_public_pages_open(app: Flask, client: PageClient) -> None:
    opened = []
    for address in addresses(app):
        if address.access == "public":
            continue
        url = address.url(**{name: new_id() for name in address.ids})
        response = client.get(url) if address.method == "GET" else client.post(url)
        if response.status_code != 303 or "/aanmelden" not in response.headers["Location"]:
            opened.append(str(address))
    assert not opened


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("role", Role)
def test_no_change_is_taken_without_the_forms_token(
    app: Flask, database: Any, signed_in: Callable[[Role], PageClient], role: Role
) -> None:
    client = signed_in(role)
    taken = []
    for address in addresses(app):
        if address.method == "GET" or (address.access != "public" and role not in address.roles):
            continue
        if address.rule.endpoint in PROVED_BY_THE_ADDRESS:
            continue
        url = address.url(**{name: new_id() for name in address.ids})
        response = client.browser.open(url, method=address.method, base_url=client.base)
        if response.status_code != 422:
            taken.append(f"{address}: {response.status_code}")
    assert not taken


def test_only_what_an_address_proves_needs_no_token(app: Flask) -> None:
    free = {rule.endpoint for rule in app.url_map.iter_rules() if is_one_click(app, rule.endpoint)}
    assert free == PROVED_BY_THE_ADDRESS


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("role", Role)
def test_looking_writes_nothing_but_the_audit(
    app: Flask,
    database: Any,
    signed_in: Callable[[Role], PageClient],
    count_statements: Callable[[], Any],
    role: Role,
) -> None:
    client = signed_in(role)
    written, broken = [], []
    for address in addresses(app):
        if address.method != "GET" or (address.access != "public" and role not in address.roles):
            continue
        with in_school(HERE.id):
            own = make_rows(address)
        with count_statements() as seen:
            status = ask(client, address, **own)
        written += [f"{address}: {table}" for table in written_in(seen)]
        broken += [str(address)] if status >= 500 else []
    assert not written
    assert not broken
