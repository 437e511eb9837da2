"""Every form of every page, sent empty or with nonsense, is refused beside the fields that are wrong, in the page's
language, with what was typed kept. The forms are found on the pages, so that a new one can't be left out."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

import html5lib
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.db.scope import in_school
from portal.permissions import Role
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.page_client import PageClient, forms_in
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0]
NS = "{http://www.w3.org/1999/xhtml}"
NONSENSE = "geen-van-beide"
TYPED = {"date", "time", "number", "email", "tel"}
# What is typed where: nothing at all, what isn't of its kind, a year without its century, less than nothing.
WRONG: list[tuple[str, set[str]]] = [("", set()), (NONSENSE, TYPED), ("0026-11-22", {"date"}), ("-1", {"number"})]
LANGUAGES = ("nl", "en", "ar")
ARABIC = re.compile(r"[\u0600-\u06ff]")
# The register stores and answers row by row: what its rows refuse stands in tests/attendance.
BY_ROW = "attendance.register"


@dataclass(frozen=True)
class Found:
    """A form as it stands on a page: where it goes and how, what it holds."""

    action: str
    method: str
    inputs: tuple[Any, ...]

    def needed(self) -> list[str]:
        """The names of what can't stay empty; a range always has a value."""
        return [
            each.get("name") for each in self.inputs if each.get("required") is not None and each.get("type") != "range"
        ]

    def typed(self, kinds: Container[str] = TYPED) -> list[str]:
        """The names of what takes a day, a time, a number or an address only."""
        return [each.get("name") for each in self.inputs if each.get("type") in kinds]

    def filled(self, *, by: str, kinds: Container[str] = TYPED) -> dict[str, str]:
        """What a browser sends where every box is empty, but for `by` in those that take one kind of value."""
        sent = {}
        for each in self.inputs:
            name, kind = each.get("name"), each.get("type")
            if kind in {"hidden", "range"}:
                sent[name] = each.get("value", "")
            elif kind not in {"checkbox", "radio", "file"}:
                sent[name] = by if kind in kinds else ""
        return sent


@dataclass(frozen=True)
class Said:
    """What a refusal says of one field: the message read with its input, what stands in it, whether the summary leads
    to it."""

    message: str
    value: str
    is_summed_up: bool


def forms_of(response: TestResponse, path: str) -> Iterator[Found]:
    tree = html5lib.parse(response.get_data(as_text=True))
    for form, inputs in forms_in(tree):
        named = tuple(each for each in inputs if each.get("name") not in {None, "csrf_token"})
        yield Found(form.get("action") or path, form.get("method", "get"), named)


def _marked(tree: Any, inputs: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each input that is wrong, with the place that names its message: itself, or the group of choices it is one of."""
    groups = [each for each in tree.iter(f"{NS}fieldset") if "wrong" in (each.get("class") or "").split()]
    group_of = {id(child): group for group in groups for child in group.iter()}
    for each in inputs:
        if each.get("aria-invalid") == "true":
            yield each, each
        elif each.get("type") in {"radio", "checkbox"} and id(each) in group_of:
            yield each, group_of[id(each)]


def beside(response: TestResponse) -> dict[str, Said]:
    """By the name of each input that is marked wrong: what is said of it."""
    tree = html5lib.parse(response.get_data(as_text=True))
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    by_id = {each.get("id"): each for each in elements if each.get("id")}
    summary = [each for each in elements if each.get("data-focus") is not None]
    led_to = {link.get("href") for each in summary for link in each.iter(f"{NS}a")}
    said: dict[str, Said] = {}
    for each, place in ((each, place) for _, inputs in forms_in(tree) for each, place in _marked(tree, inputs)):
        told = [by_id[name] for name in (place.get("aria-describedby") or "").split() if name.endswith("-error")]
        message = " ".join("".join(part.itertext()) for part in told).strip()
        before = said.get(each.get("name"))
        is_summed_up = f"#{each.get('id')}" in led_to or (before is not None and before.is_summed_up)
        said[each.get("name")] = Said(message, each.get("value", ""), is_summed_up)
    return said


@pytest.fixture
def whole(database: Any) -> Whole:
    with in_school(HERE.id):
        return make_whole()


@pytest.fixture
def client(app: Flask, whole: Whole, sign_in: SignIn, role: Role | None) -> PageClient:
    made = PageClient(app, HERE.host)
    if role is not None:
        own = {Role.REPRESENTATIVE: whole.parent, Role.TEACHER: whole.teacher}.get(role)
        sign_in(made, role.value, account=own, learner=whole.scene.amina if role is Role.LEARNER else None)
    return made


def found_by(client: PageClient, app: Flask, whole: Whole, role: Role | None) -> list[Found]:
    """Every form with something that can be wrong, on every page that a role may open, once."""
    with in_school(HERE.id):
        pages = list(pages_of(app, whole, role))
    found: dict[tuple[str, str], Found] = {}
    for endpoint, path in pages:
        for form in forms_of(client.get(path), path) if endpoint != BY_ROW else ():
            if form.needed() or form.typed():
                found.setdefault((form.method, form.action), form)
    return list(found.values())


def send(client: PageClient, form: Found, filled: dict[str, str], language: str) -> TestResponse:
    if form.method == "post":
        return client.post(form.action, filled, language=language)
    return client.get(form.action, query_string=filled, language=language)


def fault_of(answer: TestResponse, names: list[str], typed: str) -> str | None:
    """What is missing in a refusal of these fields, in words; None where all is as it should be."""
    if answer.status_code != 422:
        return f"answered {answer.status_code}"
    said = beside(answer)
    found = {
        "silent": [name for name in names if name not in said or not said[name].message],
        "not kept": [name for name in names if typed and name in said and said[name].value != typed],
        "not summed up": [name for name in names if name in said and not said[name].is_summed_up],
    }
    return "; ".join(f"{what}: {which}" for what, which in found.items() if which) or None


def untranslated_fields(answers: dict[str, TestResponse], names: list[str]) -> list[str]:
    """The fields whose message isn't in the language of its page."""
    said = {language: beside(answer) for language, answer in answers.items()}
    return [
        name
        for name in names
        if len({each[name].message for each in said.values()}) != len(said)
        or not ARABIC.search(said["ar"][name].message)
    ]


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", [None, *Role])
def test_a_wrong_form_is_refused_beside_its_fields(
    app: Flask, client: PageClient, whole: Whole, role: Role | None
) -> None:
    wrong = []
    for form in found_by(client, app, whole, role):
        for typed, kinds in WRONG:
            names, filled = form.typed(kinds) if kinds else form.needed(), form.filled(by=typed, kinds=kinds)
            answers = {each: send(client, form, filled, each) for each in LANGUAGES} if names else {}
            faults = {fault for fault in (fault_of(answer, names, typed) for answer in answers.values()) if fault}
            if answers and not faults:
                faults = {f"not in its language: {name}" for name in untranslated_fields(answers, names)}
            wrong += [f"{form.action} with {typed or 'nothing'}: {fault}" for fault in faults]
    assert not wrong, "\n".join(wrong)
