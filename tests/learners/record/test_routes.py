"""The record of one learner on the page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import Status
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.progress.models import Level, LevelSource, Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_enrolment, make_learner, make_representative, make_trajectory
from tests.page_client import PageClient

BSN = "999999990"


@pytest.fixture
def learner(school: SchoolView) -> Learner:
    """A learner with something in most categories."""
    made = make_learner("Fatima", "Berg", name_prefix="van der", bsn=BSN, phone="+31612345678", city="Utrecht")
    make_trajectory(made, reports_to_government=True)
    return made


def _teaches(actor: Actor, learner: Learner, **values: Any) -> None:
    with in_school(learner.school_id):
        group = make_group()
        make_teacher_of(group, actor)
        make_enrolment(learner, group, **values)


def _text(client: PageClient, path: str, **kwargs: Any) -> str:
    response = client.get(path, **kwargs)
    assert response.status_code == 200, response.status
    return str(response.get_data(as_text=True))


@pytest.mark.promise("MN-02", part="fields")
def test_the_record_shows_each_value_with_source_and_date(
    client: PageClient, sign_in: Any, learner: Learner, office: Actor
) -> None:
    change_learner(learner.id, {"learner.city": "Zeist"}, source=Source.REFERRER, channel="e-mail", by=office)
    make_representative(learner, name="Samira Berg")
    sign_in(client, "administration")
    text = _text(client, f"/cursisten/{learner.id}")
    for words in ("Fatima van der Berg", "06 12345678", "Zeist", "wie aanmeldde per e-mail", "Samira Berg"):
        assert words in text
    assert "Verblijfsstatus" not in text


@pytest.mark.parametrize(("role", "sees"), [("teacher", False), ("coach", False), ("privacy_officer", True)])
def test_who_acts_for_a_learner_is_shown_to_whom_it_concerns(
    client: PageClient, sign_in: Any, learner: Learner, role: str, sees: bool
) -> None:
    actor, group = sign_in(client, role), make_group()
    make_teacher_of(group, actor)
    make_enrolment(learner, group)
    make_representative(learner, name="Samira Berg")
    assert ("Samira Berg" in _text(client, f"/cursisten/{learner.id}")) is sees


def test_the_record_is_reached_in_a_fixed_number_of_statements(
    client: PageClient, sign_in: Any, learner: Learner, count_statements: Any
) -> None:
    sign_in(client, "administration")
    with count_statements() as statements:
        _text(client, f"/cursisten/{learner.id}")
    assert len(statements) <= 18, statements


@pytest.mark.parametrize("role", ["administration", "coach", "privacy_officer", "teacher"])
def test_the_record_opens_with_attendance_and_levels(
    client: PageClient, sign_in: Any, learner: Learner, role: str
) -> None:
    actor, group = sign_in(client, role), make_group()
    make_teacher_of(group, actor)
    make_enrolment(learner, group, starts_on=today() - timedelta(days=9))
    lessons = [make_lesson(group, held_on=today() - timedelta(days=days)) for days in (1, 2, 3)]
    make_mark(lessons[0], learner)
    make_mark(lessons[1], learner, Status.ABSENT)
    session.add(
        Level(
            learner_id=learner.id,
            skill=Skill.READING,
            level=Rung.A1,
            source=LevelSource.TEST,
            found_on=today(),
            entered_by_name="Tess Bakker",
            entered_at=now(),
        )
    )
    checkpoint()
    text = _text(client, f"/cursisten/{learner.id}")
    for words in ("50% van de lestijd", "in 2 ingevulde lessen", "1 les nog niet ingevuld", "Lezen: A1 ("):
        assert words in text
    for path in ("presentie", "voortgang"):
        assert f'<dt><a href="/cursisten/{learner.id}/{path}">' in text


@pytest.mark.parametrize(("role", "is_called"), [("coach", True), ("administration", True), ("teacher", True)])
def test_who_opens_a_record_can_call_at_once(
    client: PageClient, sign_in: Any, learner: Learner, role: str, is_called: bool
) -> None:
    _teaches(sign_in(client, role), learner)
    text = _text(client, f"/cursisten/{learner.id}")
    assert ('href="tel:+31612345678"' in text.partition("</section>")[0]) == is_called


def test_a_bsn_is_masked_until_it_is_shown_on_purpose(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    text = _text(client, f"/cursisten/{learner.id}")
    assert BSN not in text
    assert "••••••990" in text
    shown = client.post(f"/cursisten/{learner.id}/bsn")
    assert BSN in shown.get_data(as_text=True)
    assert BSN not in shown.get_data(as_text=True).partition("</title>")[0]
    with in_school(learner.school_id):
        rows = session.scalars(select(AuditEvent)).all()
    assert "learners.bsn_revealed" in [row.event for row in rows]
    assert BSN not in str([row.facts for row in rows])
    assert BSN not in _text(client, f"/cursisten/{learner.id}/wijzig/bsn")


@pytest.mark.promise("LB-06")
def test_a_teacher_gets_no_bsn_and_the_request_is_logged(client: PageClient, sign_in: Any, learner: Learner) -> None:
    _teaches(sign_in(client, "teacher"), learner)
    text = _text(client, f"/cursisten/{learner.id}")
    assert "06 12345678" in text
    for hidden in (r"\bBSN\b", "•990", "Utrecht", "4 mei 1990"):
        assert not re.search(hidden, text)
    assert client.post(f"/cursisten/{learner.id}/bsn").status_code == 403
    with in_school(learner.school_id):
        refused = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.refused")).one()
    assert refused.actor_kind == "staff"
    assert str(learner.id) in str(refused.facts)


@pytest.mark.promise("LB-06")
@pytest.mark.parametrize("page", ["", "/dossier", "/geschiedenis"])
def test_a_teacher_gets_no_learner_of_another_group_and_the_request_is_logged(
    client: PageClient, sign_in: Any, learner: Learner, page: str
) -> None:
    actor = sign_in(client, "teacher")
    _teaches(actor, make_learner("Ali"))
    _teaches(actor, learner, ends_on=today() - timedelta(days=8))
    assert client.get(f"/cursisten/{learner.id}{page}").status_code == 404
    with in_school(learner.school_id):
        refused = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.refused")).one()
    assert refused.learner_ids == [learner.id]
    assert refused.facts["what"] == "learners.outside_own_groups"


def test_a_coach_sees_no_bsn(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "coach")
    assert not re.search(r"\bBSN\b", _text(client, f"/cursisten/{learner.id}"))
    assert client.get(f"/cursisten/{learner.id}/wijzig/bsn").status_code == 403
    assert client.post(f"/cursisten/{learner.id}/bsn").status_code == 403


@pytest.mark.parametrize("role", ["privacy_officer", "teacher"])
def test_who_only_looks_gets_no_form(client: PageClient, sign_in: Any, learner: Learner, role: str) -> None:
    sign_in(client, role)
    assert client.get(f"/cursisten/{learner.id}/wijzig/address").status_code == 403
    assert client.post(f"/cursisten/{learner.id}/wijzig/address", {"city": "Zeist"}).status_code == 403


def test_a_record_of_another_school_is_not_there(client_at: Any, sign_in: Any, learner: Learner) -> None:
    other = client_at("step-inburgering")
    sign_in(other, "administration")
    for path in ("", "/dossier", "/geschiedenis", "/wijzig/address"):
        assert other.get(f"/cursisten/{learner.id}{path}").status_code == 404
    assert other.post(f"/cursisten/{learner.id}/wijzig/address", {"city": "Zeist"}).status_code == 404
    assert other.post(f"/cursisten/{learner.id}/bsn").status_code == 404


def _fresh(learner: Learner) -> Learner:
    with in_school(learner.school_id):
        return session.get_one(Learner, (learner.school_id, learner.id), populate_existing=True)


def _edit(client: PageClient, learner: Learner, category: str, **typed: str) -> Any:
    data = {"source": "learner", "channel": "phone", **typed}
    return client.post(f"/cursisten/{learner.id}/wijzig/{category}", data)


def test_a_category_is_changed(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    assert 'value="06 12345678"' in _text(client, f"/cursisten/{learner.id}/wijzig/contact")
    assert _edit(client, learner, "contact", phone="0687654321", email="F@Example.org").status_code == 303
    learner = _fresh(learner)
    assert (learner.phone, learner.email) == ("+31687654321", "f@example.org")


def test_saved_is_said_in_the_category_that_was_saved(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    assert _edit(client, learner, "contact", phone="06 23456789").status_code == 303
    page = _text(client, f"/cursisten/{learner.id}")
    section = re.search(r'id="cat-contact".*?</section>', page, re.S)
    assert section is not None
    assert "Opgeslagen." in section.group()
    assert page.count("Opgeslagen.") == 1


def test_a_refusal_keeps_what_was_typed(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    response = _edit(client, learner, "contact", phone="0612", email="geen")
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="0612"' in text
    assert "Dit e-mailadres klopt niet" in text
    part = client.post(
        f"/cursisten/{learner.id}/wijzig/contact", {"phone": "0612", "source": "school", "channel": ""}, htmx=True
    ).get_data(as_text=True)
    assert part.lstrip().startswith('<form id="edit"')


def test_a_change_meanwhile_is_shown_and_can_be_overruled(
    client: PageClient, sign_in: Any, learner: Learner, office: Actor
) -> None:
    sign_in(client, "administration")
    path = f"/cursisten/{learner.id}/wijzig/address"
    seen = _seen(_text(client, path))
    with in_school(learner.school_id):
        now = {"learner.city": "Houten", "learner.street": "Dorpsstraat"}
        change_learner(learner.id, now, source=Source.SCHOOL, by=office)
    typed = {"source": "school", "channel": "", "city": "Zeist", "house_number": "7"}
    response = client.post(path, {**typed, "seen": seen})
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Houten" in text
    for value in ("Zeist", "7", "Dorpsstraat"):  # typed, typed, and what she had left alone as it is now
        assert f'value="{value}"' in text
    assert client.post(path, {**typed, "street": "Dorpsstraat", "seen": _seen(text)}).status_code == 303
    learner = _fresh(learner)
    assert (learner.city, learner.street, learner.house_number) == ("Zeist", "Dorpsstraat", "7")


def test_who_changes_another_field_meanwhile_is_not_in_the_way(
    client: PageClient, sign_in: Any, learner: Learner, office: Actor
) -> None:
    sign_in(client, "administration")
    path = f"/cursisten/{learner.id}/wijzig/contact"
    page = _text(client, path)
    with in_school(learner.school_id):
        change_learner(learner.id, {"learner.phone": "0687654321"}, source=Source.SCHOOL, by=office)
    typed = {"phone": "06 12345678", "email": "f@example.org", "source": "school", "channel": "", "seen": _seen(page)}
    assert client.post(path, typed).status_code == 303
    learner = _fresh(learner)
    assert (learner.phone, learner.email) == ("+31687654321", "f@example.org")


def _seen(page: str) -> str:
    """What the form carries of the values that it shows."""
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_a_masked_number_stays_unless_it_is_typed_or_wiped(client: PageClient, sign_in: Any, learner: Learner) -> None:
    sign_in(client, "administration")
    assert _edit(client, learner, "bsn", bsn="").status_code == 303
    learner = _fresh(learner)
    assert learner.bsn is not None
    assert _edit(client, learner, "bsn", bsn="12345678").status_code == 422
    assert _edit(client, learner, "bsn", bsn="", bsn_wipe="y").status_code == 303
    learner = _fresh(learner)
    assert learner.bsn is None


def test_a_category_that_the_school_does_not_keep_has_no_page(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    sign_in(client, "administration")
    assert client.get(f"/cursisten/{learner.id}/wijzig/residence").status_code == 404


def test_a_reason_stands_beside_its_field_and_goes_with_the_value(client_at: Any, sign_in: Any, enter: Any) -> None:
    client = client_at("onderwijs-pro")
    with enter("onderwijs-pro"):
        learner = make_learner(employer="Bakkerij", grounds={"employer": "Toelage"})
    sign_in(client, "administration")
    assert "Toelage" in _text(client, f"/cursisten/{learner.id}")
    assert client.post(f"/cursisten/{learner.id}/grond/employer").status_code == 303
    assert "Bakkerij" not in _text(client, f"/cursisten/{learner.id}")
    refused = _edit(client, learner, "work", employer="Bakkerij", version="")
    assert "Schrijf op waarom" in refused.get_data(as_text=True)


def test_the_history_says_who_changed_what(client: PageClient, sign_in: Any, learner: Learner, office: Actor) -> None:
    change_learner(learner.id, {"learner.city": "Houten"}, source=Source.LEARNER, channel="app", by=office)
    change_learner(learner.id, {"learner.care_duties": "Twee kinderen"}, source=Source.LEARNER, by=office)
    sign_in(client, "administration")
    text = _text(client, f"/cursisten/{learner.id}/geschiedenis")
    for words in ("Anouk Bos", "Utrecht", "Houten", "via een app", "Twee kinderen"):
        assert words in text


def test_the_history_hides_what_a_role_does_not_see(
    client: PageClient, sign_in: Any, learner: Learner, office: Actor
) -> None:
    change_learner(
        learner.id, {"learner.city": "Houten", "learner.phone": "0687654321"}, source=Source.SCHOOL, by=office
    )
    _teaches(sign_in(client, "teacher"), learner)
    text = _text(client, f"/cursisten/{learner.id}/geschiedenis")
    assert "06 87654321" in text
    assert "Houten" not in text
    assert "En 1 gegeven dat u niet ziet" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_hold_in_other_languages(client: PageClient, sign_in: Any, learner: Learner, language: str) -> None:
    sign_in(client, "administration")
    for path in ("", "/dossier", "/geschiedenis", "/wijzig/contact"):
        _text(client, f"/cursisten/{learner.id}{path}", language=language)


@pytest.mark.parametrize(
    "case",
    [
        ("lest-best", "bsn", "Alleen als wij het traject"),
        ("onderwijs-pro", "work", "Waarom mag de school dit bewaren?"),
    ],
)
def test_the_form_says_when_a_field_may_be_kept(
    client_at: Any, sign_in: Any, enter: Any, case: tuple[str, str, str]
) -> None:
    slug, category, words = case
    client = client_at(slug)
    with enter(slug):
        learner = make_learner()
    sign_in(client, "administration")
    assert words in _text(client, f"/cursisten/{learner.id}/wijzig/{category}")
