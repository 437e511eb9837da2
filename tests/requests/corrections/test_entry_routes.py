"""Whatever entry of her record she asks to correct is corrected from her request, also while it stands still (16)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school, reveal
from portal.core.db.session import session
from portal.learners.corrections.kinds import CORRECTABLES, Correctable
from portal.learners.record.models import FieldOrigin, Learner
from portal.learners.record.values import values_of
from portal.learners.trajectories.models import TargetGroup, Trajectory
from portal.policy.queries import current_policy
from portal.progress.models import Level, Rung
from portal.purposes.restrictions.models import RestrictionUse, UseGround
from portal.requests.askers.services import Person
from portal.requests.corrections.queries import list_correctable
from portal.requests.corrections.services import correct_entry_for_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import check_identity
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.complaints import enter_complaint_of
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.factories.requests import as_staff, ask, enter
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.requests.corrections.test_routes import read_form
from tests.signing_in import SignIn, make_account

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
TYPED = {
    "date": "2026-10-05", "past_date": "2026-10-05", "moment": "2026-10-05T09:30", "long": "Dit is beter.",
    "text": "Beter", "whole": "7", "money": "12,50", "hours": "3", "email": "beter@example.org", "phone": "0612345678",
}  # fmt: skip
"""Another value of each kind of field."""


pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "learner")
        return make_learner("Amina", "Yilmaz", email="a@example.org", account_id=account.id)


@pytest.fixture
def desk(client_at: Callable[[str], PageClient], sign_in: SignIn) -> PageClient:
    client = client_at(SLUG)
    sign_in(client, "privacy_staff")
    return client


def asked_by(learner: Learner, **wish: Any) -> DataRequest:
    with in_school(HERE):
        reveal(learner.id)
        return ask(learner, RequestKind.RECTIFICATION, body="Dit klopt niet.", is_restricted_meanwhile=True, **wish)


def kinds_kept(app: Flask) -> list[Correctable]:
    with in_school(HERE), app.app_context():
        return [kind for kind in CORRECTABLES.all if kind.kept(current_policy())]


def at_entry(client: PageClient, request: DataRequest, category: str, entry_id: object) -> str:
    """Return the address of an entry, as the request leads to it."""
    page = client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    of_category = f"/verzoeken/{request.id}/verbeteren/{category}"
    assert of_category in page
    links = re.findall(r'href="([^"]+)"', client.get(of_category).get_data(as_text=True))
    return next(each for each in links if str(entry_id) in each)


def test_a_level_is_corrected_while_all_of_her_stands_still(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        level = make_row("level", learner_id=amina.id, level=Rung.A1, found_on=today())["id"]
    request = asked_by(amina)
    at = at_entry(desk, request, "level", level)
    assert desk.post(at, {**read_form(desk, at), "level": "A2"}).status_code == 303
    with in_school(HERE):
        reveal(amina.id)
        assert session.get_one(Level, (HERE, level)).level is Rung.A2
        [use] = session.scalars(select(RestrictionUse)).all()
        assert use.ground is UseGround.CONSENT
        assert request.number in use.used_for
        events = set(session.scalars(select(AuditEvent.event)))
        assert {"requests.corrected", "progress.level_corrected"} <= events


def test_a_mark_is_corrected_with_the_reason_that_she_said_so(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        group = make_group()
        enrol(amina, group)
        mark = make_mark(make_lesson(group, held_on=today() - timedelta(days=1)), amina, Status.ABSENT).id
    at = at_entry(desk, asked_by(amina), "attendance", mark)
    assert desk.post(at, {**read_form(desk, at), "status": "present"}).status_code == 303
    with in_school(HERE):
        reveal(amina.id)
        assert session.get_one(AttendanceMark, (HERE, mark)).status is Status.PRESENT


def test_every_kind_of_entry_is_reached_from_a_request_and_corrected(
    desk: PageClient, app: Flask, amina: Learner
) -> None:
    request, walked, refused = asked_by(amina), 0, dict[str, object]()
    for kind in kinds_kept(app):
        if kind.table == "attendance_mark":
            continue  # a mark needs a lesson that she was in: above
        with in_school(HERE), app.app_context():
            row = make_row(kind.table, learner_id=amina.id)["id"]
            fields = kind.kept(current_policy())
        at = at_entry(desk, request, fields[0].category, row)
        typed = {each.column: TYPED["long"] for each in fields if each.kind == "long"} | read_form(desk, at)
        changed = next((each for each in fields if each.kind in TYPED), None)
        if changed is not None:
            typed[changed.column] = TYPED[changed.kind]
        answer = desk.post(at, typed)
        if answer.status_code != 303:
            refused[kind.slug] = re.findall(r'<p class="[^"]*error[^"]*"[^>]*>.*?</p>', answer.get_data(as_text=True))
        if answer.status_code == 303 and changed is not None:
            with in_school(HERE), app.app_context():
                reveal(amina.id)
                stored = session.get_one(kind.model, (HERE, row))
                assert values_of(stored, [changed])[changed.key] == changed.clean(TYPED[changed.kind]), kind.slug
            walked += 1
    assert refused == {}
    assert walked > 3


def test_another_learners_entry_is_not_there_nor_one_of_another_category(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        other = make_row("level", learner_id=make_learner("Omar", "Haddad").id)["id"]
        mine = make_row("level", learner_id=amina.id)["id"]
    request = asked_by(amina)
    at = f"/verzoeken/{request.id}/verbeteren"
    for path in (
        f"level/niveaus/{other}", f"level/niveaus/{new_id()}", f"attendance/niveaus/{mine}", f"level/iets/{mine}",
    ):  # fmt: skip
        assert desk.get(f"{at}/{path}").status_code == 404
        assert desk.post(f"{at}/{path}", {}).status_code == 404
    part = asked_by(amina, categories=("contact",))
    assert desk.get(f"/verzoeken/{part.id}/verbeteren/level/niveaus/{mine}").status_code == 404


def test_what_somebody_else_changed_meanwhile_is_shown_beside_what_was_typed(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        level = make_row("level", learner_id=amina.id, level=Rung.A1, found_on=today())["id"]
    at = at_entry(desk, asked_by(amina), "level", level)
    typed = {**read_form(desk, at), "level": "A2"}
    with in_school(HERE):
        reveal(amina.id)
        session.get_one(Level, (HERE, level)).level = Rung.B1
    stale = desk.post(at, typed)
    assert stale.status_code == 409
    assert "Dit staat er nu" in stale.get_data(as_text=True)


def test_of_what_no_page_corrects_the_desk_reads_how(desk: PageClient, amina: Learner) -> None:
    request = asked_by(amina, categories=("contact", "consent"))
    text = re.sub(r"\s+", " ", unescape(desk.get(f"/verzoeken/{request.id}").get_data(as_text=True)))
    assert "Hiervoor is geen pagina" in text
    assert f"/verzoeken/{request.id}/verbeteren/consent" not in text
    with in_school(HERE):
        reveal(amina.id)
        row = session.get_one(DataRequest, (HERE, request.id))
        assert list_correctable(row, as_staff()) == ["contact"]


def test_a_complaint_about_who_looks_is_not_corrected_by_her(client: PageClient, sign_in: SignIn, app: Flask) -> None:
    here = school_id("lest-best")
    with in_school(here):
        account, _other = make_account("Pia Privacy", "privacy_staff"), make_account("Olga Smit", "privacy_staff")
        make_account("Bas de Boer", "management")
        learner = make_learner("Amina", "Yilmaz")
        complaint = enter_complaint_of(Person(learner_id=learner.id), about_id=account.id)
        request = ask(learner, RequestKind.RECTIFICATION, body="Nee.")
    sign_in(client, "privacy_staff", account=account)
    at = f"/verzoeken/{request.id}/verbeteren/complaint"
    assert str(complaint.id) not in client.get(at).get_data(as_text=True)
    assert client.get(f"{at}/klachten/{complaint.id}").status_code == 404


def test_a_period_is_moved_whole_and_what_contradicts_itself_is_stored_in_no_part(
    desk: PageClient, app: Flask, amina: Learner
) -> None:
    kind = next(each for each in kinds_kept(app) if each.slug == "trajecten")
    with in_school(HERE), app.app_context():
        keys = {each.key for each in kind.kept(current_policy())}
        days = {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 2, 5)}
        row = make_row(kind.table, learner_id=amina.id, **days)["id"]
    assert {f"{kind.table}.starts_on", f"{kind.table}.ends_on"} <= keys
    at = at_entry(desk, asked_by(amina), "trajectory", row)
    typed = read_form(desk, at)

    def stored() -> tuple[date, date]:
        with in_school(HERE):
            reveal(amina.id)
            found = session.get_one(kind.model, (HERE, row), populate_existing=True)
            return found.starts_on, found.ends_on

    wrong = desk.post(at, {**typed, "starts_on": "2026-06-05", "ends_on": "2026-05-05"})
    assert wrong.status_code == 422
    assert stored() == tuple(days.values())
    assert desk.post(at, {**typed, "starts_on": "2026-05-05", "ends_on": "2026-06-05"}).status_code == 303
    assert stored() == (date(2026, 5, 5), date(2026, 6, 5))


def test_fields_that_belong_together_are_corrected_at_once(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        client_id = make_organisation().id
        row = make_trajectory(amina, target_group=TargetGroup.FAMILY, client_id=client_id).id
    at = at_entry(desk, asked_by(amina), "trajectory", row)
    typed = read_form(desk, at)
    days = {"municipality_asked_on": "2026-10-05", "municipality_request": "Brief G-7"}
    assert set(days) <= set(typed)
    assert desk.post(at, {**typed, "municipality_asked_on": "2026-10-05"}).status_code == 422
    assert desk.post(at, {**typed, **days}).status_code == 303
    with in_school(HERE):
        reveal(amina.id)
        stored = session.get_one(Trajectory, (HERE, row))
        assert (stored.municipality_asked_on, stored.municipality_request) == (date(2026, 10, 5), "Brief G-7")


def test_a_mark_of_which_more_is_wrong_changes_once(desk: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        group = make_group()
        enrol(amina, group)
        mark = make_mark(make_lesson(group, held_on=today() - timedelta(days=1)), amina, Status.ABSENT).id
    at = at_entry(desk, asked_by(amina), "attendance", mark)
    more = {"status": "present", "late_minutes": "10", "early_minutes": "5"}
    assert desk.post(at, {**read_form(desk, at), **more}).status_code == 303
    with in_school(HERE):
        reveal(amina.id)
        stored = session.get_one(AttendanceMark, (HERE, mark))
        assert (stored.status, stored.late_minutes, stored.early_minutes) == (Status.PRESENT, 10, 5)
        assert len(session.scalars(select(MarkChange)).all()) == 1


@pytest.mark.parametrize(("channel", "kept"), [(RequestChannel.LETTER, "paper"), (RequestChannel.PHONE, "phone")])
def test_every_kind_is_corrected_whole_in_one_entry_of_the_log_as_it_was_asked(
    app: Flask, amina: Learner, channel: RequestChannel, kept: str
) -> None:
    walked = 0
    with in_school(HERE):
        by = as_staff()
        request = enter(RequestKind.RECTIFICATION, learner_id=amina.id, body="Dit klopt niet.", channel=channel)
        check_identity(request.id, IdentityCheck.COUNTER, by=by)
    for kind in kinds_kept(app):
        if kind.table == "attendance_mark":
            continue  # it keeps no channel
        with in_school(HERE), app.app_context():
            row = make_row(kind.table, learner_id=amina.id)["id"]
            fields = [each for each in kind.kept(current_policy()) if each.kind in TYPED]
            said = {each.key: TYPED[each.kind] for each in fields if "municipality" not in each.key}
            if not said:
                continue
            correct_entry_for_request(request.id, fields[0].category, kind.slug, row, said, by=by)
            origins = session.scalars(select(FieldOrigin).where(FieldOrigin.entry_id == row)).all()
            assert {(each.field, each.channel) for each in origins} == {(key, kept) for key in said}, kind.slug
            changed = select(AuditEvent.id).where(AuditEvent.subject_id == row, AuditEvent.event.like("%d"))
            assert len(session.scalars(changed).all()) == 1, kind.slug
        walked += len(said) > 1
    assert walked > 3
