"""For each figure: rows that keep its promise and rows that break it, put where no page or service would."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from portal.accounts.models import ConfidentialityAcceptance
from portal.assurance.figures.keys import FigureKey
from portal.config import settings
from portal.core.alarms.hosting_notes import Task, note
from portal.core.audit.models import AuditEvent
from portal.core.clock import now, today
from portal.core.crypto import backup_keys, keys
from portal.core.crypto.files import StoredFile
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState, FileFormat
from portal.identity.documents.models import DocumentKind, MaskedDocument
from portal.learners.corrections.models import Correction, CorrectionState
from portal.oversight.access_reviews.models import AccessReview, AttestedMeasure, Measure
from portal.oversight.incidents.models import Incident, IncidentKind, IncidentPerson, IncidentSource, ToldWay
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.models import PolicyVersion
from portal.policy.queries import current_policy
from portal.policy.schema.recipients import Template
from portal.purposes.models import Consent, Withdrawal
from portal.purposes.objections.models import Objection
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import Outcome
from portal.schools.models import School
from portal.signals.models import Signal, SignalAnswer, SignalKind
from tests.factories.accounts import give_second_factor, make_account
from tests.factories.consent import agree
from tests.factories.courses import make_group
from tests.factories.disclosures import Scene, make, make_scene
from tests.factories.disclosures import ask as ask_file
from tests.factories.learners import (
    make_contact_person,
    make_enrolment,
    make_learner,
    make_trajectory,
)
from tests.factories.requests import ask

DAY = timedelta(days=1)
_YEAR = timedelta(days=365)
Put = Callable[[], Any]


def given_file(template: str = "attendance_for_client") -> tuple[Scene, Disclosure]:
    """Make a file in which Amina and Bereket stand, for a client where the school makes those; let it be fetched."""
    scene, policy = make_scene(new_id().hex[-6:]), current_policy()
    if template not in {each.key for each in policy.templates}:
        return scene, _put_file(scene, policy.templates[0])
    for learner in (scene.amina, scene.bereket):
        if policy.purpose("client_report").asks_consent:
            agree(learner, "client_report")
    disclosure = make(ask_file(scene, template))
    set_row(disclosure, state=DisclosureState.DISCLOSED, first_downloaded_at=now())
    return scene, disclosure


def _put_file(scene: Scene, template: Template) -> Disclosure:
    """Write down that a file was given, also where the school can't make it for want of an agreement."""
    version = session.query(PolicyVersion).first()
    assert version is not None
    disclosure = add(
        Disclosure(
            recipient=template.recipient, template=template.key, purpose=template.purpose, made_at=now(),
            categories=list(current_policy().categories_in(template)), fields=list(template.fields), starts_on=today(),
            ends_on=today(), format=FileFormat.CSV, state=DisclosureState.DISCLOSED, first_downloaded_at=now(),
            policy_version_id=version.id, made_by_name="Olga Smit",
        )
    )  # fmt: skip
    for learner in (scene.amina, scene.bereket):
        add(DisclosureLearner(disclosure_id=disclosure.id, learner_id=learner.id))
    return disclosure


def purpose_on_consent() -> str:
    """Return a purpose of the school for which somebody can say yes herself."""
    return next(each.key for each in current_policy().consent_purposes() if each.concerns is None)


def set_row(row: Any, **values: Any) -> None:
    """Write values into a row, past everything that holds them to rules but the database."""
    session.flush()
    model = type(row)
    session.execute(update(model).where(model.id == row.id).values(**values))
    session.expire(row)


def add(row: Any) -> Any:
    """Add a row and return it."""
    session.add(row)
    session.flush()
    return row


def look(*, accepted: bool, roles: tuple[str, ...] = ("teacher",), origin: str | None = None) -> UUID:
    """Write down that a member of staff looked at a learner's data."""
    account = make_account("Noor", email=f"{new_id().hex}@example.org", password=None)
    if accepted:
        add(ConfidentialityAcceptance(account_id=account.id, text_version="1", language="nl", accepted_at=now() - DAY))
    add(
        AuditEvent(
            at=now(), event="record.viewed", actor_kind="staff", actor_id=account.id, actor_name="Noor",
            actor_roles=list(roles), learner_ids=[], facts={"what": "learners.record"}, origin=origin,
        )
    )  # fmt: skip
    return account.id


def _break_files(**values: Any) -> None:
    _, disclosure = given_file()
    set_row(disclosure, **values)


def _end_consents_before_download() -> None:
    scene, disclosure = given_file()
    if not current_policy().purpose(disclosure.purpose).asks_consent:
        set_row(disclosure, purpose=purpose_on_consent())
    ended = update(Consent).where(Consent.learner_id == scene.amina.id)
    session.execute(ended.values(ended_at=disclosure.made_at - DAY, given_at=disclosure.made_at - 2 * DAY))


def _let_another_pay() -> None:
    scene, _ = given_file()
    trajectory = make_trajectory(scene.chen)
    session.flush()
    session.execute(
        update(type(trajectory)).where(type(trajectory).learner_id == scene.amina.id).values(client_id=None)
    )


def _keep_file() -> None:
    add(
        StoredFile(
            name="a" * 32, media_type="text/csv", size=1, digest=b"d" * 32,
            made_at=now() - 9 * DAY, expires_at=now() - 2 * DAY, gone_at=None,
        )
    )  # fmt: skip


def _object_before() -> None:
    scene, disclosure = given_file()
    add(Objection(learner_id=scene.amina.id, purpose=disclosure.purpose, made_at=disclosure.made_at - DAY))


def _restrict_before() -> None:
    scene, disclosure = given_file()
    add(
        Restriction(
            learner_id=scene.amina.id, categories=disclosure.categories[:1], ground=RestrictionGround.ACCURACY,
            started_at=disclosure.made_at - DAY,
        )
    )  # fmt: skip


def _withdraw_without_end() -> None:
    consent = agree(make_learner(), purpose_on_consent())
    add(Withdrawal(learner_id=consent.learner_id, consent_id=consent.id, purpose=consent.purpose, asked_at=now() - DAY))


def _grant_before_check() -> None:
    request = ask(make_learner())
    set_row(request, outcome=Outcome.GRANTED, decided_at=now(), identity_checked_at=now() + DAY)


def _keep_document() -> None:
    request = ask(make_learner())
    set_row(request, outcome=Outcome.GRANTED, decided_at=now())
    add(
        MaskedDocument(
            learner_id=request.learner_id, data_request_id=request.id, kind=DocumentKind.PASSPORT,
            file_id=new_id(), attested_at=now(),
        )
    )  # fmt: skip


def _complain(due_on: date) -> None:
    learner = make_learner()
    add(
        Complaint(
            learner_id=learner.id, filed_on=today() - 60 * DAY, due_on=due_on,
            body=keys.seal(learner.id, "complaint.body", "Te laat"),
        )
    )  # fmt: skip


def _announce_untold() -> None:
    version = session.query(PolicyVersion).first()
    assert version is not None
    add(
        PolicyAnnouncement(
            version="9", source="", parsed={}, follows_id=version.id, version_id=version.id, in_force_on=today(),
            is_important=True, announced_at=now() - DAY, announced_by_name="Ans", in_force_at=now(), told_at=None,
        )
    )  # fmt: skip


def _leave_with_role() -> None:
    set_row(make_account("Weg", email=f"{new_id().hex}@example.org"), ended_at=now())


def _have_second_factor() -> None:
    give_second_factor(make_account("Mo", "management", email=f"{new_id().hex}@example.org"))


def _need_second_factor() -> None:
    session.execute(update(School).values(second_factor_roles=["management"], second_factor_least=[]))
    make_account("Marga", "management", email=f"{new_id().hex}@example.org")


def _answer_signal(by: str | None) -> None:
    add(
        Signal(
            learner_id=make_learner().id, kind=SignalKind.LOW_ATTENDANCE, facts={}, raised_at=now(), seen_at=now(),
            answer=next(iter(SignalAnswer)), quiet_until=today(), answered_at=now(), answered_by_name=by,
        )
    )  # fmt: skip


def _ask_child() -> None:
    learner = make_learner()
    agree(learner, purpose_on_consent())
    set_row(learner, birth_date=today() - 10 * _YEAR)


def _keep_unnamed() -> None:
    column = next(each for each in ("company_name", "birth_place") if not current_policy().allows(f"learner.{each}"))
    set_row(make_learner(), **{column: "x"})


def _correct(at: Any) -> None:
    add(Correction(learner_id=make_learner().id, field="learner.city", state=CorrectionState.PROPOSED, proposed_at=at))


def _review(days_ago: int, *, lacking: int = 0) -> None:
    review = add(
        AccessReview(
            signed_at=now() - days_ago * DAY, signed_by=None, signed_by_name="Marga", people=1, roles=1, ended=0
        )
    )
    for number, measure in enumerate(Measure):
        note = "Volgende week" if number < lacking else None
        add(AttestedMeasure(review_id=review.id, measure=measure, is_in_place=note is None, note=note))


def _let_reviews_lapse() -> None:
    session.execute(delete(AccessReview).where(AccessReview.school_id == current_school_id()))
    _review(100)


def _have_incident(**values: Any) -> Incident:
    aware_at = now() - 4 * DAY
    row: Incident = add(
        Incident(
            title="Post kwijt", kind=IncidentKind.LOST, source=IncidentSource.SCHOOL, body="Een brief is weg.",
            aware_at=aware_at, first_aware_at=aware_at, categories=[], recorded_at=now(),
            recorded_by_name="Marga", **values,
        )
    )  # fmt: skip
    return row


def _touch(**values: Any) -> None:
    """Name somebody who is no learner as touched by an incident that is told."""
    incident = _have_incident(is_told=True, told_reason="Risico")
    person = make_contact_person(None)
    add(IncidentPerson(incident_id=incident.id, contact_person_id=person.id, added_at=now(), **values))


def _report_incident() -> None:
    _have_incident(is_reported=True, report_reason="Risico", reported_at=now() - 3 * DAY, decided_at=now())


def _make_backup_key() -> None:
    backup_id = new_id()
    backup_keys.make_key(backup_id, now() + DAY)
    backup_keys.mark_finished(backup_id)


def _lose_backups() -> None:
    backup_keys.destroy_keys(each for each in backup_keys.list_keys() if each.is_there)


def _try_restore(failure: str | None = None) -> None:
    note(settings(), Task.DRILL, failure)


BREAKS: Mapping[FigureKey, tuple[str, Put, Put]] = {
    FigureKey.STATEMENT_RECORDED: (
        "lest-best", lambda: None, lambda: make_enrolment(make_learner(), make_group()),
    ),
    FigureKey.KEPT_CATEGORIES: (
        "lest-best", make_learner, _keep_unnamed,
    ),
    FigureKey.SOURCES_KNOWN: (
        "meester-in-nt2", lambda: make_learner(city="Utrecht"), lambda: set_row(make_learner(), city="Zeist"),
    ),
    FigureKey.CONDITIONS_MET: (
        "meester-in-nt2", lambda: None, lambda: set_row(make_learner(), bsn=b"x" * 40, bsn_digest=b"y" * 32),
    ),
    FigureKey.CONSENT_FIRST: (
        "onderwijs-pro", lambda: None, lambda: set_row(make_learner(), phone_other="0612345678"),
    ),
    FigureKey.CORRECTIONS_ANSWERED: (
        "meester-in-nt2", lambda: _correct(now()), lambda: _correct(now() - 40 * DAY),
    ),
    FigureKey.TOLD_IN_TIME: (
        "meester-in-nt2", make_learner, lambda: set_row(make_learner(), created_at=now() - 60 * DAY),
    ),
    FigureKey.FILES_BY_POLICY: (
        "lest-best", given_file, lambda: _break_files(purpose="survey"),
    ),
    FigureKey.FILES_WITH_CONSENT: ("lest-best", given_file, _end_consents_before_download),
    FigureKey.FILES_OF_CLIENT: ("meester-in-nt2", given_file, _let_another_pay),
    FigureKey.FILES_LOGGED: ("lest-best", given_file, lambda: _break_files(made_by_name="")),
    FigureKey.FILES_GONE: ("lest-best", lambda: None, _keep_file),
    FigureKey.OBJECTIONS_KEPT: ("lest-best", lambda: None, _object_before),
    FigureKey.RESTRICTIONS_KEPT: ("lest-best", lambda: None, _restrict_before),
    FigureKey.CONSENTS_ASKED: (
        "lest-best", lambda: agree(make_learner(), purpose_on_consent()),
        lambda: set_row(agree(make_learner(), purpose_on_consent()), purpose="anything"),
    ),
    FigureKey.CONSENTS_BY_PARENT: (
        "leren-leren", lambda: None,
        _ask_child,
    ),
    FigureKey.WITHDRAWALS_DONE: ("lest-best", lambda: None, _withdraw_without_end),
    FigureKey.IDENTITY_CHECKED: ("lest-best", lambda: None, _grant_before_check),
    FigureKey.DOCUMENTS_DESTROYED: ("lest-best", lambda: None, _keep_document),
    FigureKey.COMPLAINTS_IN_TIME: (
        "lest-best", lambda: _complain(today() + DAY), lambda: _complain(today() - DAY),
    ),
    FigureKey.VERSIONS_ANNOUNCED: ("lest-best", lambda: None, _announce_untold),
    FigureKey.CONFIDENTIALITY_ACCEPTED: (
        "lest-best", lambda: look(accepted=True), lambda: look(accepted=False),
    ),
    FigureKey.LOOKS_BY_ROLE: (
        "lest-best", lambda: look(accepted=True), lambda: look(accepted=True, roles=("client_contact",)),
    ),
    FigureKey.ROLES_ENDED: ("lest-best", lambda: None, _leave_with_role),
    FigureKey.SECOND_FACTOR: (
        "lest-best", _have_second_factor, _need_second_factor,
    ),
    FigureKey.ACCESS_REVIEWED: ("onderwijs-pro", lambda: _review(1), _let_reviews_lapse),
    FigureKey.MEASURES_IN_PLACE: ("leren-leren", lambda: _review(2), lambda: _review(1, lacking=2)),
    FigureKey.INCIDENTS_IN_TIME: ("lest-best", _report_incident, _have_incident),
    FigureKey.INCIDENTS_TOLD: ("lest-best", lambda: _touch(told_at=now(), way=ToldWay.EMAIL), _touch),
    FigureKey.BACKUPS_MADE: ("onderwijs-pro", _make_backup_key, _lose_backups),
    FigureKey.RESTORE_TRIED: ("onderwijs-pro", _try_restore, lambda: _try_restore("what was erased stands there")),
    FigureKey.DECIDED_BY_PERSON: (
        "onderwijs-pro", lambda: _answer_signal("Ans"), lambda: _answer_signal(None),
    ),
}  # fmt: skip
