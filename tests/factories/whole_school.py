"""A school in which every page has something to show, and the addresses of all pages that a role may open in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from secrets import choice
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.accounts.actors import actor_of
from portal.accounts.council.models import CouncilAnswer
from portal.accounts.invitations.links import make_link
from portal.accounts.models import Account, LinkKind
from portal.core import jobs
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import access_of
from portal.core.personal_data import PersonKind
from portal.hours.figures.services import count_all
from portal.learners.corrections.kinds import kind_called
from portal.learners.corrections.services import (
    correct_own_field,
    decide_correction,
    decided_on,
    propose_correction,
)
from portal.learners.enrolments.models import Enrolment
from portal.learners.entries.kinds import KINDS
from portal.learners.invitations.services import invite_by_email
from portal.learners.record.fields import LEARNER_FIELDS
from portal.learners.record.models import Learner
from portal.notifications.daily_mails.links import make_token
from portal.notifications.models import NotificationKind
from portal.oversight.incidents.services import add_touched
from portal.permissions import CHANGES, MAY, SEES, Role
from portal.policy.queries import current_policy
from portal.purposes.privacy_notices.services import TELLING
from portal.purposes.withdrawals.services import withdraw_consent
from portal.representation.disputes.models import DisputeSubject
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.services import ask_identity
from portal.retention.certificates.links import token_of as certificate_token
from portal.retention.certificates.queries import get_certificate
from portal.signals.models import Signal, SignalKind
from tests.factories.accounts import make_account, make_feed, make_lost_learner
from tests.factories.attendance import make_mark, make_notice
from tests.factories.caseloads import make_coach, make_coach_substitute, make_coaching
from tests.factories.certificates import make_certificate
from tests.factories.complaints import answer, complain_from_outside
from tests.factories.consent import agree, as_learner
from tests.factories.copies import make_flagged, make_ready, make_request
from tests.factories.courses import (
    enrol,
    make_group,
    make_holiday,
    make_lesson,
    make_slot,
    make_teacher_of,
    make_term,
)
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.imports import bring_results_so_far, bring_so_far, sheet_bytes
from tests.factories.learners import (
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.factories.merges import make_merged
from tests.factories.notifications import make_notification
from tests.factories.oversight import make_incident, make_manager, make_review
from tests.factories.requests import as_staff, ask_from_outside
from tests.factories.requests import ask as ask_request
from tests.factories.waiting_list import make_waiting
from tests.factories.whole_contacts import NEWS_LINKS, given_of_contacts
from tests.factories.whole_requests import REQUEST_WAYS
from tests.house.rows import make_row

# No pages: a file, a picture, a way on to another page, the mails of a demo, what a calendar and a script read.
NO_PAGES = {
    "static", "schools.style", "schools.logo", "overview.start", "demo.mails", "overview.calendar_feed",
    "retention.certificate_as_pdf", "retention.followed_certificate_as_pdf",
    "overview.evaluation_as_pdf", "overview.own_evaluation_as_pdf", "identity.picture",
    "attendance.evidence_picture", "attendance.own_evidence", "oversight.impact_assessment_as_pdf",
    "accounts.passkey_creation_options", "accounts.passkey_request_options",
}  # fmt: skip
# Figures of the school and of groups are for management too, those of one learner not, nor lists of them.
# A complaint is for whom the policy names, and for another only where nobody of them is left.
# What somebody asked about herself is there for a learner and who acts for her; of staff nobody asked anything.
_ASKED = {
    "requests.my_request",
    "requests.own_document",
    "requests.my_complaint",
    "retention.own_certificate",
    "copies.mine",
}
_COMPLAINTS = {"requests.complaint", "requests.complaint_letter", "requests.choose_whose_complaint"}
CLOSED: dict[Role | None, set[str]] = {
    **{role: _ASKED for role in Role if role not in {Role.LEARNER, Role.REPRESENTATIVE}},
    Role.PRIVACY_OFFICER: _ASKED | _COMPLAINTS,
    Role.MANAGEMENT: _ASKED | {"hours.learner_attendance", "hours.group_weeks", "learners.ask_invitable"},
}
LONGER = {"number": 9, "unit": "years"}
OWN_FIELDS = ("phone", "birth_date", "preferred_language", "bsn")
Ways = list[dict[str, Any]]


@dataclass
class Whole:
    """What is there, and what stands in an address for each argument."""

    scene: Scene
    child: Learner
    parent: Account
    teacher: Account
    coach: Account
    merged: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    runs: list[Any] = field(default_factory=list)
    result_runs: list[Any] = field(default_factory=list)
    corrections: list[Any] = field(default_factory=list)
    contested: list[Any] = field(default_factory=list)
    tokens: dict[LinkKind, str] = field(default_factory=dict)
    entries: dict[Any, dict[str, Any]] = field(default_factory=dict)
    withdrawals: dict[Any, Any] = field(default_factory=dict)
    evaluations: dict[Any, Any] = field(default_factory=dict)
    copies: dict[Any, Any] = field(default_factory=dict)
    lessons_to_come: dict[Any, Any] = field(default_factory=dict)
    requests: dict[Any, list[Any]] = field(default_factory=dict)
    answered: Any = None
    outside: Any = None
    complaint: Any = None
    answered_complaint: Any = None

    def subject(self, role: Role) -> Learner:
        """Whose pages somebody with this role sees as her own."""
        return self.child if role is Role.REPRESENTATIVE else self.scene.amina


def make_whole() -> Whole:
    """Fill the school in scope."""
    merged = make_merged()  # first: it forgets what was loaded
    scene = make_scene(f" {uuid4().hex[:8]}")
    child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 1, 1))
    parent = make_account("Samira Haddad", "representative", email=f"{uuid4().hex[:12]}@example.org")
    make_representative(child, account_id=parent.id)
    teacher = make_account(f"Tess {uuid4().hex[:6]}", "teacher", email=f"{uuid4().hex[:12]}@example.org")
    coach = make_coach(f"Roos {uuid4().hex[:6]}")
    make_coaching(scene.amina, coach)
    make_coach_substitute(make_coach(f"Daan {uuid4().hex[:6]}"), coach)
    whole = Whole(scene, child, parent, teacher, coach, merged)
    _plan(whole)
    _propose(whole)
    _bring_in(whole)
    another, _ = make_organisation(f"Gemeente Houten {uuid4().hex[:8]}"), make_group()
    for learner in (scene.amina, child):
        make_trajectory(learner, reports_to_government=True, client_id=another.id)
        whole.entries[learner.id] = _entries(learner)
        whole.evaluations[learner.id] = make_joint_evaluation(learner, is_answered=True).id
    _send_out(whole)
    _request(whole)
    count_all()
    make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now())
    _tell(whole)
    _copy(whole)
    _grow_up(whole)
    whole.given |= {"review_id": make_review().id, "incident_id": make_incident().id}
    add_touched(whole.given["incident_id"], {PersonKind.LEARNER: [whole.scene.amina.id]}, by=make_manager())
    return whole


def _grow_up(whole: Whole) -> None:
    """Let a child turn 16 soon, with a letter that waits, and her parents disagree."""
    when = {"sixteen_on": today() + timedelta(days=20), "told_at": now(), "by_letter": True}
    whole.given["coming_of_age_id"] = make_row("coming_of_age", learner_id=whole.child.id, **when)["id"]
    about = {"subject": DisputeSubject.CONSENT, "topic": "survey", "settlement": None, "is_allowed": None}
    whole.given["dispute_id"] = make_row(
        "parental_dispute", learner_id=whole.child.id, ended_at=None, raised_by=whole.parent.id, **about
    )["id"]


def _request(whole: Whole) -> None:
    """Let a learner and a parent ask for something that waits, and the desk answer one of each."""
    desk, lifted = as_staff(), {"learner_id": whole.scene.amina.id, "told_at": now(), "lifted_at": now()}
    whole.given["restriction_id"] = make_row("restriction", **lifted)["id"]
    whole.given["wrong_id"] = ask_request(whole.scene.amina, RequestKind.RECTIFICATION, body="Mijn telefoon.").id
    for learner in (whole.scene.amina, whole.child):
        by = as_learner(learner, represents=learner is whole.child)
        waits = ask_request(learner, RequestKind.ACCESS, is_certain=False, by=by, body="Graag alles.")
        done = ask_request(learner, RequestKind.RECTIFICATION, by=by, body="Mijn straat klopt niet.")
        decide_request(done.id, {"": Ground.IS_RIGHT}, reply="Het klopt.", proof="Zie het paspoort.", by=desk)
        ask_identity(waits.id, by=desk)
        whole.requests[learner.id] = [waits.id, done.id]
        done.certificate_number = make_certificate(learner, "education").number
        whole.given["number"] = done.certificate_number
    whole.answered = whole.requests[whole.scene.amina.id][1]
    whole.outside = ask_from_outside(asker_number=whole.scene.amina.number)
    whole.complaint = complain_from_outside(asker_number=whole.scene.amina.number)
    whole.answered_complaint = answer(complain_from_outside())


def _copy(whole: Whole) -> None:
    """Let a copy of a learner wait for a decision, and one of her own and of a child's be ready."""
    make_flagged(whole.scene.amina, whole.requests[whole.scene.amina.id][0])
    for learner in (whole.scene.amina, whole.child):
        whole.copies[learner.id] = make_ready(learner, make_request(learner).id).request_id


def _tell(whole: Whole) -> None:
    """Let something of each kind have happened for a teacher, a coach, a learner and a parent."""
    amina, child, lesson_id = whole.scene.amina, whole.child, whole.given["lesson_id"]
    told = {
        NotificationKind.LESSON_TAKEN_OVER: (whole.teacher.id, lesson_id, None),
        NotificationKind.GROUP_TAUGHT: (whole.teacher.id, whole.given["group_id"], None),
        NotificationKind.SIGNAL_RAISED: (whole.coach.id, whole.given["signal_id"], amina.id),
        NotificationKind.LESSON_CHANGED: (whole.parent.id, whole.lessons_to_come[child.id], child.id),
        NotificationKind.NAME_GIVEN: (whole.teacher.id, new_id(), None),
        NotificationKind.CORRECTION_ANSWERED: (whole.parent.id, new_id(), child.id),
    }
    for kind, (account_id, target_id, learner_id) in told.items():
        make_notification(account_id, kind, target_id, learner_id=learner_id)


def _plan(whole: Whole) -> None:
    group, amina = whole.scene.group, whole.scene.amina
    slot, lesson = make_slot(group), make_lesson(group)
    coming = make_lesson(group, held_on=today() + timedelta(days=2), room="12")
    whole.lessons_to_come[amina.id] = coming.id
    childs = make_group(f"Kinderen {uuid4().hex[:8]}")
    enrol(whole.child, childs)
    whole.lessons_to_come[whole.child.id] = make_lesson(childs, held_on=today() + timedelta(days=2)).id
    make_notice(make_lesson(group, held_on=today() + timedelta(days=4)), amina, note="Ik begin om negen uur.")
    make_lesson(group, held_on=today() + timedelta(days=3), cancelled_at=None)
    mark = make_mark(lesson, amina)
    if current_policy().feature("attendance"):
        field, own = "attendance_mark.status", as_learner(amina)
        contested = propose_correction(amina.id, field, "absent", entry_id=mark.id, remark="Ik was ziek.", by=own)
        whole.contested.append(contested.id)
    make_holiday(today() + timedelta(days=30))
    term = make_term(f"Najaar {uuid4().hex[:8]}", today() - timedelta(days=60), today() + timedelta(days=60))
    enrolment = session.scalars(select(Enrolment).where(Enrolment.learner_id == amina.id)).one()
    whole.given |= {
        "group_id": group.id,
        "course_id": group.course_id,
        "lesson_id": lesson.id,
        "slot_id": slot.id,
        "term_id": term.id,
        "row_id": make_teacher_of(group, whole.teacher).id,
        "enrolment_id": enrolment.id,
        "waiting_entry_id": make_waiting(amina, wish="Liefst in de avond.").id,
        "learner_id": amina.id,
        "account_id": whole.teacher.id,
        "organisation_id": whole.scene.client.id,
        "version": current_policy().version,
        "token": make_feed(whole.teacher),
        **given_of_contacts(whole.scene.client),
    }


def _propose(whole: Whole) -> None:
    for learner, names in ((whole.scene.bereket, ("Bereketab", "Berekat")), (whole.scene.amina, ("Aminah",))):
        for name in names:
            proposal = correct_own_field(learner.id, "learner.given_name", name, by=as_learner(learner))
            assert proposal is not None
        whole.corrections.append(proposal.id)
    seen = decided_on({"learner.given_name": learner.given_name}, "Aminah", proposal.proposed_at)
    decide_correction(
        proposal.id, accept=False, answer="Uw paspoort zegt iets anders.", seen=seen, by=whole.scene.office
    )


def _bring_in(whole: Whole) -> None:
    amina = whole.scene.amina
    for data, far in ((_sheet(), 1), (_sheet(amina), 2), (_sheet(), 3), (b"geen werkblad", 1)):
        whole.runs.append(bring_so_far(data, far, whole.scene.office))
    teacher = actor_of(whole.teacher.id, whole.teacher.name, frozenset({"teacher"}))
    for level, far in (("A1", 3), ("A2", 2), ("A2", 1)) if current_policy().feature("levels") else ():
        results = sheet_bytes(["Nummer", "Lezen", "Datum"], [amina.number, level, "3-11-2026"])
        whole.result_runs.append(bring_results_so_far(results, far, teacher))
    whole.given["run_id"] = whole.runs[0]


def _sheet(like: Learner | None = None) -> bytes:
    """Somebody new, somebody without a sound birth date, and where asked somebody who looks like who is there."""
    family = "".join(choice("bdfgklmnprst") + choice("aeiou") for _ in range(6)).capitalize()  # sounds like nobody else
    header = ["Voornaam", "Achternaam", "Geboortedatum"]
    namesake = [[like.given_name, like.family_name, like.birth_date]] if like else []
    return sheet_bytes(header, ["Amal", family, "1-9-1990"], ["Badr", family, "geen dag"], *namesake)


def _entries(learner: Learner) -> dict[str, Any]:
    """An entry of each kind that can be kept or corrected, by the word in its address."""
    kinds = set(KINDS) | {slug for slug in ("niveaus", "uitslagen", "notities", "evaluaties") if kind_called(slug)}
    made = {}
    for slug in sorted(kinds):
        kind = KINDS.get(slug) or kind_called(slug)
        assert kind is not None
        shown = {"is_visible": True} if "is_visible" in kind.model.__table__.c else {}
        made[slug] = make_row(kind.model.__tablename__, learner_id=learner.id, **shown)["id"]
    return made


def _purposes(*, is_minor: bool = False) -> list[str]:
    about = (each for each in current_policy().purposes if each.is_about(is_minor=is_minor))
    return [each.key for each in about if each.basis == "consent"]


def _send_out(whole: Whole) -> None:
    scene = whole.scene
    for learner, is_child in ((scene.amina, False), (whole.child, True)):
        purposes = _purposes(is_minor=is_child)[:2]
        if not purposes:
            continue
        for purpose in purposes:
            agree(learner, purpose, represents=is_child)
        by = as_learner(learner, represents=is_child)
        withdrawal = withdraw_consent(learner.id, purposes[0], by=by)
        whole.withdrawals[learner.id] = withdrawal.id
    offered = [each.key for each in current_policy().templates]
    template = offered[0] if "attendance_for_client" not in offered else "attendance_for_client"
    waits = ask(scene, template)
    make(ask(scene, template))
    invited = make_learner("Dilan", "Kaya", email=f"{uuid4().hex[:12]}@example.org")
    account = make_account("Nieuw Iemand", "teacher", email=f"{uuid4().hex[:12]}@example.org", password=None)
    for kind in (LinkKind.INVITATION, LinkKind.PASSWORD_RESET, LinkKind.NEW_EMAIL):
        new_email = f"{uuid4().hex[:12]}@example.org" if kind is LinkKind.NEW_EMAIL else None
        whole.tokens[kind] = make_link(account, kind, new_email=new_email)
    signal = Signal(
        learner_id=scene.amina.id,
        kind=SignalKind.NO_CONTACT,
        facts={"last_on": (today() - timedelta(days=50)).isoformat()},
        raised_at=now(),
        seen_at=now(),
    )
    session.add(signal)
    session.flush()
    whole.given |= {
        "signal_id": signal.id,
        "disclosure_id": waits.id,
        "job_id": invite_by_email([invited.id], by=scene.office).id,
        "telling_id": jobs.ask(TELLING, {"ids": [], "asked_by": None}).id,
    }


def _runs(whole: Whole, role: Role) -> list[Any]:
    """The workbooks that somebody with this role goes on with: of learners the office, of results a teacher her own."""
    return [*(whole.runs if role is Role.ADMINISTRATION else []), *whole.result_runs]


def _own_field(_whole: Whole, _role: Role) -> Ways:
    return [{"name": name} for name in OWN_FIELDS if current_policy().allows(f"learner.{name}")]


def _own_entry(whole: Whole, role: Role) -> Ways:
    ways: Ways = []
    for slug, entry_id in whole.entries[whole.subject(role).id].items():
        kind = kind_called(slug)
        kept = kind.kept(current_policy()) if kind else []
        if kept:
            ways += [
                {"slug": slug, "entry_id": entry_id},
                {"slug": slug, "entry_id": entry_id, "?veld": kept[0].column},
            ]
    return ways


def _entry(whole: Whole, role: Role) -> Ways:
    made = whole.entries[whole.scene.amina.id]
    kept = [kind for kind in KINDS.values() if kind.is_kept(current_policy()) and kind.category in CHANGES[role]]
    return [{"slug": kind.slug, "entry_id": made[kind.slug]} for kind in kept]


def _client_document(whole: Whole, _role: Role) -> Ways:
    made = whole.entries[whole.scene.amina.id]
    return [{"identity_document_id": made["identiteitsbewijzen"]}] if "identiteitsbewijzen" in made else []


def _evaluation(whole: Whole, role: Role) -> Ways:
    return [{"joint_evaluation_id": whole.evaluations[whole.subject(role).id]}]


def _categories(_whole: Whole, role: Role) -> Ways:
    kept = {field.category for field in LEARNER_FIELDS if current_policy().allows(field.key)}
    return [{"category": category} for category in sorted(kept & CHANGES[role])]


def _files(whole: Whole, _role: Role) -> Ways:
    """Each file as it is asked for, and with a period, which shows who is in it."""
    day, client = today().isoformat(), whole.scene.client.id
    asked = {"?starts_on": day, "?ends_on": day, "?form": "csv", "?client_id": client}
    return [{"template": each.key, **more} for each in current_policy().templates for more in ({}, asked)]


def _where_news_is_sent(_whole: Whole, _role: Role) -> Ways:
    return [{}] if current_policy().feature("newsletter") else []


WAYS: dict[str, Callable[[Whole, Role], Ways]] = {
    **REQUEST_WAYS,
    "attendance.mark_note_of": lambda whole, _: [{"?c": str(whole.scene.amina.id)[-9:]}],
    "attendance.lesson_evidence": lambda whole, _: (
        [{"lesson_id": whole.given["lesson_id"]}] if current_policy().feature("evidence") else []
    ),
    "attendance.report": lambda whole, role: [{"lesson_id": whole.lessons_to_come[whole.subject(role).id]}],
    "accounts.accept_invited": lambda whole, _: [{"token": whole.tokens[LinkKind.INVITATION]}],
    "accounts.choose_password": lambda whole, _: [{"token": whole.tokens[LinkKind.PASSWORD_RESET]}],
    "accounts.confirm_email": lambda whole, _: [{"token": whole.tokens[LinkKind.NEW_EMAIL]}],
    **{each: lambda whole, _, use=use: [{"token": whole.given[f"{use}_token"]}] for each, use in NEWS_LINKS.items()},
    "notifications.leave": lambda whole, _: [{"token": make_token(whole.teacher.id)}],
    "progress.joint_evaluation": _evaluation,
    "progress.printed_evaluation": _evaluation,
    "progress.own_evaluation": _evaluation,
    "progress.own_printed_evaluation": _evaluation,
    "purposes.confirm": lambda _, __: [{"purpose": each} for each in _purposes()[1:2]],
    "purposes.followed": lambda whole, role: [
        {"withdrawal_id": each} for each in [whole.withdrawals.get(whole.subject(role).id)] if each
    ],
    "purposes.telling": lambda whole, _: [{"job_id": whole.given["telling_id"]}],
    "representation.new_representative": lambda _, __: [{}, {"?kind": "authorised"}, {"?kind": "mentor"}],
    "representation.dispute": lambda whole, _: [{"dispute_id": whole.given["dispute_id"]}],
    "copies.mine": lambda whole, role: [
        {"request_id": each}
        for each in (whole.copies[whole.subject(role).id], whole.requests[whole.subject(role).id][0])
    ],
    "copies.of_request": lambda whole, _: [
        {"request_id": each} for each in (*whole.requests[whole.scene.amina.id][:1], whole.copies[whole.child.id])
    ],
    "contacts.look_in_mailbox": _where_news_is_sent,
    "contacts.new_mailing": _where_news_is_sent,
    "contacts.subscribe": _where_news_is_sent,
    "disclosures.ask": _files,
    "identity.client_document": _client_document,
    "retention.own_certificate": lambda whole, role: [{"request_id": whole.requests[whole.subject(role).id][1]}],
    "retention.followed_certificate": lambda whole, _: [
        {"token": certificate_token(get_certificate(whole.given["number"]))}
    ],
    "imports.columns": lambda whole, role: [{"run_id": each} for each in _runs(whole, role)[1:2]],
    "imports.one": lambda whole, role: [{"run_id": each} for each in _runs(whole, role)],
    "imports.results": lambda whole, _: [{}, {"?groep": whole.given["group_id"]}],
    "learners.caseload": lambda whole, _: [{"account_id": whole.coach.id}],
    "learners.change_own_field": _own_field,
    "learners.correct_own_entry": _own_entry,
    "learners.correction": lambda whole, role: [
        {"correction_id": each}
        for each in [
            *(whole.contested if "attendance" in SEES[role] else ()),
            *(() if role is Role.TEACHER else whole.corrections),
        ]
    ],
    "learners.edit": _categories,
    "learners.edit_entry": _entry,
    "learners.merge": lambda whole, _: [
        {"?houd": whole.scene.amina.id},
        {"?houd": whole.scene.amina.id, "?weg": whole.scene.chen.id},
    ],
    "learners.merge_undo": lambda whole, _: [whole.merged],
    "learners.record": lambda whole, role: [  # one with a merging to take back, who is in no teacher's group
        {},
        *([] if role is Role.TEACHER else [{"learner_id": whole.merged["learner_id"]}]),
    ],
    "learners.new_entry": _entry,
    "learners.new_substitute": lambda whole, _: [{"account_id": whole.coach.id}],
    "overview.lost_address": lambda _, __: [{"account_id": make_lost_learner("Zelda").id}],
    "overview.my_subject": lambda _, __: [{"subject": "alles"}, {"subject": "dealings"}, {"subject": "name"}],
}


def is_open_to(app: Flask, rule: Rule, role: Role | None) -> bool:
    """Say whether this is a page that a role may open; None is nobody, who sees what is public."""
    closed = NO_PAGES | CLOSED.get(role, set())
    if "GET" not in (rule.methods or ()) or rule.endpoint in closed:
        return False
    access = access_of(app, rule.endpoint)
    return access == "public" if role is None else access in {each.value for each in MAY[role]}


def pages_of(app: Flask, whole: Whole, role: Role | None, *, most: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield the endpoint and the address of every page that a role may open, in the school in scope.

    `most` is how many addresses of one kind, where a few of them show what all look like.
    """
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if not is_open_to(app, rule, role):
            continue
        for way in WAYS.get(rule.endpoint, lambda _, __: [{}])(whole, role or Role.LEARNER)[:most]:
            asked = "&".join(f"{name[1:]}={value}" for name, value in way.items() if name.startswith("?"))
            values = {name: way.get(name, whole.given.get(name)) for name in rule.arguments}
            missing = [name for name, value in values.items() if value is None]
            assert not missing, f"say in tests/factories/whole_school.py what {missing} of {rule.rule} can be"
            path = adapter.build(rule.endpoint, values)
            yield rule.endpoint, f"{path}?{asked}" if asked else path
