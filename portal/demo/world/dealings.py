"""What people did lately: wishes that wait for the school, withdrawals for the worker, files made and given."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.accounts.actors import actor_of
from portal.accounts.confidentiality.services import accept_duty
from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.demo.world.plan import STAFF_ROLES, World
from portal.disclosures.files.delivery import give_file
from portal.disclosures.files.production import make_file
from portal.disclosures.files.services import ask_for_file
from portal.disclosures.models import FileFormat
from portal.disclosures.queries import list_clients, list_files, list_learner_ids, list_offers
from portal.learners.corrections.services import propose_correction
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.progress.models import Level, Note, Rung
from portal.purposes.withdrawals.services import withdraw_consent

_WEEKS = 4
_TOLD = 2
_WISHES = (
    ("learner.family_name", "{0.family_name}-de Wit", "Ik ben getrouwd."),
    ("learner.given_name", "{0.given_name} Maria", "Zo staat mijn naam in mijn paspoort."),
    ("learner.birth_place", "Rotterdam", "Er staat een verkeerde plaats."),
)


def fill(world: World) -> None:
    """Do it all through the same services as people do."""
    for role in STAFF_ROLES:
        colleague = world.of(role)[0]
        by = actor_of(colleague.id, colleague.name, frozenset({role.value}))
        accept_duty(by, statement=str(world.policy_version_id), language="nl")
    online = _online(world)
    for number, (field, wanted, remark) in enumerate(_WISHES):
        if field in world.policy.checked_fields:
            at, by = online[1 + number]
            propose_correction(world.ids[at], field, wanted.format(world.people[at]), remark=remark, by=by)
    _contest(world, online)
    _give_files(world)
    _withdraw(world, online)


def _contest(world: World, online: list[tuple[int, Actor]]) -> None:
    """Let one contest a mark of the first teacher, and another a level, or a note where the school keeps no levels."""
    left = {world.ids[at]: by for at, by in online[1 + len(_WISHES) :]}
    teacher = world.of(Role.TEACHER)[0].id
    marks = (
        select(AttendanceMark)
        .where(AttendanceMark.marked_by == teacher, AttendanceMark.status == Status.ABSENT)
        .order_by(AttendanceMark.marked_at.desc())
    )
    levels = select(Level).where(Level.entered_by == teacher, Level.level == Rung.A1).order_by(Level.found_on.desc())
    notes = select(Note).where(Note.written_by == teacher, Note.is_visible).order_by(Note.written_at.desc())
    said: list[tuple[Any, Select[Any], str, str, str]] = [
        (AttendanceMark, marks, "attendance_mark.status", Status.PRESENT, "Ik was er wel, ik kwam iets later."),
        (Level, levels, "level.level", Rung.A2, "Ik las het hele boek van A2."),
        (Note, notes, "note.body", "Ik oefen thuis ook met schrijven.", "Dit is niet helemaal waar."),
    ]
    for model, found, field, value, remark in said[:2] if world.policy.feature("levels") else (said[0], said[2]):
        row = session.scalars(found.where(model.learner_id.in_(left)).limit(1)).first()
        if row is not None:
            propose_correction(
                row.learner_id, field, value, entry_id=row.id, remark=remark, by=left.pop(row.learner_id)
            )


def _withdraw(world: World, online: list[tuple[int, Actor]]) -> None:
    """Let some take a consent back: of each file that went out two who are in it, whose recipient the office must then
    tell by hand, for none has an address; and three others, whom the worker deals with by itself.
    """
    asked = {purpose.key for purpose in world.policy.consent_purposes()}
    left = dict(online)
    for disclosure in [line.disclosure for line in list_files() if line.disclosure.purpose in asked]:
        inside = set(list_learner_ids(disclosure))
        for at in [at for at in left if world.ids[at] in inside][:_TOLD]:
            withdraw_consent(world.ids[at], disclosure.purpose, by=left.pop(at))
    for at, by in online[10:13]:
        for purpose in sorted(world.consents[at])[:1] if at in left else ():
            withdraw_consent(world.ids[at], purpose, by=by)


def _online(world: World) -> list[tuple[int, Actor]]:
    """The first learners who sign in themselves: their place, and they as who is asking."""
    accounts: dict[UUID, UUID] = {
        row.id: row.account_id
        for row in session.execute(select(Learner.id, Learner.account_id).where(Learner.account_id.is_not(None)))
    }
    found = []
    for at in range(min(60, len(world.people))):
        learner_id = world.ids[at]
        if learner_id in accounts:
            name = f"{world.people[at].given_name} {world.people[at].family_name}"
            roles = frozenset({Role.LEARNER.value})
            found.append((at, actor_of(accounts[learner_id], name, roles, learner_id=learner_id)))
    return found


def _give_files(world: World) -> None:
    """Make a file from each template that the policy offers and give it; one more waits for the worker."""
    office = world.of(Role.ADMINISTRATION)[0]
    by = actor_of(office.id, office.name, frozenset({Role.ADMINISTRATION.value}))
    clients = list_clients()
    offers = [offer for offer in list_offers() if offer.is_usable]
    for number, offer in enumerate([*offers, *offers[:1]]):
        asked = ask_for_file(
            offer.template.key,
            starts_on=world.today - timedelta(weeks=_WEEKS),
            ends_on=world.today,
            form=FileFormat(offer.template.formats[0]),
            client_id=clients[0][0] if clients and "paid_by_recipient" in offer.template.only else None,
            by=by,
        )
        if number < len(offers):
            make_file(asked.id, by=PORTAL, progress=lambda _done: None)
            _disclosure, content = give_file(asked.id, signed_in_at=now(), by=by)
            for _piece in content:
                pass
