"""Free text about a learner: whoever of the staff writes it is told once that another learner's name stands in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Enum, String, Text

from portal.core.clock import today
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.personal_data import Field, PersonKind, fields_of
from portal.courses.models import LearnerGroup
from portal.learners.corrections.services import propose_correction
from portal.policy.queries import current_policy
from portal.requests.data_requests.models import RequestKind
from tests.factories.attendance import make_mark
from tests.factories.consent import as_learner
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.learners import make_learner
from tests.factories.requests import ask
from tests.house.hostile import forms_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS, SeedSchool
from tests.signing_in import SignIn

LONGEST_NAME = 160
TEXT = "Zij komt samen met Yusuf Berg."
TOLD = "In deze tekst staat de naam van een andere cursist"


@dataclass
class World:
    """Amina and Yusuf in one group, with a lesson of last week; `kept` are ids by what addresses call them."""

    group: LearnerGroup
    kept: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A page with a form, where that goes, the input that holds the text, and what else is filled in."""

    page: str
    action: str
    name: str
    more: dict[str, str] = field(default_factory=dict)
    role: str = "administration coach"
    beside: str = ""
    """An input that stands in the form before the text's own does."""


def _entry(slug: str, name: str, more: dict[str, str] | None = None) -> Case:
    return Case(f"/cursisten/{{amina}}/dossier/{slug}/nieuw", "/nieuw", name, more or {})


def _record(category: str, name: str) -> Case:
    return Case(f"/cursisten/{{amina}}/wijzig/{category}", f"/wijzig/{category}", name)


def _progress(part: str, name: str, more: dict[str, str]) -> Case:
    return Case("/cursisten/{amina}/voortgang", f"/voortgang/{part}", name, more, role="teacher")


def _desk(part: str, name: str, role: str = "privacy_staff", more: dict[str, str] | None = None) -> Case:
    return Case("/verzoeken/{request}", f"/{part}", name, more or {}, role)


DAY = today().isoformat()
HIDDEN = {"is_hidden": "y", "body": "Kort."}
ASKED: dict[str, Case] = {
    **{f"learner.{name}": _record("education", name) for name in ("diplomas", "competences", "languages")},
    "learner.work_experience": _record("work", "work_experience"),
    **{f"learner.{name}": _record("circumstances", name) for name in ("care_duties", "circumstances", "conditions")},
    "appointment.subject": _entry("afspraken", "subject", {"starts_at": f"{DAY}T10:00"}),
    "correspondence.body": _entry("berichten", "body", {"received_on": DAY, "kind": "question"}),
    "intake.result": _entry("intakes", "result", {"held_on": DAY}),
    "invoice_line.description": _entry(
        "facturen", "description", {"number": "7", "issued_on": DAY, "amount_cents": "10"}
    ),
    "order_line.description": _entry("bestellingen", "description", {"ordered_on": DAY}),
    "trajectory.agreement": _entry("trajecten", "agreement", {"starts_on": DAY, "act": "wi2021"}),
    "trajectory.municipality_request": _entry("trajecten", "municipality_request", {"starts_on": DAY, "act": "wi2021"}),
    "waiting_entry.wish": Case("/cursisten/{amina}/wachtlijst", "/wachtlijst", "wish", {"course_id": "{course}"}),
    "correction.answer": Case("/wijzigingen/{correction}", "{correction}", "answer", {"besluit": "nee"}),
    "note.body": _progress("notities", "notitie-body", {"notitie-is_hidden": ""}),
    "note.hidden_because": _progress(
        "notities", "notitie-hidden_because", {"notitie-body": "Kort.", "notitie-is_hidden": "y"}
    ),
    "evaluation.body": _progress("evaluaties", "evaluatie-body", {"evaluatie-held_on": DAY}),
    "joint_evaluation.teacher_answers": Case("/voortgang/evaluaties/{joint}", "{joint}", "q.", role="teacher"),
    "joint_evaluation.teacher_remark": Case("/voortgang/evaluaties/{joint}", "/akkoord", "remark", role="teacher"),
    "mark_note.body": Case(
        "/lessen/{lesson}/presentie/notitie/{amina}", "/{amina}", "body", {"is_hidden": ""}, role="teacher"
    ),
    "mark_note.hidden_because": Case(
        "/lessen/{lesson}/presentie/notitie/{amina}", "/{amina}", "hidden_because", HIDDEN, role="teacher"
    ),
    "mark_change.reason": Case(
        "/lessen/{lesson}/presentie", "/presentie", "r.{amina}", {"s.{amina}": "absent"}, "teacher", "v.{amina}"
    ),
    "data_request.body": Case(
        "/verzoeken/nieuw/erasure?cursist={amina}", "/erasure?cursist={amina}", "body", {"channel": "phone"}
    ),
    "data_request.extension_reason": _desk("verlengen", "reason", more={"because": "complexity"}),
    "data_request.reply": _desk("beslissen", "reply"),
    "data_request.proof": _desk("beslissen", "proof"),
    "retention_hold.details": Case(
        "/bewaren/cursisten/{amina}", "/{amina}", "details", {"reason": "claim", "ends_on": DAY}, "privacy_staff"
    ),
    "request_advice.body": _desk("advies", "body", role="privacy_officer"),
}
"""By column: the form with which staff write it."""

NOT_ASKED: dict[str, str] = {
    "absence_notice.note": "written by the learner",
    "correction.old": "what stood in a field",
    "correction.proposed": "written by the learner",
    "correction.remark": "written by the learner",
    "joint_evaluation.learner_answers": "written by the learner",
    "joint_evaluation.learner_remark": "written by the learner",
    "learner.special_notes": "kept by no school of the tests; the form of the record asks of every long text",
    "field_origin.ground": "beside a field in the form of the record, which asks of it too",
    "complaint.about_name": "whom of the school it is about, as who has no sign-in typed it",
    "complaint.body": "about whom it is has to stand in a complaint; a copy leaves the names out",
    "complaint.handling": "about whom it is has to stand in a complaint; a copy leaves the names out",
    "copy_passage.reason": "why a name stays in a copy or goes: written where the names are decided on",
    "request_answer.kept_for": "a law of the policy, or what a hold is for: its form asks",
    "data_copy.identity_seen": "what was seen of who came, not a text",
    "data_copy.organisation": "the name of an organisation",
    "data_request.organisation": "the name of an organisation",
    "representative.proof": "by what the school knows a representative, who shares the learner's name or has her own",
    "restriction_use.article": "an article of law",
    "restriction_use.why": "written by the portal, from a list",
    "restriction_use.used_for": "written by the portal",
    "record_merge.contents": "what stood in a record that was merged",
    "import_row.before": "what stood in a field before an import",
    "consent.text_shown": "the school's own text",
    "account.password_hash": "no text",
    "saved_view.kept": "no text",
}
"""By column: why nobody is asked."""


def free_texts() -> dict[str, Field]:
    """Return the columns about a learner that hold sentences: sealed, without a limit, or longer than a name."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for each in fields_of(table, PersonKind.LEARNER):
            kind = table.columns[each.column].type
            is_long = isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or 0) > LONGEST_NAME)
            if not each.identifies and not isinstance(kind, Enum) and (each.sealed or is_long):
                found[each.key] = each
    return found


def test_of_every_free_text_about_a_learner_it_is_known_whether_its_form_asks() -> None:
    texts = set(free_texts())
    assert not set(ASKED) & set(NOT_ASKED)
    assert texts - set(ASKED) - set(NOT_ASKED) == set(), "say which form asks of another learner's name, or why none"
    assert (set(ASKED) | set(NOT_ASKED)) - texts == set()


def _make_world() -> World:
    amina, yusuf, group = make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg"), make_group()
    for each in (amina, yusuf):
        enrol(each, group, starts_on=today() - timedelta(days=60))
    lesson = make_lesson(group, held_on=today() - timedelta(days=7))
    make_mark(lesson, amina)
    made = World(group, {"amina": amina.id, "lesson": lesson.id, "course": group.course_id})
    made.kept["request"] = ask(amina, RequestKind.RECTIFICATION).id
    made.kept["joint"] = make_joint_evaluation(amina, is_answered=True).id
    made.kept["correction"] = propose_correction(amina.id, "learner.given_name", "Amine", by=as_learner(amina)).id
    return made


def _keeper_of(key: str) -> SeedSchool:
    """Return a school that keeps a column."""
    for school in SCHOOLS:
        with in_school(school.id):
            table = key.partition(".")[0]
            names = {key, f"{table}.body", "evaluation.text"} if table == "joint_evaluation" else {key}
            if any(current_policy().allows(each) for each in names):
                return school
    return SCHOOLS[0]


def _filled(case: Case, world: World, page: str, path: str) -> tuple[str, dict[str, str]]:
    """Return where the form of a page goes that has the input, and what a browser sends of it with the text in it."""
    name, beside = case.name.format(**world.kept), case.beside.format(**world.kept)
    for method, action, inputs in forms_of(page, path):
        fits = [each for each in inputs if each == name or (name.endswith(".") and each.startswith(name))]
        fits += [name] if beside in inputs else []
        if method == "POST" and fits and action.endswith(case.action.format(**world.kept)):
            more = {key.format(**world.kept): value.format(**world.kept) for key, value in case.more.items()}
            return action, {**inputs, **more, fits[-1]: TEXT}
    raise AssertionError(f"no form at {path} has {name}")


@pytest.mark.parametrize("key", sorted(ASKED))
def test_the_form_tells_once_and_stores_what_is_sent_again(
    database: Any, client_at: Callable[[str], PageClient], sign_in: SignIn, key: str
) -> None:
    case, school = ASKED[key], _keeper_of(key)
    client = client_at(school.slug)
    actor = sign_in(client, *case.role.split())
    with in_school(school.id):
        world = _make_world()
        if case.role == "teacher":
            make_teacher_of(world.group, actor)
    path = case.page.format(**world.kept)
    action, sent = _filled(case, world, client.get(path).get_data(as_text=True), path)
    told = client.post(action, sent)
    text = told.get_data(as_text=True)
    assert told.status_code == 422
    assert TOLD in text
    assert TEXT in text
    action, again = _filled(case, world, text, action)
    assert any("told_names" in name or name.startswith("t.") for name in again)
    assert TOLD not in client.post(action, again).get_data(as_text=True)
