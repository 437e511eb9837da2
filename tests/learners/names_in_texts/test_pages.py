"""Telling of other learners' names on pages: once, beside the text, at no cost where nothing is written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import MarkChange
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.forms import Form
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
TOLD = "In deze tekst staat de naam van een andere cursist: Yusuf."


class Register:
    """A teacher's lesson of last week, with Amina and Yusuf present."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        teacher = sign_in(client, "teacher")
        self.client = client
        with in_school(LEST_BEST):
            group = make_group("A2 ochtend")
            make_teacher_of(group, teacher)
            self.learners: list[Learner] = [make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg")]
            for each in self.learners:
                enrol(each, group)
            lesson = make_lesson(group, held_on=today() - timedelta(days=7))
            versions = [make_mark(lesson, each).version for each in self.learners]
        self.url = f"/lessen/{lesson.id}/presentie"
        self.seen = {each.id: f"{version}.present.0.0." for each, version in zip(self.learners, versions, strict=True)}

    def sent(self, *whose: int, **more: str) -> dict[str, str]:
        """Return what makes these absent, with inputs of the rows by their letter."""
        ids = [self.learners[at].id for at in whose]
        rows = {f"s.{key}": "absent" for key in ids} | {f"v.{key}": self.seen[key] for key in ids}
        return rows | {f"{letter}.{key}": value for key in ids for letter, value in more.items()}

    @property
    def reasons(self) -> list[str | None]:
        with in_school(LEST_BEST):
            return list(session.scalars(select(MarkChange.reason)))


@pytest.fixture
def register(client: PageClient, sign_in: SignIn) -> Register:
    return Register(client, sign_in)


def test_a_reason_in_the_register_is_told_of_in_its_row_and_stored_then(register: Register) -> None:
    key = register.learners[0].id
    sent = {"cursist": str(key), **register.sent(0, r="Yusuf ging mee")}
    told = register.client.post(register.url, sent, htmx=True)
    text = told.get_data(as_text=True)
    assert told.status_code == 422
    assert text.startswith("<li")
    assert TOLD in text
    assert "Yusuf ging mee" in text
    assert f'name="t.{key}"' in text
    assert register.reasons == []

    assert register.client.post(register.url, {**sent, f"t.{key}": "Yusuf"}, htmx=True).status_code == 200
    assert register.reasons == ["Yusuf ging mee"]


def test_without_script_one_reason_is_told_of_in_the_rows_whose_learner_it_does_not_name(register: Register) -> None:
    sent = {**register.sent(0, 1), "reden": "Yusuf ging mee"}
    text = register.client.post(register.url, sent).get_data(as_text=True)
    assert text.count(TOLD) == 1
    assert register.reasons == []

    sent[f"t.{register.learners[0].id}"] = "Yusuf"
    assert register.client.post(register.url, sent).status_code == 303
    assert register.reasons == ["Yusuf ging mee", "Yusuf ging mee"]


def test_a_tap_asks_the_database_once_more_where_something_is_written_and_else_not(
    register: Register, count_statements: Callable[[], Any]
) -> None:
    key = str(register.learners[0].id)
    register.client.get(register.url)
    counts = []
    for reason in ("Zij belde", ""):
        with count_statements() as statements:
            register.client.post(register.url, {"cursist": key, **register.sent(0, r=reason)}, htmx=True)
        counts.append(len([each for each in statements if "sounds" in str(each).lower() or "close_to" in str(each)]))
    assert counts == [1, 0]


def test_a_form_without_texts_or_about_nobody_tells_of_nothing(app: Flask, school: SchoolView) -> None:
    with app.test_request_context():
        form = FreeTextForm(formdata=None)
        form.more_texts = ["Yusuf Berg"]
        assert not tells_of_names(form, None)
        assert not tells_of_names(Form(formdata=None), school.id)
