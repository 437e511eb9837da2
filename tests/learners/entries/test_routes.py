"""Entries of a record on the page: one set of addresses for all kinds."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import local, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.intakes.entries import INTAKE
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.services import add_entry
from portal.learners.origins.queries import origin_of
from portal.learners.record.models import Learner, Source
from portal.learners.trajectories.entries import TRAJECTORY
from portal.policy.queries import current_policy
from portal.progress.appointments.models import Appointment
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group
from tests.factories.learners import (
    make_enrolment,
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.factories.policy import changed, in_force, publish, varied
from tests.page_client import PageClient


@pytest.fixture
def learner(school: SchoolView) -> Learner:
    """A learner with a trajectory and a group."""
    made = make_learner()
    make_trajectory(made, client_id=make_organisation().id, agreement="Drie lessen per week")
    make_enrolment(made, make_group("B1 avond"))
    return made


def _rows(learner: Learner, kind: Any) -> Any:
    with in_school(learner.school_id):
        return session.scalars(select(kind.model).where(kind.model.learner_id == learner.id)).all()


def test_trajectory_and_groups_stand_on_one_page(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "coach")
    text = client.get(f"/cursisten/{learner.id}/dossier").get_data(as_text=True)
    for words in ("Wet inburgering 2021", "Gemeente Utrecht", "Drie lessen per week", "B1 avond"):
        assert words in text
    assert "Facturen" not in text


def test_the_page_takes_a_fixed_number_of_statements(
    client: PageClient, sign_in: Any, learner: Learner, count_statements: Any
) -> None:
    sign_in(client, "administration")
    counts = []
    for _round in range(2):
        with count_statements() as statements:
            client.get(f"/cursisten/{learner.id}/dossier")
        counts.append(len(statements))
        with in_school(learner.school_id):
            for _more in range(5):
                make_trajectory(learner)
                make_enrolment(learner, make_group())
    assert counts[0] == counts[1]


def test_a_trajectory_is_added_changed_and_removed(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    base = f"/cursisten/{learner.id}/dossier/trajecten"
    assert "Gemeente Utrecht" in client.get(f"{base}/nieuw").get_data(as_text=True)
    wrong = client.post(f"{base}/nieuw", {"act": "wi2021", "starts_on": "1-9-2026", "ends_on": "1-8-2026"})
    assert wrong.status_code == 422
    assert "Het einde ligt vóór het begin" in wrong.get_data(as_text=True)
    assert client.post(f"{base}/nieuw", {"act": "wi2013", "starts_on": "1-9-2026"}).status_code == 303
    made = next(row for row in _rows(learner, TRAJECTORY) if row.act == "wi2013")
    page = client.get(f"{base}/{made.id}").get_data(as_text=True)
    assert 'value="1-9-2026"' in page
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    typed = {"act": "wi2013", "starts_on": "2-9-2026", "reports_to_government": "y", "seen": seen}
    assert client.post(f"{base}/{made.id}", typed).status_code == 303
    stale = client.post(f"{base}/{made.id}", {**typed, "starts_on": "3-9-2026"})
    assert stale.status_code == 409
    assert "2 september 2026" in stale.get_data(as_text=True)
    assert client.post(f"{base}/{made.id}/verwijder").status_code == 303
    assert len(_rows(learner, TRAJECTORY)) == 1


@pytest.mark.promise("LB-01", part="intake")
def test_the_intake_links_the_statement_and_records_that_it_was_shown(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    sign_in(client, "coach")
    base = f"/cursisten/{learner.id}/dossier/intakes/nieuw"
    with in_school(learner.school_id):
        version = current_policy().version
        version_id = in_force()
    page = client.get(base).get_data(as_text=True)
    assert f'href="/privacy/{version}"' in page
    assert re.search(rf'name="statement_shown"\s+value="{version_id}"', page)
    assert client.post(base, {"held_on": f"{today():%d-%m-%Y}", "statement_shown": version_id}).status_code == 303
    assert str(_rows(learner, INTAKE)[0].statement_version_id) == version_id
    assert "Privacyverklaring genoemd" in client.get(f"/cursisten/{learner.id}/dossier").get_data(as_text=True)


@pytest.mark.promise("LB-01", part="intake")
def test_an_intake_keeps_the_version_that_was_pointed_out(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "coach")
    base = f"/cursisten/{learner.id}/dossier/intakes/nieuw"
    with in_school(learner.school_id):
        shown = in_force()
        newer = publish(changed("lest-best", ('version = "', 'version = "9')))

    refused = client.post(base, {"held_on": "1-9-2026", "statement_shown": shown})

    assert refused.status_code == 422
    assert "Deze tekst is intussen veranderd" in refused.get_data(as_text=True)
    assert f'href="/privacy/{newer.version}"' in refused.get_data(as_text=True)
    assert not _rows(learner, INTAKE)
    wrong = client.post(base, {"held_on": "onzin", "statement_shown": str(newer.id)})
    assert f'value="{newer.id}" checked' in wrong.get_data(as_text=True)


def test_a_kind_that_the_school_does_not_keep_has_no_page(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    assert client.get(f"/cursisten/{learner.id}/dossier/facturen/nieuw").status_code == 404
    assert client.get(f"/cursisten/{learner.id}/dossier/onzin/nieuw").status_code == 404


def test_who_does_not_change_a_category_gets_no_form(client_at: Any, sign_in: Any, enter: Any) -> None:
    client = client_at("step-inburgering")
    with enter("step-inburgering"):
        learner = make_learner()
    sign_in(client, "coach")
    assert client.get(f"/cursisten/{learner.id}/dossier/afspraken/nieuw").status_code == 200
    assert client.get(f"/cursisten/{learner.id}/dossier/facturen/nieuw").status_code == 403
    assert client.post(f"/cursisten/{learner.id}/dossier/facturen/nieuw", {"number": "1"}).status_code == 403
    teacher = client_at("step-inburgering")
    sign_in(teacher, "teacher")
    assert teacher.get(f"/cursisten/{learner.id}/dossier/afspraken/nieuw").status_code == 403


def test_an_entry_of_another_school_is_not_there(client_at: Any, sign_in: Any, learner: Learner) -> None:
    other = client_at("step-inburgering")
    sign_in(other, "administration")
    row = _rows(learner, TRAJECTORY)[0]
    for path in (f"trajecten/{row.id}", f"trajecten/{row.id}/verwijder", "trajecten/nieuw"):
        assert other.post(f"/cursisten/{learner.id}/dossier/{path}").status_code == 404


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_every_kind_has_a_form_somewhere(client_at: Any, sign_in: Any, enter: Any, slug: str) -> None:
    kind, shown = KINDS[slug], 0
    for school in ("lest-best", "meester-in-nt2", "step-inburgering", "onderwijs-pro", "leren-leren"):
        with enter(school):
            if not kind.is_kept(current_policy()):
                continue
            learner = make_learner()
        client = client_at(school)
        actor = sign_in(client, "administration", "coach")
        page = client.get(f"/cursisten/{learner.id}/dossier/{slug}/nieuw")
        assert page.status_code == (200 if kind.category in actor.changes else 403)
        shown += 1
    assert shown


def test_an_appointment_is_chosen_by_day_and_time_and_asks_no_origin(
    client_at: Any, sign_in: Any, enter: Any, office: Actor
) -> None:
    """At STEP only the school itself makes appointments."""
    with enter("step-inburgering"):
        learner_id = make_learner("Amina").id
    staff: PageClient = client_at("step-inburgering")
    sign_in(staff, "coach")
    address = f"/cursisten/{learner_id}/dossier/afspraken/nieuw"
    form = staff.get(address).get_data(as_text=True)
    assert 'type="datetime-local"' in form
    assert 'name="source"' not in form

    given = {"subject": "Voortgang", "with_whom": "Noor Bakker", "starts_at": "31-2-2026 14:30"}
    refused = staff.post(address, given)
    assert refused.status_code == 422
    assert 'value="31-2-2026 14:30"' in refused.get_data(as_text=True)
    assert staff.post(address, {**given, "starts_at": "2026-12-01T14:30"}).status_code == 303

    with enter("step-inburgering"):
        stored = session.scalars(select(Appointment)).one()
        key = stored.id
        assert (local(stored.starts_at).isoformat()[:16], stored.with_whom) == ("2026-12-01T14:30", "Noor Bakker")
        assert origin_of(stored).source is Source.SCHOOL
    shown = staff.get(address.replace("nieuw", str(key))).get_data(as_text=True)
    assert 'value="2026-12-01T14:30"' in shown


@pytest.mark.promise("MN-02", part="entries")
def test_staff_and_the_learner_read_it_on_their_pages(client_at: Any, sign_in: Any, enter: Any, office: Actor) -> None:
    values = {"appointment.starts_at": "1-12-2026 14:30", "appointment.subject": "Eindgesprek"}
    with enter("step-inburgering"):
        origins = ["learner", "school", "referrer"]
        publish(varied("step-inburgering", {"version": "9", "categories.appointment.origins": origins}))
        amina = make_learner("Amina")
        made = {"source": Source.REFERRER, "channel": "phone", "by": office}
        key = add_entry(KINDS["afspraken"], amina.id, values, **made)
        make_enrolment(amina, make_group("Groep ZZZ"), starts_on=date(2026, 3, 2), ends_on=date(2026, 7, 9))
        make_representative(amina, name="Samira Gemachtigde", proof="Volmacht gezien", ends_on=date(2027, 5, 6))
        learner_id = amina.id
    staff: PageClient = client_at("step-inburgering")
    hers: PageClient = client_at("step-inburgering")
    sign_in(hers, "learner", learner=amina)
    sign_in(staff, "coach")
    path = f"/cursisten/{learner_id}/dossier"
    assert "wie aanmeldde per telefoon, " in staff.get(path).get_data(as_text=True)
    form = staff.get(f"{path}/afspraken/{key}")
    assert 'name="source"' in form.get_data(as_text=True)
    typed = {"starts_at": "1-12-2026 14:30", "subject": "Voortgang", "source": "learner", "channel": "conversation"}
    assert staff.post(f"{path}/afspraken/{key}", typed).status_code == 303
    assert "de cursist in een gesprek, " in staff.get(path).get_data(as_text=True)

    page = hers.get("/mijn/gegevens/alles").get_data(as_text=True)

    for words in (
        "wie u aanmeldde per telefoon, ",
        "uzelf in een gesprek, ",
        "Groep ZZZ",
        "2 maart 2026",
        "9 juli 2026",
    ):
        assert words in page
    for words in ("Samira Gemachtigde", "gemachtigde", "Volmacht gezien", "6 mei 2027"):
        assert words in page


def test_what_a_municipality_asked_is_recorded_and_refused_beside_its_field(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    sign_in(client, "coach")
    trajectory = _rows(learner, TRAJECTORY)[0]
    path = f"/cursisten/{learner.id}/dossier/trajecten/{trajectory.id}"
    typed = {
        "act": "wi2021", "starts_on": "1-9-2026", "client_id": str(trajectory.client_id), "source": "school",
        "municipality_asked_on": "2-11-2026", "municipality_request": "Brief G-7",
    }  # fmt: skip
    assert "Dag waarop de gemeente vroeg hoe het gaat" in client.get(path).get_data(as_text=True)

    refused = client.post(path, {**typed, "target_group": "asylum"})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert 'id="municipality_asked_on-error"' in page
    assert "En alleen bij gezin of een andere doelgroep dan asiel." in page
    assert "Brief G-7" in page

    assert client.post(path, {**typed, "target_group": "family"}).status_code == 303
    assert _rows(learner, TRAJECTORY)[0].municipality_asked_on == date(2026, 11, 2)
    assert "Brief G-7" in client.get(f"/cursisten/{learner.id}/dossier").get_data(as_text=True)
