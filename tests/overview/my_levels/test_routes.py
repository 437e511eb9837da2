"""What a learner sets on *Mijn niveau*: her goal, and her ticks."""

from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.progress.can_do.models import CanDo
from portal.progress.can_do.services import add_statement
from portal.progress.goals.models import Goal
from portal.progress.models import Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_teacher_of
from tests.factories.learners import make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))


def test_a_goal_is_set_seen_by_her_teacher_and_taken_away(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    group = make_group()
    amina = make_enrolled_learner(group, "Amina")
    sign_in(client, "learner", learner=amina)
    assert "U hebt nog geen doel gekozen" in client.get("/mijn/niveau").get_data(as_text=True)
    month = today().replace(day=1)

    unchosen = client.post("/mijn/niveau/doel", {"level": "", "skill": "", "by_month": ""})
    assert unchosen.status_code == 422
    assert all(words in unchosen.get_data(as_text=True) for words in ("Kies een niveau.", "Kies een maand."))
    refused = client.post("/mijn/niveau/doel", {"level": "B1", "skill": "", "by_month": "2001-01-01"})
    stored = client.post("/mijn/niveau/doel", {"level": "B1", "skill": "", "by_month": month.isoformat()})

    assert (refused.status_code, stored.status_code) == (422, 303)
    page = client.get("/mijn/niveau").get_data(as_text=True)
    assert "Opgeslagen." in page
    assert "alles" in page
    with in_school(school.id):
        goal_id = session.scalars(select(Goal.id)).one()
    make_teacher_of(group, sign_in(client, "teacher"))
    of_teacher = client.get(f"/cursisten/{amina.id}/voortgang").get_data(as_text=True)
    assert '<span class="when"><bdi translate="no">B1</bdi></span>' in of_teacher
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/niveau")
    assert client.post(f"/mijn/niveau/doel/{goal_id}/weg").status_code == 303
    assert "Uw doel is weg." in client.get("/mijn/niveau").get_data(as_text=True)


def test_she_ticks_what_she_can_beside_what_her_teacher_found(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    group = make_group()
    amina = make_enrolled_learner(group, "Amina")
    kept = add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=COACH).id
    teacher = sign_in(client, "teacher")
    make_teacher_of(group, teacher)
    client.get(f"/groepen/{group.id}/niveau")
    sent = {"cursist": str(amina.id), f"s.{amina.id}": "not_yet", f"v.{amina.id}": "0."}
    client.post(f"/groepen/{group.id}/niveau/invullen?wat={kept}", sent, htmx=True)
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/niveau")

    assert client.post("/mijn/niveau/kunnen", {"kan": str(kept), "getoond": str(kept)}).status_code == 303

    page = client.get("/mijn/niveau").get_data(as_text=True)
    assert "docent: nog niet" in page
    assert 'name="kan" value="' + str(kept) + '" checked' in page
    with in_school(school.id):
        assert {(row.source, row.is_able) for row in session.scalars(select(CanDo))} == {
            ("teacher", False),
            ("learner", True),
        }
    assert client.post("/mijn/niveau/kunnen", {"kan": "x"}).status_code == 404


def test_who_represents_her_reads_what_she_ticked_and_says_nothing_for_her(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    amina = make_enrolled_learner(make_group(), "Amina")
    kept = add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=COACH).id
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/niveau/kunnen", {"kan": str(kept), "getoond": str(kept)})
    make_representative(amina, account_id=sign_in(client, "representative").account_id)

    page = client.get("/mijn/niveau").get_data(as_text=True)
    assert "de cursist zegt: ja" in page
    assert 'name="kan"' not in page
    assert client.post("/mijn/niveau/kunnen", {"getoond": str(kept)}).status_code == 403
    with in_school(school.id):
        assert session.scalars(select(CanDo.source)).all() == ["learner"]


def test_htmx_gets_the_goals_as_they_stand(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    amina = make_enrolled_learner(make_group(), "Amina")
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/niveau")
    month = today().replace(day=1)

    refused = client.post("/mijn/niveau/doel", {"level": "B1", "skill": "", "by_month": "2001-01-01"}, htmx=True)
    stored = client.post(
        "/mijn/niveau/doel", {"level": "B1", "skill": "", "by_month": month.isoformat()}, htmx=True
    ).get_data(as_text=True)

    assert refused.status_code == 422
    assert refused.get_data(as_text=True).lstrip().startswith('<section id="goals"')
    assert stored.lstrip().startswith('<section id="goals"')
    assert "Opgeslagen." in stored
    assert "B1" in stored
    with in_school(school.id):
        goal_id = session.scalars(select(Goal.id)).one()
    assert "Uw doel is weg." in client.post(f"/mijn/niveau/doel/{goal_id}/weg", htmx=True).get_data(as_text=True)
