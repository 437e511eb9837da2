"""An id that travels in a form reaches no further than one in an address: another school's is refused, and so is one
beyond a person's own groups or records; the same form with an id within reach is taken. No form can be forgotten: those
on every page are found, and those that the code reads."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import html5lib
import pytest
from flask import Flask

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.http.forms import Form
from portal.permissions import Role
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.house.ids_handed_over import HANDED_OVER
from tests.house.ids_imported import IMPORTED
from tests.house.ids_notified import NOTIFIED
from tests.house.ids_of_contacts import OF_CONTACTS
from tests.house.ids_requested import REQUESTED
from tests.house.ids_sent import SENT, Place, Sent, make_place
from tests.house.ids_told import TOLD
from tests.house.ids_waiting import WAITING
from tests.page_client import PageClient, forms_in
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0], SCHOOLS[1]
ALL = SENT | HANDED_OVER | IMPORTED | NOTIFIED | OF_CONTACTS | REQUESTED | TOLD | WAITING
NS = "{http://www.w3.org/1999/xhtml}"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
READ_AS_ID = re.compile(r"request\.form\.get\(\"(\w+)\", type=UUID")


@pytest.fixture
def place(database: Any) -> Place:
    with in_school(HERE.id):
        return make_place()


@pytest.fixture
def send(app: Flask, place: Place, sign_in: SignIn) -> Callable[[Sent, UUID], int]:
    """Return what signs in as the form's sender and posts it with an id: what came of it, as a status."""

    def sent(form: Sent, key: UUID) -> int:
        client = PageClient(app, HERE.host)
        own = {"teacher": place.teacher, "representative": place.parent}.get(form.role)
        sign_in(client, form.role, account=own, learner=place.scene.amina if form.role == "learner" else None)
        with in_school(HERE.id):
            path, filled = form.path(place), form.form(place, key)
        return int(client.post(path, filled, htmx=form.is_part).status_code)

    return sent


@pytest.mark.sample(0.4)
@pytest.mark.parametrize("what", ALL)
def test_an_id_in_a_form_reaches_no_further(place: Place, send: Callable[[Sent, UUID], int], what: str) -> None:
    form = ALL[what]
    with in_school(THERE.id):
        tried = {"there": form.elsewhere()}
    with in_school(HERE.id):
        own = form.own(place)
        tried |= {"beyond": form.beyond(place)} if form.beyond is not None else {}
    refused = {where: send(form, key) for where, key in tried.items()}
    assert {status for status in refused.values() if status not in {404, 409, 422}} == set(), refused
    assert send(form, own) in {200, 303}


def declared(app: Flask, place: Place) -> set[tuple[str, str]]:
    """The address and the name of each id that is tried above; `*` is a name with the id in it."""
    found = set()
    for form in ALL.values():
        key = new_id()
        endpoint, _ = app.url_map.bind("").match(form.path(place), method="POST")
        carried = [name for name, value in form.form(place, key).items() if str(key) in f"{name} {value}"]
        found |= {(str(endpoint), "*" if str(key) in name else name) for name in carried}
    return found


def carried_by(app: Flask, page: str, path: str) -> Iterator[tuple[str, str]]:
    """The address and the name of each id in the forms of a page that change something."""
    for form, inputs in forms_in(html5lib.parse(page)):
        buttons = [each for each in form.iter(f"{NS}button") if each.get("name")]
        for each in [*inputs, *buttons] if form.get("method") == "post" else []:
            name = each.get("name") or ""
            values = [each.get("value") or "", *(option.get("value") or "" for option in each.iter(f"{NS}option"))]
            if ID.search(name) or any(map(ID.fullmatch, values)):
                action = (each.get("formaction") or form.get("action") or path).partition("?")[0]
                endpoint, _ = app.url_map.bind("").match(action, method="POST")
                yield str(endpoint), "*" if ID.search(name) else name


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", Role)
def test_every_id_in_a_form_of_a_page_is_tried(app: Flask, place: Place, sign_in: SignIn, role: Role) -> None:
    with in_school(HERE.id):
        whole: Whole = make_whole()
        pages, tried = list(pages_of(app, whole, role)), declared(app, place)
    client = PageClient(app, HERE.host)
    own = {Role.REPRESENTATIVE: whole.parent, Role.TEACHER: whole.teacher}.get(role)
    sign_in(client, role.value, account=own, learner=whole.scene.amina if role is Role.LEARNER else None)
    found = {each for _, path in pages for each in carried_by(app, client.get(path).get_data(as_text=True), path)}
    missing = found - tried
    assert not missing, "add these to tests/house/ids_sent.py, or a file beside it"


def test_every_id_that_a_form_may_hold_is_tried(app: Flask, place: Place) -> None:
    """Forms that a page shows only at times are known by their classes, and by what addresses read as an id."""
    code = "\n".join(path.read_text() for path in (Path(app.root_path)).rglob("routes*/**/*.py"))
    code += "\n".join(path.read_text() for path in (Path(app.root_path)).rglob("routes.py"))
    kinds, names = [Form], set(READ_AS_ID.findall(code))
    for kind in kinds:
        kinds += kind.__subclasses__()
        names |= {name for name in vars(kind) if name.endswith("_id") and not name.startswith("_")}
    with in_school(HERE.id):
        tried = {name for _, name in declared(app, place)}
    assert {"course_id", "stap"} <= names
    assert not names - tried
