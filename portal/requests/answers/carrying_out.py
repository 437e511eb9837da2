"""What a decision brings about: data that is erased, uses that stop, consents that end. Files are `copies`' own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_person
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.purposes.objections.services import settle_objections
from portal.purposes.queries import find_consent
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import lift_restriction, restrict, tell_of_lifting
from portal.purposes.withdrawals.services import begin_withdrawal
from portal.requests.data_requests.models import DataRequest, RequestKind

ASKED = "asked"
"""Why data is erased: because she asked."""
PROOF = frozenset({"consent", "dealings", "account", "activity", "name"})
"""What goes with the whole record alone: what shows what was done for her, and who she is."""


@dataclass(frozen=True)
class Parts:
    """The parts of a request that were granted, and those that were refused."""

    granted: Sequence[str]
    refused: Sequence[str]


class _CarryOut(Protocol):
    def __call__(self, request: DataRequest, parts: Parts, by: Actor, /) -> None: ...


def carry_out(request: DataRequest, parts: Parts, *, by: Actor) -> None:
    """Do what a decision brings about, in its transaction."""
    do = _BY_KIND.get(request.kind)
    if do is not None:
        do(request, parts, by)


def _erase(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Erase what is granted, at once; all of it is the person, whose request stays as a number and its days."""
    if request.learner_id is None or not parts.granted:
        return
    learner_id = request.learner_id
    if not parts.refused and not request.categories:
        request.learner_id = request.filed_by = None
        request.filed_by_name, request.body, request.reply, request.proof = "", None, None, None
        session.flush()
        erase_person(PersonKind.LEARNER, learner_id, why=ASKED, by=by)
        return
    for category in parts.granted:
        if category not in PROOF:
            erase_category(PersonKind.LEARNER, [learner_id], category, why=ASKED, by=by)


def _restrict(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Let what is granted stand still (AVG art. 18(1))."""
    if request.learner_id is not None and parts.granted:
        ground = RestrictionGround(request.restriction_ground or RestrictionGround.ACCURACY)
        wanted = [category for category in parts.granted if category]
        restrict(request.learner_id, ground=ground, categories=wanted, data_request_id=request.id, by=by)


def _lift_interim(request: DataRequest, _parts: Parts, by: Actor) -> None:
    """Tell her that what stood still until this answer is used again, and lift that (AVG art. 18(3))."""
    if request.learner_id is None:
        return
    for each in list_restrictions(request.learner_id, by.scope):
        if each.data_request_id == request.id:
            tell_of_lifting(each.id, by=by)
            lift_restriction(each.id, by=by)


def _settle(request: DataRequest, parts: Parts, by: Actor) -> None:
    settle_objections(request.id, won=parts.granted, lost=parts.refused, by=by)


def _withdraw(request: DataRequest, parts: Parts, by: Actor) -> None:
    """End the consents that she took back by phone, letter or at the counter (AVG art. 7(3))."""
    if request.learner_id is None:
        return
    for key in parts.granted:
        consent = find_consent(request.learner_id, key, by.scope, lock=True)
        if consent is not None:
            begin_withdrawal(consent, current_policy().purpose(key), by=by)


_BY_KIND: Mapping[RequestKind, _CarryOut] = {
    RequestKind.RECTIFICATION: _lift_interim,
    RequestKind.ERASURE: _erase,
    RequestKind.RESTRICTION: _restrict,
    RequestKind.OBJECTION: _settle,
    RequestKind.CONSENT_WITHDRAWAL: _withdraw,
}
