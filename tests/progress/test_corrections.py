"""A learner asks to correct what stands about her in entries: levels, notes, trajectories. The answer reaches her."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask

from portal.accounts.actors import actor_of
from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, current_school_id, in_school
from portal.core.db.session import session
from portal.core.erasure import erase_category
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.learners.corrections.kinds import find_field
from portal.learners.corrections.models import CorrectionState
from portal.learners.corrections.queries import (
    count_waiting,
    get_correction,
    list_own_proposals,
    list_views_on,
    list_waiting,
)
from portal.learners.corrections.services import decide_correction, propose_correction
from portal.learners.record.fields import as_text
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.progress import queries
from portal.progress.corrections import FINDINGS
from portal.progress.levels.services import NewLevel, delete_level, record_levels
from portal.progress.models import Level, LevelSource, Note, NoteReaders, Rung, Skill
from portal.progress.notes.services import change_visibility, write_note
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.consent import as_learner
from tests.factories.corrections import decide, seen_of
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn, make_account

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))


@pytest.fixture
def meester(enter: Callable[[str], AbstractContextManager[SchoolView]]) -> Iterator[SchoolView]:
    """Meester in NT2."""
    with enter("meester-in-nt2") as school:
        yield school


@pytest.fixture
def as_text_of(app: Flask) -> Iterator[None]:
    """Let values be put in words outside a request."""
    with app.app_context():
        yield


@pytest.fixture
def amina(meester: SchoolView) -> Learner:
    return make_learner("Amina", email="amina@example.org")


@pytest.fixture
def herself(amina: Learner, as_text_of: None) -> Actor:
    return as_learner(amina)


def level_of(learner: Learner) -> Level:
    new = NewLevel(learner.id, Skill.READING, Rung.A1)
    record_levels([new], found_on=today(), source=LevelSource.TEST, by=COACH)
    return queries.list_levels(learner.id, SYSTEM)[0]


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_a_level_waits_for_the_school_and_stands_when_accepted(amina: Learner, herself: Actor) -> None:
    level = level_of(amina)
    proposal = propose_correction(
        amina.id, "level.level", "A2", entry_id=level.id, remark="Zie mijn toets.", by=herself
    )
    [waiting] = list_waiting(COACH)
    assert waiting.entry.startswith("niveau: Lezen, ")
    assert (waiting.now, waiting.view.proposed, waiting.view.remark) == ("A1", "A2", "Zie mijn toets.")
    assert level.level is Rung.A1

    decide(proposal.id, accept=True, answer="Dat klopt.", by=COACH)

    session.refresh(level)
    assert level.level is Rung.A2
    [own] = list_own_proposals(own_scope(amina.id))
    assert (own.view.answer, own.view.is_waiting) == ("Dat klopt.", False)
    entry = next(
        each for each in list_of_learner(amina.id, with_changes=True) if each.event.endswith("level_corrected")
    )
    assert entry.changes == {"level.level": ("A1", "A2")}


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_a_note_stays_with_a_reason_when_refused(amina: Learner, herself: Actor) -> None:
    note = write_note(amina.id, "Vaak te laat", by=COACH)
    proposal = propose_correction(amina.id, "note.body", "Twee keer te laat", entry_id=note.id, by=herself)

    with pytest.raises(Invalid, match="reason_required"):
        decide(proposal.id, accept=False, by=COACH)
    decide(proposal.id, accept=False, answer="Het was zes keer.", by=COACH)

    assert [each.text for each in queries.list_own_notes(amina.id, SYSTEM)] == ["Vaak te laat"]
    [own] = list_own_proposals(own_scope(amina.id))
    assert own.view.answer == "Het was zes keer."


def test_what_she_says_of_a_note_for_who_coaches_waits_for_them_alone(amina: Learner, herself: Actor) -> None:
    group = make_group()
    enrol(amina, group)
    account = make_account("Tess", "teacher")
    make_teacher_of(group, account)
    teacher = actor_of(account.id, account.name, frozenset({"teacher"}))
    note = write_note(amina.id, "Zoekt opvang", readers=NoteReaders.COACHING, by=COACH)
    proposal = propose_correction(amina.id, "note.body", "Ik heb opvang", entry_id=note.id, by=herself)

    assert (list_waiting(teacher), count_waiting(teacher), count_waiting(teacher, learner_id=amina.id)) == ([], 0, 0)
    assert list_views_on(amina.id, FINDINGS, teacher) == {}
    for asked in (lambda: get_correction(proposal.id, teacher), lambda: decide(proposal.id, accept=True, by=teacher)):
        with pytest.raises(NotFound):
            asked()
    assert (len(list_waiting(COACH)), count_waiting(COACH)) == (1, 1)
    assert list(list_views_on(amina.id, FINDINGS, COACH)) == [note.id]


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_no_note_is_kept_from_her(
    client_at: Callable[[str], PageClient], sign_in: SignIn, amina: Learner, meester: SchoolView
) -> None:
    with pytest.raises(Invalid, match="not_in_policy"):
        write_note(amina.id, "Overleg", hidden_because="eerst bespreken", by=COACH)
    note = write_note(amina.id, "Overleg", by=COACH)
    with pytest.raises(Invalid, match="not_in_policy"):
        change_visibility(note.id, hidden_because="eerst bespreken", by=COACH)
    learner_id = amina.id
    staff = client_at("meester-in-nt2")
    sign_in(staff, "coach")
    path = f"/cursisten/{learner_id}/voortgang"
    assert 'name="notitie-is_hidden"' not in staff.get(path).get_data(as_text=True)
    forced = {"notitie-body": "Overleg", "notitie-is_hidden": "y", "notitie-hidden_because": "eerst bespreken"}
    assert staff.post(f"{path}/notities", forced).status_code == 422
    with in_school(meester.id):
        assert all(each.is_visible for each in queries.list_notes(learner_id, PORTAL))


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_an_accepted_note_is_sealed_anew(amina: Learner, herself: Actor) -> None:
    note = write_note(amina.id, "Vaak te laat", by=COACH)
    proposal = propose_correction(amina.id, "note.body", "Twee keer te laat", entry_id=note.id, by=herself)
    decide(proposal.id, accept=True, by=COACH)
    assert [each.text for each in queries.list_own_notes(amina.id, SYSTEM)] == ["Twee keer te laat"]


def test_a_trajectory_is_held_to_its_rules_when_accepted(amina: Learner, herself: Actor) -> None:
    trajectory = make_trajectory(amina)
    wrong = propose_correction(amina.id, "trajectory.ends_on", "1-1-2001", entry_id=trajectory.id, by=herself)
    with pytest.raises(Invalid, match="ends_before_start"):
        decide(wrong.id, accept=True, by=COACH)
    right = propose_correction(amina.id, "trajectory.ends_on", "1-2-2027", entry_id=trajectory.id, by=herself)
    assert right.id == wrong.id
    decide(right.id, accept=True, by=COACH)
    row = session.get_one(Trajectory, (current_school_id(), trajectory.id), populate_existing=True)
    assert str(row.ends_on) == "2027-02-01"


def test_with_entries_that_are_erased_goes_what_was_proposed_for_them(amina: Learner, herself: Actor) -> None:
    trajectory = make_trajectory(amina)
    proposal = propose_correction(amina.id, "trajectory.ends_on", "1-2-2027", entry_id=trajectory.id, by=herself)
    erase_category(PersonKind.LEARNER, [amina.id], "trajectory", why="asked")
    session.refresh(proposal)
    assert (proposal.state, proposal.old, proposal.proposed) == (CorrectionState.WITHDRAWN, None, None)


def test_an_entry_that_changed_since_it_was_seen_is_not_overruled(amina: Learner, herself: Actor) -> None:
    trajectory = make_trajectory(amina)
    proposal = propose_correction(amina.id, "trajectory.ends_on", "1-2-2027", entry_id=trajectory.id, by=herself)
    seen = seen_of(proposal.id)
    trajectory.ends_on = today()
    session.flush()
    with pytest.raises(Conflict, match="stale"):
        decide_correction(proposal.id, accept=True, seen=seen, by=COACH)
    assert trajectory.ends_on == today()


def test_another_proposal_for_an_entry_than_was_seen_is_not_accepted(amina: Learner, herself: Actor) -> None:
    level = level_of(amina)
    proposal = propose_correction(amina.id, "level.level", "A2", entry_id=level.id, by=herself)
    seen = seen_of(proposal.id)
    propose_correction(amina.id, "level.level", "C1", entry_id=level.id, by=herself)
    with pytest.raises(Conflict, match="proposed_anew"):
        decide_correction(proposal.id, accept=True, seen=seen, by=COACH)
    assert (level.level, proposal.state) == (Rung.A1, CorrectionState.CONTESTED)


def test_two_entries_wait_apart(amina: Learner, herself: Actor) -> None:
    first, second = make_trajectory(amina), make_trajectory(amina)
    for row in (first, second):
        propose_correction(amina.id, "trajectory.ends_on", "1-2-2027", entry_id=row.id, by=herself)
    assert len(list_waiting(COACH)) == 2


def test_what_she_does_not_see_or_is_not_hers_is_not_there(amina: Learner, herself: Actor) -> None:
    hidden = write_note(amina.id, "Voor ons", by=COACH)
    hidden.is_visible = False
    others = make_trajectory(make_learner("Bereket"))
    for field, entry in (("note.body", hidden), ("trajectory.ends_on", others)):
        with pytest.raises(NotFound):
            propose_correction(amina.id, field, "1-2-2027", entry_id=entry.id, by=herself)
    with pytest.raises(NotAllowed):
        propose_correction(others.learner_id, "trajectory.ends_on", "1-2-2027", entry_id=others.id, by=herself)
    with pytest.raises(Invalid, match="unknown_field"):
        propose_correction(amina.id, "note.written_by_name", "Ik", entry_id=hidden.id, by=herself)


def test_an_entry_that_is_gone_is_not_corrected(amina: Learner, herself: Actor) -> None:
    level = level_of(amina)
    proposal = propose_correction(amina.id, "level.level", "A2", entry_id=level.id, by=herself)
    delete_level(level.id, by=COACH)

    assert get_correction(proposal.id, COACH).is_stale
    with pytest.raises(Conflict, match="entry_gone"):
        decide(proposal.id, accept=True, by=COACH)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("appointment.starts_at", "1-12-2026 14:30"),
        ("invoice_line.amount_cents", "125,50"),
        ("trajectory.minutes_before", "12:30"),
        ("trajectory.hours_bought", "40"),
        ("exam_result.is_passed", "ja"),
        ("level.level", "Alfa A"),
    ],
)
def test_a_value_comes_back_as_it_was_proposed(key: str, typed: str) -> None:
    field = find_field(key)
    assert field is not None
    value = field.clean(typed)
    assert field.read(as_text(value)) == value


def test_her_page_of_levels_says_where_to_say_that_one_is_wrong_and_it_leads_back_there(
    client_at: Callable[[str], PageClient], sign_in: SignIn, amina: Learner
) -> None:
    level_id = level_of(amina).id
    checkpoint()
    client = client_at("meester-in-nt2")
    sign_in(client, "learner", learner=amina)

    levels = client.get("/mijn/niveau").get_data(as_text=True)

    assert "Zeg het onder Alle niveaus." in levels
    assert "Vraag uw school het te wijzigen" not in levels
    asked = client.get(f"/mijn/dossier/niveaus/{level_id}/wijzigen").get_data(as_text=True)
    assert '<a class="crumb" href="/mijn/niveau"' in asked


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_she_asks_and_reads_the_answer_on_her_pages(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn, amina: Learner, meester: SchoolView
) -> None:
    note_id: UUID = write_note(amina.id, "Vaak te laat", by=COACH).id
    level_id = level_of(amina).id
    checkpoint()
    client, staff = client_at("meester-in-nt2"), client_at("meester-in-nt2")
    sign_in(client, "learner", learner=amina)
    levels = client.get("/mijn/niveau").get_data(as_text=True)
    assert f"/mijn/dossier/notities/{note_id}/wijzigen" in levels
    path = f"/mijn/dossier/niveaus/{level_id}/wijzigen"
    assert path in levels
    assert f"{path}?veld=level" in client.get(path).get_data(as_text=True)
    assert "Nu staat er:" in client.get(f"{path}?veld=level").get_data(as_text=True)
    assert client.post(f"{path}?veld=level", {"level": "Z9"}).status_code == 422
    assert client.get(f"{path}?veld=entered_by_name").status_code == 404
    assert client.post(f"{path}?veld=level", {"level": "A2", "remark": "Zie mijn toets."}).status_code == 303
    assert "wacht op uw school" in client.get("/mijn/wijzigingen").get_data(as_text=True)

    sign_in(staff, "coach")
    assert "Niveau: Lezen" in staff.get("/wijzigingen").get_data(as_text=True)
    with in_school(meester.id), app.app_context():
        [waiting] = list_waiting(COACH)
    decided = f"/wijzigingen/{waiting.view.id}"
    shown = staff.get(decided)
    assert "Zie mijn toets." in shown.get_data(as_text=True)
    refused = {**hidden_in(shown, decided), "besluit": "nee", "answer": "De toets zegt A1."}
    assert staff.post(decided, refused).status_code == 303

    answered = client.get("/mijn/wijzigingen").get_data(as_text=True)
    assert "niet overgenomen" in answered
    assert "De toets zegt A1." in answered
    with in_school(meester.id):
        assert session.get_one(Level, (meester.id, level_id)).level is Rung.A1
        assert session.get(Note, (meester.id, note_id)) is not None
