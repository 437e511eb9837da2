"""Telling people that the school has their data: what they are told, by mail or by letter, and that they were."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.invitations.links import address_of
from portal.accounts.queries import get_account
from portal.core import audit, mail
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES, in_language
from portal.core.jobs import Job, ask
from portal.core.personal_data import PersonKind
from portal.learners.scope.services import check_number
from portal.permissions import Permission
from portal.policy.labels import labels_in
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.policy.queries import current_policy
from portal.purposes.privacy_notices.labels import told_from_whom
from portal.purposes.privacy_notices.origins import NoticeOrigin, origins_of
from portal.purposes.privacy_notices.queries import Informed, find_informed
from portal.schools.queries import current_school

TELLING = "purposes.send_privacy_notices"
_HOLDERS = {
    PersonKind.LEARNER: "learner_id",
    PersonKind.REPRESENTATIVE: "representative_id",
    PersonKind.CONTACT_PERSON: "contact_person_id",
}


@dataclass(frozen=True)
class ToTell:
    """Of who was ticked: whom a mail reaches, and who has no address."""

    reached: list[Informed]
    left_out: list[Informed]


@dataclass(frozen=True)
class NoticeText:
    """What somebody is told, with the language in which."""

    person: Informed
    language: str
    origin: NoticeOrigin
    facts: dict[str, Any]


def select_untold(ids: Sequence[UUID], *, by: Actor) -> ToTell:
    """Return of these people those who weren't told yet, by whether a mail reaches them.

    Raises Invalid for nobody, too many, or where all of them were told meanwhile, and NotFound for an id of nobody.
    """
    by.must(Permission.NOTICE_SEND)
    check_number(ids)
    found = find_informed(ids, by.scope)
    if len(found) != len(set(ids)):
        raise NotFound("person")
    untold = [each for each in found if not each.is_told]
    if not untold:
        raise Invalid("people", "told_already")
    return ToTell([each for each in untold if each.email], [each for each in untold if not each.email])


def tell_by_email(ids: Sequence[UUID], *, by: Actor) -> Job:
    """Ask the worker to mail whom of these people a mail reaches; raises Invalid where that is nobody."""
    reached = select_untold(ids, by=by).reached
    if not reached:
        raise Invalid("people", "nobody_by_email")
    asked_by = str(by.account_id) if by.account_id is not None else None
    job = ask(TELLING, {"ids": [str(each.id) for each in reached], "asked_by": asked_by})
    audit.record("purposes.telling_asked", learner_ids=_learners(reached), subject=("job", job.id), by=by)
    return job


def send_privacy_notices(
    ids: Collection[UUID], *, asked_by: UUID | None, by: Actor, progress: Callable[[int, int], None]
) -> int:
    """Mail these people what the school must tell them, each in her language; who was told meanwhile is left out.

    `asked_by` is the account of who asked it, unless she was erased since.
    Returns how many mails were asked for. Safe to run again: a mail and the note of it are stored together.
    """
    found = [each for each in find_informed(ids, by.scope, lock=True) if each.email and not each.is_told]
    told_by = (None, current_school().name) if asked_by is None else (asked_by, get_account(asked_by, by.scope).name)
    for done, text in enumerate(texts_for(found, by=by), start=1):
        person = text.person
        mail_id = mail.send(
            str(person.email),
            "purposes/privacy_notice",
            language=text.language,
            account_id=person.account_id if person.kind is PersonKind.REPRESENTATIVE else None,
            learner_id=person.learner_id,
            contact_person_id=person.id if person.kind is PersonKind.CONTACT_PERSON else None,
            **text.facts,
        )
        _note(text, NoticeWay.EMAIL, told_by, mail_id=mail_id)
        progress(done, len(found))
    if found:
        audit.record("purposes.people_told", learner_ids=_learners(found), facts={"people": len(found)}, by=by)
    return len(found)


def note_letters(ids: Sequence[UUID], *, by: Actor) -> int:
    """Note that these people were sent or given the letter; who was told meanwhile stays as she was told.

    Returns of how many it was noted. Raises as `select_untold` does.
    """
    by.must(Permission.NOTICE_SEND)
    check_number(ids)
    found = find_informed(ids, by.scope, lock=True)
    if len(found) != len(set(ids)):
        raise NotFound("person")
    untold = [each for each in found if not each.is_told]
    for text in texts_for(untold, by=by):
        _note(text, NoticeWay.LETTER, (by.account_id, by.name))
    if untold:
        audit.record("purposes.people_told", learner_ids=_learners(untold), facts={"people": len(untold)}, by=by)
    return len(untold)


def texts_for(people: Sequence[Informed], *, by: Actor) -> list[NoticeText]:
    """Return what each of these people is told, in her language: mail and letter say the same."""
    origins = origins_of(people, by.scope)
    policy = current_policy()
    shared = {
        "school": current_school().name,
        "statement": address_of(f"/privacy/{policy.version}"),
        "rights": address_of("/mijn/rechten"),
        "address": policy.controller.questions_email or policy.controller.email,
    }
    return [_text_for(each, origins[each.id], shared) for each in people]


def _text_for(person: Informed, origin: NoticeOrigin, shared: Mapping[str, Any]) -> NoticeText:
    code = person.language if person.language in LANGUAGES else DEFAULT
    with in_language(code):
        fields = [str(label) for label in labels_in(origin.fields)]
        from_whom = told_from_whom(person, origin)
    return NoticeText(
        person,
        code,
        origin,
        {
            **shared,
            "name": person.name,
            "from_whom": from_whom,
            "fields": fields,
            "may_sign_in": person.kind is not PersonKind.CONTACT_PERSON,
        },
    )


def _note(text: NoticeText, way: NoticeWay, told_by: tuple[UUID | None, str], *, mail_id: UUID | None = None) -> None:
    """Note that somebody is told, in the place of a mail that said the same and couldn't leave."""
    key = {
        _HOLDERS[text.person.kind]: text.person.id,
        "statement_version_id": current_school().policy_version_id,
        "form": "",
    }
    here = select(PrivacyNotice).where(PrivacyNotice.school_id == current_school_id())
    row = session.scalars(here.filter_by(**key)).one_or_none() or PrivacyNotice(**key)
    row.way, row.mail_id, row.language, row.told_at = way, mail_id, text.language, now()
    row.source, row.channel = text.origin.source, text.origin.channel
    row.told_by, row.told_by_name = told_by
    session.add(row)
    session.flush()


def _learners(people: Collection[Informed]) -> list[UUID]:
    return list(dict.fromkeys(each.learner_id for each in people if each.learner_id is not None))
