"""After a correction, an erasure or a restriction: every recipient that had the data is told (AVG art. 19)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ColumnElement, delete, exists, select, update

from portal.core import audit, mail
from portal.core.clock import local, now
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.disclosures.models import (
    Disclosure,
    DisclosureLearner,
    DisclosureState,
    NoticeReason,
    RecipientNotice,
)
from portal.disclosures.queries import addresses
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.restrictions.models import Restriction
from portal.purposes.restrictions.queries import list_restrictions
from portal.schools.queries import current_school

_LANGUAGE = "nl"
"""A recipient is an organisation in the Netherlands."""


@dataclass(frozen=True)
class Change:
    """What happened to a learner's data, of which categories (none: all of them), by which request of hers.

    A value that she changed herself or proposed to change is asked for as well, by an id of that change.
    """

    learner_id: UUID
    reason: NoticeReason
    data_request_id: UUID
    categories: Collection[str] = ()


def list_given(change: Change) -> list[Disclosure]:
    """Return the files that were given with what changed, the oldest first."""
    holds = exists().where(
        DisclosureLearner.school_id == Disclosure.school_id,
        DisclosureLearner.disclosure_id == Disclosure.id,
        DisclosureLearner.learner_id == change.learner_id,
    )
    statement = select(Disclosure).where(
        Disclosure.school_id == current_school_id(),
        Disclosure.state.in_((DisclosureState.DISCLOSED, DisclosureState.GONE)),
        Disclosure.first_downloaded_at.is_not(None),
        holds,
    )
    if change.categories:
        statement = statement.where(Disclosure.categories.bool_op("&&")(list(change.categories)))
    return list(session.scalars(statement.order_by(Disclosure.made_at)))


def list_unreachable(change: Change) -> list[str]:
    """Return the recipients, each once, that had what changed and have no address to mail to."""
    known = addresses()
    return list(dict.fromkeys(each.recipient for each in list_given(change) if each.recipient not in known))


def tell_recipients(change: Change, *, by: Actor) -> None:
    """Mail each recipient that had what changed; one without an address stands on the office's list to be told.

    Asked before the rows go. Safe to repeat: of one request a recipient of a file hears a thing once.
    """
    known, there = addresses(), _told(change)
    number = session.scalar(
        select(Learner.number).where(Learner.school_id == current_school_id(), Learner.id == change.learner_id)
    )
    for disclosure in list_given(change):
        if disclosure.id in there:
            continue
        changed = [each for each in change.categories if each in disclosure.categories]
        notice = RecipientNotice(
            disclosure_id=disclosure.id,
            learner_id=change.learner_id,
            data_request_id=change.data_request_id,
            reason=change.reason,
            categories=changed,
            made_at=now(),
        )
        session.add(notice)
        address = known.get(disclosure.recipient)
        if address is not None:
            _mail(address, disclosure, str(number), change.reason.value, changed)
            notice.told_at, notice.told_by_name = now(), current_school().name
            audit.record(
                "disclosures.recipient_told",
                learner_id=change.learner_id,
                subject=("disclosure", disclosure.id),
                by=by,
            )
    session.flush()


def move_restricted(from_id: UUID, to_id: UUID) -> None:
    """Let what recipients heard of a restriction by one request belong to the request that it was joined to."""
    there = select(RecipientNotice.disclosure_id).where(*_of(to_id, NoticeReason.RESTRICTED))
    moved = update(RecipientNotice).where(*_of(from_id, NoticeReason.RESTRICTED))
    session.execute(moved.where(RecipientNotice.disclosure_id.not_in(there)).values(data_request_id=to_id))


_LIFTED = "lifted"
"""What a recipient hears once what was restricted may be used again; of that no row is kept but in the log."""


def tell_lifted(restriction: Restriction, by: Actor) -> None:
    """Mail each recipient that heard of a restriction that it may use the data again, now that it is lifted.

    Not while another restriction of the same data is in force. Who has no address the desk tells
    (`list_to_tell_of_lifting`); whom it hadn't told of the restriction yet it needs to tell nothing any more.
    """
    known = addresses()
    with revealed(restriction.learner_id):
        _drop_untold(restriction, by)
        learner = session.get_one(Learner, (restriction.school_id, restriction.learner_id))
        for disclosure in _restricted_files(restriction, by):
            address = known.get(disclosure.recipient)
            if address is not None:
                _mail(address, disclosure, learner.number, _LIFTED, restriction.categories)
                audit.record(
                    "disclosures.recipient_told",
                    learner_id=learner.id,
                    subject=("disclosure", disclosure.id),
                    by=by,
                )


def _drop_untold(restriction: Restriction, by: Actor) -> None:
    asked_by = restriction.data_request_id
    if asked_by is None or any(
        each.data_request_id == asked_by for each in list_restrictions(restriction.learner_id, by.scope)
    ):
        return
    untold = RecipientNotice.told_at.is_(None)
    session.execute(delete(RecipientNotice).where(*_of(asked_by, NoticeReason.RESTRICTED), untold))


def list_to_tell_of_lifting(restriction: Restriction, by: Actor) -> list[str]:
    """Return the recipients, each once, that heard of a restriction that is lifted and have no address to mail to."""
    if restriction.is_in_force:
        return []
    known = addresses()
    with revealed(restriction.learner_id):
        files = _restricted_files(restriction, by)
    return list(dict.fromkeys(each.recipient for each in files if each.recipient not in known))


def _restricted_files(restriction: Restriction, by: Actor) -> list[Disclosure]:
    """Return the files whose recipient was told of a restriction, where nothing hides the same data now."""
    if restriction.data_request_id is None or any(
        each.is_whole or restriction.is_whole or set(each.categories) & set(restriction.categories)
        for each in list_restrictions(restriction.learner_id, by.scope)
    ):
        return []
    statement = (
        select(Disclosure)
        .join(
            RecipientNotice,
            (RecipientNotice.school_id == Disclosure.school_id) & (RecipientNotice.disclosure_id == Disclosure.id),
        )
        .where(
            *_of(restriction.data_request_id, NoticeReason.RESTRICTED),
            RecipientNotice.told_at.is_not(None),
        )
    )
    return list(session.scalars(statement.order_by(Disclosure.made_at, Disclosure.id)))


def _told(change: Change) -> set[UUID]:
    return set(
        session.scalars(select(RecipientNotice.disclosure_id).where(*_of(change.data_request_id, change.reason)))
    )


def _of(data_request_id: UUID, reason: NoticeReason) -> tuple[ColumnElement[bool], ...]:
    return (
        RecipientNotice.school_id == current_school_id(),
        RecipientNotice.data_request_id == data_request_id,
        RecipientNotice.reason == reason,
    )


def _mail(address: str, disclosure: Disclosure, number: str, reason: str, categories: Collection[str]) -> None:
    """Mail a recipient by the learner's number alone, and which of these categories its file held (none: all of it).

    The mail leaves although she is erased meanwhile.
    """
    moment, policy = disclosure.first_downloaded_at, current_policy()
    changed = [each for each in policy.categories if each.key in categories and each.key in disclosure.categories]
    mail.send(
        address,
        "disclosures/change",
        language=_LANGUAGE,
        school=current_school().name,
        number=number,
        reason=reason,
        what=", ".join(str(policy.text(each.title, _LANGUAGE)) for each in changed),
        given_on=format_date(local(moment).date(), "long", locale=_LANGUAGE) if moment else "",
        privacy_email=policy.controller.questions_email,
    )


def tell_corrected(learner_id: UUID, change_id: UUID, category: str, by: Actor) -> None:
    """Tell whoever had a value of this category that it was replaced as the learner asked."""
    tell_recipients(Change(learner_id, NoticeReason.CORRECTED, change_id, [category]), by=by)
