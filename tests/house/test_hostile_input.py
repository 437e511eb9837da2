"""Whatever is sent in whatever parameter of whatever address, nothing breaks: every answer is one that was meant.

Every address that a role may open is asked with every parameter that the code or a page names, first all at once and
then one after the other in a form that is otherwise right; in the path too.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.permissions import RESERVED, Role
from tests.factories.whole_school import WAYS, Whole, make_whole, pages_of
from tests.house.hostile import KINDS, VALUES, Value, encoded, forms_of, names_in_code
from tests.house.test_addresses import HERE, Address, addresses
from tests.page_client import PageClient
from tests.signing_in import SignIn

ROLES: list[Role | None] = [None, *(role for role in Role if role not in RESERVED)]
_QUERY, _BODY = 24 * 1024, 900 * 1024
FORM = "application/x-www-form-urlencoded"
Pairs = list[tuple[str, Value]]


class Sweep:
    """One role's browser, which signs in again where what it sent ended its session."""

    def __init__(self, app: Flask, sign_in: SignIn, role: Role | None, whole: Whole) -> None:
        self.app, self.sign_in, self.role, self.whole = app, sign_in, role, whole
        self.client = PageClient(app, HERE.host)
        self.walked: Counter[str] = Counter()
        self.broken: list[str] = []
        self.enter()

    def enter(self) -> None:
        if self.role is None:
            return
        own = {Role.REPRESENTATIVE: self.whole.parent, Role.TEACHER: self.whole.teacher}.get(self.role)
        learner = self.whole.scene.amina if self.role is Role.LEARNER else None
        self.sign_in(self.client, self.role.value, account=own, learner=learner)
        self.client.token = ""

    def is_open(self, address: Address) -> bool:
        return address.access == "public" or (self.role is not None and self.role in address.roles)

    def send(self, address: str, method: str, path: str, **sent: Any) -> str:
        """Send a request as it stands, note an answer that nobody meant, and return where it leads."""
        self.walked[address] += 1
        try:
            response = self.client.browser.open(path, method=method, base_url=self.client.base, **sent)
            status, leads_to = str(response.status_code), response.headers.get("Location", "")
        except Exception as error:  # noqa: BLE001 - the page that says what went wrong breaks too
            status, leads_to = type(error).__name__, ""
        if not "200" <= status < "500":
            self.broken.append(f"{status} {method} {path[:120]} {str(sent.get('data') or '')[-80:]}")
        return leads_to

    def ask(self, address: str, method: str, path: str, pairs: Pairs) -> None:
        """Send parameters where this method has them: in the address, or in a form with its token."""
        if method == "GET":
            self.send(address, "GET", f"{path.partition('?')[0]}?{encoded(pairs)[:_QUERY].rstrip('%')}")
            return
        for _ in range(2):  # the first may find that what was sent before ended the session
            if not self.client.token:
                self.client._fetch_token()
            whole = encoded([("csrf_token", self.client.token), *pairs])
            leads_to = self.send(address, method, path, data=whole, content_type=FORM)
            if self.role is None or "/aanmelden?" not in leads_to:
                return
            self.enter()


def urls_of(address: Address, whole: Whole, role: Role | None) -> Iterator[str]:
    """The address as it leads to something that is there, where something is."""
    with in_school(HERE.id):
        ways = WAYS.get(address.rule.endpoint, lambda _, __: [{}])(whole, role or Role.LEARNER)[:1] or [{}]
    for way in ways:
        known = {name: way.get(name, whole.given.get(name)) for name in address.rule.arguments}
        yield address.url(
            **{name: value or (new_id() if name in address.ids else "onbekend") for name, value in known.items()}
        )


def hostile_paths(address: Address, url: str, value: Value) -> Iterator[str]:
    """The address with this value in the place of each word that stands in it, quoted as a browser does."""
    for name in re.findall(r"<(\w+)>", address.rule.rule):
        before, _, after = address.rule.rule.partition(f"<{name}>")
        given = url.split("/")
        given[before.count("/")] = quote(value[:2000], safe="")
        assert after.count("/") + before.count("/") == url.count("/")
        yield "/".join(given)


def pairs_of(names: list[str], value: Value, most: int) -> Pairs:
    """Every name with this value, of which as much as fits."""
    room = max(64, most // (3 * len(names)))
    return [(name, value[:room]) for name in names]


def sent_by(kind: str, names: list[str], most: int) -> Iterator[Pairs]:
    """What is sent to an address, all names at once."""
    if kind == "many":
        yield [(f"{names[number % len(names)]}{number // len(names) or ''}", "1") for number in range(10_000)]
    elif kind == "types":
        yield [(name, value) for name in names for value in ("1", "x", "")]
        yield [(f"{name}{end}", "1") for name in names for end in ("[]", "[a]", ".b", ".")]
    else:
        for value in VALUES[kind]:
            yield pairs_of(names, value, most)


def one_by_one(kind: str, filled: dict[str, str]) -> Iterator[Pairs]:
    """A form that a page shows, in which one parameter is not what it should be."""
    for name in filled:
        rest: Pairs = [(each, value) for each, value in filled.items() if each not in (name, "csrf_token")]
        if kind == "types":
            yield rest
            yield [*rest, (name, "1"), (name, "2")]
        for value in VALUES.get(kind, []):
            yield [*rest, (name, value)]


@pytest.mark.sample(0.013)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "nobody")
def test_nothing_breaks(app: Flask, database: Any, sign_in: SignIn, role: Role | None, kind: str) -> None:
    with in_school(HERE.id):
        whole = make_whole()
        pages = [path for _, path in pages_of(app, whole, role)]
    sweep = Sweep(app, sign_in, role, whole)
    forms = [form for path in pages for form in forms_of(sweep.client.get(path).get_data(as_text=True), path)]
    names = sorted(names_in_code(app) | {name for _, _, filled in forms for name in filled})
    there = [each for each in addresses(app) if sweep.is_open(each) and each.rule.endpoint != "demo.mails"]

    for address in there:
        for url in urls_of(address, whole, role):
            for pairs in sent_by(kind, names, _QUERY if address.method == "GET" else _BODY):
                sweep.ask(str(address), address.method, url, pairs)
            for value in VALUES.get(kind, []):
                for path in hostile_paths(address, url, value):
                    sweep.send(str(address), address.method, path)
    for method, path, filled in {(method, path): (method, path, filled) for method, path, filled in forms}.values():
        for pairs in one_by_one(kind, filled):
            sweep.ask(f"form {path}", method, path, pairs)

    assert set(sweep.walked) >= {str(address) for address in there}
    print(f"{len(there)} addresses, {len(forms)} forms, {len(names)} parameters, {sweep.walked.total()} requests")
    assert not sweep.broken, "\n".join(sorted(set(sweep.broken)))
