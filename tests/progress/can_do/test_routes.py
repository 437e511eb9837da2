"""The page of the school's statements, and a group that is asked by one of them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.progress.can_do.models import CanDo, CanDoStatement
from portal.progress.can_do.services import add_statement
from portal.progress.models import Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.courses import fill_group, make_group, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))
PAGE = "/niveau/zinnen"


def texts(school: SchoolView) -> list[str]:
    with in_school(school.id):
        return list(session.scalars(select(CanDoStatement.text).where(CanDoStatement.is_retired.is_(False))))


def test_a_coach_takes_over_changes_adds_and_takes_away(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "coach")
    assert "Neem de zinnen over" in client.get(PAGE).get_data(as_text=True)

    client.post(f"{PAGE}/overnemen")
    page = client.get(PAGE).get_data(as_text=True)
    assert "zinnen overgenomen" in page
    found = re.search(r'action="/niveau/zinnen/([0-9a-f-]{36})"', page)
    assert found is not None
    assert client.post(f"{PAGE}/{found[1]}", {"text": "Ik kan een bord lezen."}).status_code == 303
    assert client.post(PAGE, {"skill": "writing", "level": "B2", "text": "Ik kan dichten."}).status_code == 303

    stored = texts(school)
    assert {"Ik kan een bord lezen.", "Ik kan dichten."} <= set(stored)
    client.post(f"{PAGE}/{found[1]}/weg")
    assert "Ik kan een bord lezen." not in texts(school)


def test_a_statement_without_words_is_refused_where_it_stands(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    statement = add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=COACH)
    sign_in(client, "administration")
    client.get(PAGE)

    changed = client.post(f"{PAGE}/{statement.id}", {"text": " "})
    added = client.post(PAGE, {"skill": "reading", "level": "A1", "text": ""})

    assert (changed.status_code, added.status_code) == (422, 422)
    text = changed.get_data(as_text=True)
    assert f'id="fout-{statement.id}"' in text
    assert '<details class="more" open>' in text
    assert texts(school) == ["Ik kan lezen."]


@pytest.mark.parametrize(("role", "status"), [("teacher", 403), ("management", 403), ("administration", 200)])
def test_who_changes_them(client: PageClient, sign_in: SignIn, school: SchoolView, role: str, status: int) -> None:
    sign_in(client, role)
    assert client.get(PAGE).status_code == status


def test_a_group_is_asked_by_a_statement(
    client: PageClient, sign_in: SignIn, school: SchoolView, count_statements: Callable[[], object]
) -> None:
    group = make_group()
    learner = fill_group(group, 2)[0]
    make_teacher_of(group, sign_in(client, "teacher"))
    url = f"/groepen/{group.id}/niveau"
    assert "Nog geen zinnen" in client.get(f"{url}/invullen?wat=kan").get_data(as_text=True)
    statement_id = add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=COACH).id

    leads_to = client.get(f"{url}/invullen?wat=kan").headers["Location"]
    page = client.get(leads_to).get_data(as_text=True)
    assert "<h1>Ik kan lezen.</h1>" in page
    sent = {"cursist": str(learner.id), f"s.{learner.id}": "yes", f"v.{learner.id}": "0."}
    assert client.post(f"{url}/invullen?wat={statement_id}", sent, htmx=True).status_code == 200
    text = client.post(f"{url}/iedereen?wat={statement_id}", {"waarde": "not_yet"}, htmx=True).get_data(as_text=True)

    with in_school(school.id):
        found = session.scalars(select(CanDo)).all()
        assert sorted(row.is_able for row in found) == [False, True]
    step = re.search(r'form="undo" name="stap" value="(\d+)"', text)
    assert step is not None
    client.post(f"{url}/ongedaan?wat={statement_id}", {"stap": step[1]}, htmx=True)
    with in_school(school.id):
        assert session.scalars(select(CanDo.is_able)).all() == [True]
    assert client.get(f"{url}/invullen?wat={new_id()}").status_code == 404
