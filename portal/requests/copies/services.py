"""Asking for a copy, deciding on passages, and handing a copy over."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from portal.core import audit, jobs
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.disclosures.files.records import record_given
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.requests.copies.answers import can_be_begun, close_by, find_request, is_over, is_still_asked, may_have
from portal.requests.copies.models import CopyKind, CopyPassage, CopyState, DataCopy, Handover
from portal.requests.copies.queries import get_copy, is_of_account, list_passages
from portal.requests.data_requests.desk import must_see_whole, needs_another, withheld_from
from portal.requests.data_requests.models import DataRequest

MAKE_COPY = "requests.make_copy"
FRESH = timedelta(minutes=5)
MOST_ORGANISATION, MOST_REASON, MOST_IDENTITY = 200, 300, 200


def prepare_copy(
    request_id: UUID | None,
    learner_id: UUID,
    *,
    kind: Literal["access", "portability"],
    language: str,
    includes_findings: bool = False,
    organisation: str | None = None,
    categories_left_out: Collection[str] = (),
    by: Actor,
) -> DataCopy:
    """Ask the worker for a copy (art. 15) or a file to take along (art. 20), once who asks has been identified.

    `organisation` is to whom a file goes that she named; `categories_left_out` are those that her request isn't
    about. A second time for one request gives the copy that is there.
    Raises NotAllowed for who is neither her, nor acts for her, nor handles requests; NotFound; Invalid.
    """
    if by.scope.own_learner_id != learner_id:
        by.must(Permission.REQUEST_KEEP)
    get_within_reach(learner_id, by, lock=True)
    wanted = CopyKind(kind)
    named = _named(organisation, wanted)
    known = _find_open(request_id, wanted) if request_id is not None else None
    if known is not None:
        return known
    return _add(
        DataCopy(
            request_id=request_id,
            learner_id=learner_id,
            kind=wanted,
            language=language if language in LANGUAGES else DEFAULT,
            includes_findings=includes_findings and wanted is CopyKind.PORTABILITY,
            organisation=named,
            categories_left_out=sorted(categories_left_out),
        ),
        by,
    )


def begin_copy(request: DataRequest, by: Actor) -> DataCopy | None:
    """Ask the worker for what an identified request asks; None where it asks no file, or may not have one.

    Whoever found out who asks may call it, in that transaction. A second time changes nothing.
    """
    if not can_be_begun(request):
        return None
    wanted = CopyKind(request.kind.value)
    known = _find_open(request.id, wanted)
    if known is not None:
        return known
    is_sent = wanted is CopyKind.PORTABILITY and request.learner_id is not None
    return _add(
        DataCopy(
            request_id=request.id,
            learner_id=request.learner_id,
            contact_person_id=request.contact_person_id,
            account_id=request.account_id,
            representative_id=request.representative_id,
            kind=wanted,
            language=request.language if request.language in LANGUAGES else DEFAULT,
            includes_findings=request.includes_findings and wanted is CopyKind.PORTABILITY,
            organisation=request.organisation if is_sent else None,
            categories_left_out=[],
        ),
        by,
    )


def begin_for(request: DataRequest, by: Actor) -> None:
    """Begin the copy of a request now that it is known who asks, where it asks one."""
    begin_copy(request, by)


def _add(copy: DataCopy, by: Actor) -> DataCopy:
    copy.state, copy.asked_at = CopyState.WAITING, now()
    copy.asked_by, copy.asked_by_name = by.account_id, by.name
    session.add(copy)
    session.flush()
    ask_to_make(copy)
    facts = {"kind": copy.kind.value}
    audit.record("requests.copy_asked", learner_id=copy.learner_id, subject=("data_copy", copy.id), facts=facts, by=by)
    return copy


def _is_own(copy: DataCopy, by: Actor) -> bool:
    """Say whether a copy is of herself, or of whom she acts for."""
    if copy.learner_id is not None:
        return by.scope.own_learner_id == copy.learner_id
    return is_of_account(copy, by.account_id)


def _named(organisation: str | None, kind: CopyKind) -> str | None:
    name = (organisation or "").strip() or None
    if name is not None and kind is not CopyKind.PORTABILITY:
        raise Invalid("organisation", "not_for_access")
    if name is not None and len(name) > MOST_ORGANISATION:
        raise Invalid("organisation", "too_long", most=MOST_ORGANISATION)
    return name


def _find_open(request_id: UUID, kind: CopyKind) -> DataCopy | None:
    return session.scalars(
        select(DataCopy).where(
            DataCopy.school_id == current_school_id(),
            DataCopy.request_id == request_id,
            DataCopy.kind == kind,
            DataCopy.state != CopyState.GONE,
        )
    ).first()


def ask_to_make(copy: DataCopy) -> None:
    """Ask the worker to make this copy."""
    copy.job_id = jobs.ask(MAKE_COPY, {"copy_id": str(copy.id)}, unique=str(copy.id)).id
    session.flush()


def decide_passages(copy_id: UUID, decisions: Mapping[UUID, tuple[bool, str]], *, by: Actor) -> DataCopy:
    """Store what becomes black and what stays, by passage, each with its reason; once all are decided it is made.

    Raises NotFound, NotAllowed, Conflict (`copy_not_flagged`) for one that waits for nothing, Invalid (`reason`).
    """
    by.must(Permission.REQUEST_KEEP)
    copy = get_copy(copy_id, by.scope, lock=True)
    must_see_whole(copy, by)
    if copy.state is not CopyState.FLAGGED:
        raise Conflict("copy_not_flagged")
    passages, withheld = list_passages(copy), withheld_from(copy, by)
    for passage in passages:
        if passage.id in decisions and passage.row_id not in withheld:
            _decide(passage, *decisions[passage.id], by=by)
    session.flush()
    audit.record(
        "requests.passages_decided",
        learner_id=copy.learner_id,
        subject=("data_copy", copy.id),
        facts={"black": sum(bool(each.is_black) for each in passages), "passages": len(passages)},
        by=by,
    )
    if all(each.is_black is not None for each in passages):
        copy.state = CopyState.WAITING
        ask_to_make(copy)
    return copy


def _decide(passage: CopyPassage, is_black: bool, reason: str, *, by: Actor) -> None:
    if not reason.strip():
        raise Invalid(str(passage.id), "reason_required")
    if len(reason) > MOST_REASON:
        raise Invalid(str(passage.id), "too_long", most=MOST_REASON)
    passage.is_black, passage.reason, passage.decided_at = is_black, reason.strip(), now()
    passage.decided_by, passage.decided_by_name = by.account_id, by.name


def hand_over(
    copy_id: UUID, *, signed_in_at: datetime, identity_seen: str | None = None, by: Actor
) -> tuple[DataCopy, Iterator[bytes]]:
    """Return a copy and its content, to who signed in anew within five minutes.

    Privacy staff give it at the counter, with how they saw who she is (`identity_seen`), or send it to the organisation
    that she named, which is a disclosure. Raises NotAllowed, NotFound, Conflict: `second_person` where her own word
    alone says who asked, `sign_in_anew`, `gone`, `not_ready`; Invalid for the check of identity.
    """
    copy = get_copy(copy_id, by.scope, lock=True)
    if not _is_own(copy, by):
        _must_hand_out(copy, by)
    if not may_have(copy, by):
        raise NotFound("data_copy")
    if now() - signed_in_at > FRESH:
        raise Conflict("sign_in_anew")
    if copy.file_id is None or not copy.is_open:
        raise Conflict("gone" if copy.state is CopyState.GONE else "not_ready")
    if (copy.gone_at is not None and copy.gone_at <= now()) or is_over(copy):
        raise Conflict("gone")
    way = _way_of(copy, by)
    seen = _seen(identity_seen, way)
    if copy.handover is None or way is Handover.ORGANISATION is not copy.handover:
        _note_handed_over(copy, way, seen, by)
    close_by(copy, by=by)
    audit.record(_event_of(way), learner_id=copy.learner_id, subject=("data_copy", copy.id), by=by)
    return copy, files.open_file(copy.file_id)


def _must_hand_out(copy: DataCopy, by: Actor) -> None:
    by.must(Permission.REQUEST_KEEP)
    must_see_whole(copy, by)
    request = find_request(copy)
    if withheld_from(copy, by) or (request is not None and needs_another(request, by)):
        raise Conflict("second_person")
    if not is_still_asked(copy):
        raise Conflict("no_longer_acts")


def _way_of(copy: DataCopy, by: Actor) -> Handover:
    if _is_own(copy, by):
        return Handover.SIGN_IN
    return Handover.ORGANISATION if copy.organisation is not None else Handover.COUNTER


def _event_of(way: Handover) -> str:
    if way is Handover.SIGN_IN:
        return "requests.copy_fetched"
    return "requests.copy_sent" if way is Handover.ORGANISATION else "requests.copy_given"


def _seen(identity_seen: str | None, way: Handover) -> str | None:
    text = (identity_seen or "").strip()
    if way is not Handover.COUNTER:
        return None
    if not text:
        raise Invalid("identity_seen", "required")
    if len(text) > MOST_IDENTITY:
        raise Invalid("identity_seen", "too_long", most=MOST_IDENTITY)
    return text


def _note_handed_over(copy: DataCopy, way: Handover, seen: str | None, by: Actor) -> None:
    copy.state, copy.handed_at, copy.handover = CopyState.HANDED_OVER, now(), way
    copy.handed_by, copy.handed_by_name, copy.identity_seen = by.account_id, by.name, seen
    session.flush()
    if way is Handover.ORGANISATION and copy.learner_id is not None:
        record_given(
            recipient=str(copy.organisation),
            purpose=CopyKind.PORTABILITY.value,
            learner_id=copy.learner_id,
            day=today(),
            fields=copy.fields,
            digest=copy.file_digest,
            by=by,
        )
