"""After a withdrawal: files that were not fetched are void and made anew, and who got one before hears of it."""

from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ColumnElement, func, select

from portal.core import audit, mail
from portal.core.clock import local, now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.disclosures.files.production import remove_content
from portal.disclosures.files.services import ask_to_make
from portal.disclosures.models import (
    Disclosure,
    DisclosureLearner,
    DisclosureState,
    RecipientAddress,
    RecipientNotice,
)
from portal.disclosures.queries import addresses, list_offers
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.purposes.models import StepState
from portal.purposes.queries import get_withdrawal, list_steps
from portal.purposes.withdrawals.services import FILES, RECIPIENTS, finish_step, waiting_steps
from portal.schools.queries import current_school

_COPIED = (
    "template",
    "client_id",
    "starts_on",
    "ends_on",
    "format",
    "made_by",
    "made_by_name",
)


def files_with(learner_id: UUID, purpose: str, *states: DisclosureState) -> list[Disclosure]:
    """Return the files for a purpose in which a learner stands, locked until the commit, the oldest first."""
    statement = (
        select(Disclosure)
        .join(
            DisclosureLearner,
            (DisclosureLearner.school_id == Disclosure.school_id) & (DisclosureLearner.disclosure_id == Disclosure.id),
        )
        .where(
            Disclosure.school_id == current_school_id(),
            DisclosureLearner.learner_id == learner_id,
            Disclosure.purpose == purpose,
            Disclosure.state.in_(states),
        )
        .order_by(Disclosure.made_at)
        .with_for_update(of=Disclosure)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def answer_withdrawal(withdrawal_id: UUID, *, by: Actor) -> None:
    """Void and remake unfetched files with this learner in them; erase those given, and tell their recipients.

    Safe to run again: steps that are done are skipped.
    """
    withdrawal = get_withdrawal(withdrawal_id, by.scope)
    for step in waiting_steps(withdrawal, FILES):
        void = files_with(withdrawal.learner_id, withdrawal.purpose, DisclosureState.READY)
        for disclosure in void:
            make_anew(disclosure)
        finish_step(step, files=len(void))
    for step in waiting_steps(withdrawal, RECIPIENTS):
        given = files_with(withdrawal.learner_id, withdrawal.purpose, DisclosureState.DISCLOSED, DisclosureState.GONE)
        for disclosure in given:
            remove_content(disclosure)
        by_hand = _tell(withdrawal_id, withdrawal.learner_id, given)
        state = StepState.KEPT if by_hand else StepState.DONE
        finish_step(step, state=state, files=len(given), by_hand=by_hand)


def make_anew(disclosure: Disclosure) -> None:
    """Void a file that nobody fetched, and ask for it again by the policy in force, where that still offers it."""
    remove_content(disclosure)
    disclosure.state = DisclosureState.VOID
    copy = _copy_of(disclosure)
    facts: dict[str, object] = {}
    if copy is not None:
        session.add(copy)
        session.flush()
        ask_to_make(copy)
        facts = {"anew": str(copy.id)}
    session.flush()
    audit.record("disclosures.file_voided", subject=("disclosure", disclosure.id), facts=facts)


def _copy_of(disclosure: Disclosure) -> Disclosure | None:
    """Return the file that takes the place of another, by the policy in force; None where that offers it no more."""
    policy, version_id = current_policy(), current_school().policy_version_id
    offer = next((each for each in list_offers() if each.template.key == disclosure.template), None)
    if offer is None or not offer.is_usable or version_id is None:
        return None
    return Disclosure(
        **{name: getattr(disclosure, name) for name in _COPIED},
        recipient=offer.recipient.key,
        purpose=offer.template.purpose,
        categories=list(policy.categories_in(offer.template)),
        fields=list(offer.template.fields),
        policy_version_id=version_id,
        state=DisclosureState.WAITING,
        left_out={},
        made_at=now(),
    )


def _tell(withdrawal_id: UUID, learner_id: UUID, given: list[Disclosure]) -> int:
    """Note who is to hear of it, mail those with an address; returns how many the office must tell by hand."""
    known = addresses()
    number = session.scalar(
        select(Learner.number).where(Learner.school_id == current_school_id(), Learner.id == learner_id)
    )
    by_hand = 0
    for disclosure in given:
        notice = RecipientNotice(
            disclosure_id=disclosure.id, learner_id=learner_id, withdrawal_id=withdrawal_id, made_at=now()
        )
        session.add(notice)
        address = known.get(disclosure.recipient)
        if address is None:
            by_hand += 1
            continue
        _mail(address, disclosure, learner_id, str(number))
        notice.told_at, notice.told_by_name = now(), current_school().name
    session.flush()
    return by_hand


def _mail(address: str, disclosure: Disclosure, learner_id: UUID, number: str) -> None:
    policy = current_policy()
    mail.send(
        address,
        "disclosures/withdrawal",
        learner_id=learner_id,
        language="nl",
        school=current_school().name,
        number=number,
        used_for=policy.text(policy.purpose(disclosure.purpose).title, "nl").text,
        given_on=format_date(local(disclosure.first_downloaded_at).date(), "long", locale="nl")
        if disclosure.first_downloaded_at
        else "",
        privacy_email=policy.controller.questions_email,
    )


def mark_told(notice_id: UUID, *, by: Actor) -> None:
    """Record that a recipient was told by hand; raises NotFound and NotAllowed. A second time changes nothing."""
    if not by.may(Permission.REQUEST_KEEP):
        by.must(Permission.FILE_MAKE)
    notice = session.get(RecipientNotice, (current_school_id(), notice_id))
    if notice is None or not is_in_reach(notice.learner_id, by.scope):
        raise NotFound("notice")
    if notice.told_at is not None:
        return
    notice.told_at, notice.told_by, notice.told_by_name = now(), by.account_id, by.name
    session.flush()
    if notice.withdrawal_id is not None and not session.scalar(
        select(func.count()).where(*_still_to_tell(notice.withdrawal_id))
    ):
        for step in list_steps(get_withdrawal(notice.withdrawal_id, by.scope)):
            if step.kind == RECIPIENTS and step.state is StepState.KEPT:
                finish_step(step, files=step.facts.get("files"), by_hand=step.facts.get("by_hand"))
    audit.record(
        "disclosures.recipient_told",
        learner_id=notice.learner_id,
        subject=("disclosure", notice.disclosure_id),
        by=by,
    )


def _still_to_tell(withdrawal_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        RecipientNotice.school_id == current_school_id(),
        RecipientNotice.withdrawal_id == withdrawal_id,
        RecipientNotice.told_at.is_(None),
    )


def set_address(recipient: str, email: str | None, *, by: Actor) -> None:
    """Set or clear where a recipient of the policy hears of withdrawals; raises Invalid for an unknown recipient."""
    by.must(Permission.FILE_MAKE)
    if recipient not in {item.key for item in current_policy().recipients}:
        raise Invalid("recipient", "unknown_recipient")
    row = session.scalars(
        select(RecipientAddress).where(
            RecipientAddress.school_id == current_school_id(), RecipientAddress.recipient == recipient
        )
    ).one_or_none()
    if row is not None and email is None:
        session.delete(row)
    elif row is not None and email is not None:
        row.email = email
    elif email is not None:
        session.add(RecipientAddress(recipient=recipient, email=email))
    session.flush()
    audit.record("disclosures.address_set", facts={"recipient": recipient, "is_set": email is not None}, by=by)
