"""Entries of a record, trajectories among them, and the BSN that goes with the last that reports (MN-04)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.clock import local, today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import EVERY
from portal.identity.models import IdentityDocument
from portal.intakes.entries import INTAKE
from portal.intakes.models import Intake
from portal.learners.conditions.services import clear_expired_fields
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.queries import get_entry
from portal.learners.entries.services import add_entry, change_entry, remove_entry
from portal.learners.record.conflicts import as_seen
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.services import change_learner
from portal.learners.record.values import values_of
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.models import Trajectory
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_trajectory
from tests.factories.policy import in_force

BSN = "999999990"


def _bsn_of(learner: Learner) -> Any:
    return session.execute(select(Learner.bsn, Learner.bsn_digest).where(Learner.id == learner.id)).one()


@pytest.mark.promise("MN-04")
def test_a_bsn_without_a_trajectory_that_reports_is_refused(enter: Any, office: Actor) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner()
        make_trajectory(learner, reports_to_government=False)
        make_trajectory(learner, reports_to_government=True, ends_on=today() - timedelta(days=1))
        with pytest.raises(Invalid, match="needs_reporting_trajectory"):
            change_learner(learner.id, {"learner.bsn": BSN}, source=Source.LEARNER, by=office)
        make_trajectory(learner, reports_to_government=True)
        change_learner(learner.id, {"learner.bsn": BSN}, source=Source.LEARNER, by=office)
        assert _bsn_of(learner).bsn is not None


@pytest.mark.promise("MN-04")
@pytest.mark.parametrize("how", ["removed", "ended", "no longer reports"])
def test_the_bsn_goes_with_the_last_trajectory_that_reports(enter: Any, office: Actor, how: str) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(bsn=BSN)
        first = make_trajectory(learner, reports_to_government=True)
        second = make_trajectory(learner, reports_to_government=True)
        remove_entry(TRAJECTORY, learner.id, first.id, by=office)
        assert _bsn_of(learner).bsn is not None
        if how == "removed":
            remove_entry(TRAJECTORY, learner.id, second.id, by=office)
        elif how == "ended":
            ended = {"trajectory.ends_on": today() - timedelta(days=1)}
            change_entry(TRAJECTORY, learner.id, second.id, ended, by=office)
        else:
            silent = {"trajectory.reports_to_government": False}
            change_entry(TRAJECTORY, learner.id, second.id, silent, by=office)
        assert tuple(_bsn_of(learner)) == (None, None)
        origins = session.scalars(select(FieldOrigin.field).where(FieldOrigin.learner_id == learner.id)).all()
        assert "learner.bsn" not in origins


@pytest.mark.promise("MN-04")
def test_the_worker_clears_the_bsn_when_the_last_day_has_passed(enter: Any) -> None:
    with enter("meester-in-nt2"):
        gone, kept = make_learner(bsn=BSN), make_learner("Ali", bsn="123456782")
        make_trajectory(gone, reports_to_government=True, ends_on=today() - timedelta(days=1))
        make_trajectory(kept, reports_to_government=True, ends_on=today())
        assert clear_expired_fields(by=PORTAL) == 1
        assert clear_expired_fields(by=PORTAL) == 0
        assert _bsn_of(gone).bsn is None
        assert _bsn_of(kept).bsn is not None
    assert EVERY.get("learners.clear_expired_fields") == 24 * 3600


def test_an_entry_of_any_kind_can_be_added_changed_and_removed(enter: Any, office: Actor) -> None:
    with enter("step-inburgering"):
        learner = make_learner()
        kind = KINDS["afspraken"]
        values = {"appointment.starts_at": "1-12-2026 14:30", "appointment.subject": "Gesprek"}
        entry_id = add_entry(kind, learner.id, values, by=office)
        row = get_entry(kind, learner.id, entry_id, SYSTEM)
        assert local(row.starts_at).isoformat().startswith("2026-12-01T14:30")
        seen = as_seen(values_of(row, kind.fields(current_policy())))
        change_entry(kind, learner.id, entry_id, {"appointment.subject": "Toets"}, by=office)
        everything = {"appointment.starts_at": row.starts_at, "appointment.subject": "Les", "appointment.place": None}
        left = {**everything, "appointment.subject": "Gesprek", "appointment.place": "Lokaal 2"}
        change_entry(kind, learner.id, entry_id, left, seen=seen, by=office)
        assert (row.subject, row.place) == ("Toets", "Lokaal 2")
        with pytest.raises(Conflict, match="stale"):
            change_entry(kind, learner.id, entry_id, everything, seen=seen, by=office)
        remove_entry(kind, learner.id, entry_id, by=office)
        assert session.scalars(select(kind.model).where(kind.model.learner_id == learner.id)).all() == []
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == entry_id)).all()
        assert sorted(events) == [
            "learners.appointment_added",
            "learners.appointment_changed",
            "learners.appointment_changed",
            "learners.appointment_removed",
        ]


def test_an_entry_of_another_learner_is_not_found(enter: Any, office: Actor) -> None:
    with enter("step-inburgering"):
        one, other = make_learner(), make_learner("Ali")
        trajectory = make_trajectory(one)
        with pytest.raises(NotFound):
            remove_entry(TRAJECTORY, other.id, trajectory.id, by=office)


@pytest.mark.promise("LB-02", part="stored")
def test_an_entry_holds_no_field_that_the_school_does_not_keep(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    with pytest.raises(Invalid, match="not_in_policy") as refused:
        add_entry(INTAKE, learner.id, {"intake.held_on": "1-9-2026", "intake.result": "Route B1"}, by=office)
    assert refused.value.facts["category"] == "Eerste gesprek"
    assert not KINDS["afspraken"].is_kept(current_policy())


@pytest.mark.promise("LB-01", part="intake")
def test_an_intake_records_which_statement_was_shown_and_when(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    entry_id = add_entry(INTAKE, learner.id, {"intake.held_on": "1-9-2026"}, statement_shown=in_force(), by=office)
    row = session.get_one(Intake, (school.id, entry_id))
    assert row.statement_version_id == school.policy_version_id
    assert row.statement_shown_at is not None
    silent = session.get_one(
        Intake, (school.id, add_entry(INTAKE, learner.id, {"intake.held_on": "2-9-2026"}, by=office))
    )
    assert silent.statement_version_id is None


def test_a_trajectory_points_only_to_organisations_of_its_own_school(
    school: SchoolView, office: Actor, enter: Any
) -> None:
    learner = make_learner()
    with enter("step-inburgering"):
        elsewhere = make_organisation()
    client = make_organisation("Gemeente Zeist")
    person = make_contact_person(client)
    base = {"trajectory.act": "wi2021", "trajectory.starts_on": "1-9-2026"}
    with pytest.raises(Invalid, match="choice_unknown"):
        add_entry(TRAJECTORY, learner.id, {**base, "trajectory.client_id": elsewhere.id}, by=office)
    linked = {"trajectory.client_id": str(client.id), "trajectory.client_manager_id": str(person.id)}
    entry_id = add_entry(TRAJECTORY, learner.id, {**base, **linked}, by=office)
    assert session.get_one(Trajectory, (school.id, entry_id)).client_id == client.id


def test_a_trajectory_can_not_end_before_it_begins(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    wrong = {"trajectory.act": "wi2021", "trajectory.starts_on": "1-9-2026", "trajectory.ends_on": "31-8-2026"}
    with pytest.raises(Invalid, match="ends_before_start"):
        add_entry(TRAJECTORY, learner.id, wrong, by=office)
    made = make_trajectory(learner, starts_on=date(2026, 9, 1))
    with pytest.raises(Invalid, match="ends_before_start"):
        change_entry(TRAJECTORY, learner.id, made.id, {"trajectory.ends_on": "31-8-2026"}, by=office)


def test_a_manager_works_for_the_client_of_the_trajectory(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    client, other = make_organisation("Gemeente Zeist"), make_organisation("Gemeente Houten")
    stranger = make_contact_person(other)
    values = {
        "trajectory.act": "wi2021",
        "trajectory.starts_on": "1-9-2026",
        "trajectory.client_id": client.id,
        "trajectory.client_manager_id": stranger.id,
    }
    with pytest.raises(Invalid, match="manager_of_other_client"):
        add_entry(TRAJECTORY, learner.id, values, by=office)


@pytest.mark.promise("MN-05", part="request")
def test_only_the_request_of_a_client_is_recorded_and_no_image_comes_without_it(enter: Any, office: Actor) -> None:
    kind = KINDS["identiteitsbewijzen"]
    with enter("meester-in-nt2"):
        learner = make_learner()
        asked = {"identity_document.requested_by": "Gemeente Rotterdam", "identity_document.requested_on": "1-9-2026"}
        with pytest.raises(Invalid, match="unknown_field"):
            add_entry(kind, learner.id, {**asked, "identity_document.file_id": learner.id}, by=office)
        with pytest.raises(Invalid, match="required"):
            add_entry(kind, learner.id, {"identity_document.requested_on": "1-9-2026"}, by=office)
        add_entry(kind, learner.id, asked, by=office)
        assert session.scalar(select(func.count()).select_from(IdentityDocument)) == 1


def test_a_role_that_does_not_change_a_category_adds_nothing_to_it(enter: Any, coach: Actor) -> None:
    with enter("step-inburgering"):
        learner = make_learner()
        with pytest.raises(NotAllowed):
            add_entry(KINDS["facturen"], learner.id, {}, by=coach)
