"""Who at the desk sees all of somebody, and who hands out a copy: the one rule that its pages and services ask."""

from uuid import UUID

from sqlalchemy import Select, select

from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core.db.session import session
from portal.core.errors import NotAllowed
from portal.core.http.access import Actor
from portal.permissions import Permission, Role, roles_with
from portal.requests.complaints.queries import list_about, list_of_person
from portal.requests.data_requests.models import AboutPerson, DataRequest, IdentityCheck


def sees_whole(row: AboutPerson, by: Actor) -> bool:
    """Say whether who handles requests sees all that is held of whom a row is about, the sealed texts included.

    Of a learner that is privacy staff, or management where the school has none (AVG art. 5(1)c, 12). Of who is no
    learner the categories are no learner's, so who handles requests sees them whole.
    """
    if not by.may(Permission.REQUEST_KEEP):
        return False
    return row.learner_id is None or Role.PRIVACY_STAFF.value in by.roles or not _has(_privacy_staff())


def must_see_whole(row: AboutPerson, by: Actor) -> None:
    """Raise NotAllowed for who doesn't see all of whom a row is about."""
    if not sees_whole(row, by):
        raise NotAllowed("not_allowed", permission=Permission.REQUEST_KEEP.value)


def needs_another(request: DataRequest, by: Actor) -> bool:
    """Say whether another hands out the copy: her own word alone says who asked it, and the school has another who may.

    She wrote the request down, or it came from outside, and it was she who saw at the counter who asks (AVG art. 32).
    """
    is_her_word = request.identity_check is IdentityCheck.COUNTER and request.identity_checked_by == by.account_id
    if not is_her_word or request.filed_by not in {by.account_id, None}:
        return False
    return _has_another(request, by)


def withheld_from(row: AboutPerson, by: Actor) -> frozenset[UUID]:
    """Return the complaints of whom a row is about that are about her who looks: another handles them, if there is one.

    They go by their ids, for what stands in them isn't for her to read or to give (LB-14).
    """
    found = list_about(by.scope)
    if not found or row.known_person_id is None or not _has_another(row, by):
        return frozenset()
    return list_of_person(found, row.known_person_id, by.scope)


def _has_another(row: AboutPerson, by: Actor) -> bool:
    able = _privacy_staff()
    if row.learner_id is None or not _has(able):
        able = select_holders(roles_with(Permission.REQUEST_KEEP))
    return _has(able.where(Account.id != by.account_id))


def _privacy_staff() -> Select[Account]:
    return select_holders([Role.PRIVACY_STAFF])


def _has(accounts: Select[Account]) -> bool:
    return session.scalar(select(accounts.exists())) is True
