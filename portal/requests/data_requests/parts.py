"""What the parts of a request are, by what somebody is to the school, and whether the portal carries out a yes."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from uuid import UUID

from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.core.db.base import Base
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind, registry
from portal.core.ports import Port
from portal.policy.queries import current_policy
from portal.policy.schema.statement import StaffData
from portal.purposes.queries import asked_before_use
from portal.requests.data_requests.identity import NO_IDENTITY, marketing_uses
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.services import PROOF

_LEARNER = frozenset({PersonKind.LEARNER})
_NOBODY: frozenset[PersonKind] = frozenset()
_CARRIED_OUT: Mapping[RequestKind, frozenset[PersonKind]] = {
    RequestKind.ACCESS: frozenset(PersonKind),
    RequestKind.PORTABILITY: frozenset(PersonKind) - {PersonKind.CONTACT_PERSON},
    RequestKind.RECTIFICATION: _NOBODY,
    RequestKind.ERASURE: frozenset(PersonKind),
    RequestKind.RESTRICTION: _LEARNER,
    RequestKind.OBJECTION: frozenset(PersonKind),
    RequestKind.CONSENT_WITHDRAWAL: _LEARNER | {PersonKind.CONTACT_PERSON},
}
"""For whom a yes brings something about here; for others the office does it by hand, and the answer says who."""

STILL_HERE: Port[Callable[[PersonKind, UUID, Scope], bool]] = Port("requests.still_here")
"""Says whether somebody of a kind works here, acts for somebody, or is here as something else: she can't go whole."""
_GOES_WHOLE = frozenset({PersonKind.STAFF, PersonKind.REPRESENTATIVE})
"""Of whom the portal erases all or nothing, once she works or acts here no more."""

NEWS = frozenset({NEWSLETTER, SERVICE_NEWS})
"""The uses of an address that stop by themselves for who is no learner: mail to many."""
_SIGNING_IN = frozenset({"account", "activity"})
"""Of which categories something is held of who works here or represents somebody, that a use may be objected to."""


def is_carried_out(request: DataRequest, subjects: Collection[str] | None = None) -> bool:
    """Say whether the portal carries out a yes to a request, or to these parts of it.

    Nothing is to be done for who isn't known here. Of an objection it stops the uses alone that ask before they begin.
    Of who worked here or represented somebody it erases all or nothing.
    """
    kind = request.person_kind
    if kind is None or request.entry_ids:
        return True
    if kind not in _CARRIED_OUT[request.kind]:
        return False
    if request.kind is RequestKind.ERASURE and kind in _GOES_WHOLE:
        return not is_still_here(request) and (subjects is None or erases_whole(request, _all_but(request, subjects)))
    is_contacts_no = request.kind in NO_IDENTITY and kind is PersonKind.CONTACT_PERSON
    if request.kind is not RequestKind.OBJECTION and not is_contacts_no:
        return True
    return stopping_at_once(kind).issuperset(request.purposes if subjects is None else subjects)


def is_still_here(request: DataRequest) -> bool:
    """Say whether who asks to erase works here or acts for somebody: all of her can go once that is over."""
    kind, person_id = request.person_kind, request.known_person_id
    if request.kind is not RequestKind.ERASURE or kind not in _GOES_WHOLE or person_id is None:
        return False
    return STILL_HERE.only(kind, person_id, SYSTEM)


def erases_whole(request: DataRequest, refused: Collection[str]) -> bool:
    """Say whether all of a person goes where these parts of what she asked to erase are refused.

    What she did and wrote down for learners stays in their records and the audit, whether or not that is refused.
    """
    told = (staff_part(request, key) for key in refused)
    return not request.categories and all(each is not None and each.kept in ("audit", "learners") for each in told)


def _all_but(request: DataRequest, subjects: Collection[str]) -> list[str]:
    return [each for each in subjects_of(request) if each not in subjects]


def stopping_at_once(kind: PersonKind) -> frozenset[str]:
    """Return the uses that stop from the moment in which such a person objects; others the school stops by hand."""
    return asked_before_use(current_policy()) if kind is PersonKind.LEARNER else NEWS


def stopped_by_hand(request: DataRequest, subjects: Collection[str] | None = None) -> list[str]:
    """Return the uses among those to which a request objects, or among these, that the school stops by hand."""
    if request.kind is not RequestKind.OBJECTION:
        return []
    return [
        each for each in (request.purposes if subjects is None else subjects) if not is_carried_out(request, [each])
    ]


@lru_cache(maxsize=len(PersonKind))
def _held_of(kind: PersonKind) -> frozenset[str]:
    return frozenset(field.category for field in registry(Base.metadata, kind).values())


def categories_about(kind: PersonKind) -> tuple[str, ...]:
    """Return the policy's categories that hold something of such a person, in its order.

    None of who works here or represents somebody: what is held of them the policy tells otherwise, or as a whole.
    """
    if kind in {PersonKind.STAFF, PersonKind.REPRESENTATIVE}:
        return ()
    held = _held_of(kind)
    return tuple(each.key for each in current_policy().categories if kind is PersonKind.LEARNER or each.key in held)


def purposes_about(kind: PersonKind) -> tuple[str, ...]:
    """Return the uses to which such a person may object: those for which something of hers is used."""
    policy = current_policy()
    held = _held_of(kind) if kind in {PersonKind.LEARNER, PersonKind.CONTACT_PERSON} else _SIGNING_IN
    return tuple(
        each.key
        for each in policy.purposes
        if each.may_be_objected_to and (kind is PersonKind.LEARNER or not held.isdisjoint(policy.used_for(each.key)))
    )


def staff_part(request: DataRequest, key: str) -> StaffData | None:
    """Return what the policy says of this part of what is held of who works here; None of anybody else."""
    staff = current_policy().staff
    if request.person_kind is not PersonKind.STAFF or staff is None:
        return None
    return next((each for each in staff.data if each.key == key), None)


def staff_parts_of(request: DataRequest, subjects: Collection[str]) -> dict[str, StaffData]:
    """Return what the policy says of each of these parts, of who works or worked here; nothing of anybody else.

    Once she is erased nothing says that she did but a part that is held of nobody else.
    """
    policy, staff = current_policy(), current_policy().staff
    parts = {each.key: each for each in staff.data} if staff is not None else {}
    is_erased = request.person_kind is None and any(
        each in parts and policy.category(each) is None for each in subjects
    )
    is_of_staff = is_erased or request.person_kind is PersonKind.STAFF
    return parts if is_of_staff and request.kind is RequestKind.ERASURE else {}


def is_erased(request: DataRequest) -> bool:
    """Say whether all that was held of who asked is gone by this request, her address with it."""
    return request.certificate_number is not None and request.person_kind is None


def subjects_of(request: DataRequest) -> tuple[str, ...]:
    """Return the parts of a request that are decided on one by one: categories, purposes, or it as a whole ("")."""
    if request.entry_ids:
        return tuple(str(each) for each in request.entry_ids)
    if request.kind in NO_IDENTITY:
        return tuple(request.purposes)
    if request.kind is RequestKind.RESTRICTION:
        return tuple(request.categories) or ("",)
    return _erasable(request) if request.kind is RequestKind.ERASURE else ("",)


def _erasable(request: DataRequest) -> tuple[str, ...]:
    kind, staff = request.person_kind or PersonKind.LEARNER, current_policy().staff
    if kind is PersonKind.STAFF and staff is not None:
        return tuple(each.key for each in staff.data)
    kept = tuple(key for key in categories_about(kind) if key not in PROOF)
    wanted = tuple(key for key in kept if not request.categories or key in request.categories)
    return wanted or tuple(request.categories) or ("",)


def open_subjects(request: DataRequest) -> tuple[str, ...]:
    """Return the parts on which the school decides: an objection to marketing is answered by law (AVG art. 21(3))."""
    if request.kind is not RequestKind.OBJECTION:
        return subjects_of(request)
    return tuple(key for key in request.purposes if key not in marketing_uses())


def erasable_once_won(request: DataRequest, won: Collection[str]) -> tuple[str, ...]:
    """Return the categories that a learner may ask to erase now that her objections to these uses hold (17(1)(c)).

    They are what the uses took; what goes with the whole record alone isn't among them.
    """
    if request.kind is not RequestKind.OBJECTION or request.learner_id is None:
        return ()
    policy = current_policy()
    used = frozenset().union(*(policy.used_for(key) for key in won)) - PROOF
    return tuple(each.key for each in policy.categories if each.key in used)
