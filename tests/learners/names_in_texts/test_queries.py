"""Which other learners a text names: those whom its writer reaches, by one statement, with what is not a name left."""

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.names_in_texts.queries import find_other_names
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.signing_in import SignIn


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """Amina Haddad, with Yusuf van der Berg in her group; Chen Lindström is at the school, in none."""
    amina, yusuf = make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg", name_prefix="van der")
    make_learner("Chen", "Lindström")
    make_learner("Nour", "Haddad")
    group = make_group()
    for learner in (amina, yusuf):
        enrol(learner, group)
    return amina


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Amina werkt samen met Yusuf van der Berg.", ["Yusuf van der Berg"]),
        ("Yusuf helpt haar. Yusuf is er altijd.", ["Yusuf"]),
        ("Meneer Lindstrom zei niets", ["Lindstrom"]),
        ("Chen zei niets", []),
        ("zij loopt op een berg", []),
        ("Haddad komt", []),
        ("Nour Haddad komt", ["Nour Haddad"]),
        ("", []),
        ("…\u0000 123", []),
        ("a " * 5000, []),
    ],
)
def test_names_of_others_are_found_as_before_a_copy(amina: Learner, text: str, names: list[str]) -> None:
    assert find_other_names([text], amina.id, SYSTEM) == names


def test_who_is_out_of_reach_or_restricted_her_data_is_not_told_of(
    app: Flask, client: object, sign_in: SignIn, school: SchoolView
) -> None:
    amina, yusuf = make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg")
    make_learner("Chen", "Wu")
    group = make_group()
    for learner in (amina, yusuf):
        enrol(learner, group)
    teacher: Actor = sign_in(client, "teacher")
    make_teacher_of(group, teacher)
    text = "Yusuf Berg en Chen Wu waren er."

    assert find_other_names([text], amina.id, SYSTEM) == ["Yusuf Berg", "Chen Wu"]
    assert find_other_names([text], amina.id, teacher.scope) == ["Yusuf Berg"]
    amina_id = amina.id
    hold(yusuf.id)
    checkpoint()
    assert find_other_names([text], amina_id, teacher.scope) == []


def test_it_takes_one_statement_however_many_learners_there_are(amina: Learner) -> None:
    for number in range(30):
        make_learner(f"Naam{number}", "Berg")
    session.flush()
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    find_other_names(["Yusuf van der Berg en Chen Lindström waren er, en Amina ook."], amina.id, SYSTEM)
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) == 1
