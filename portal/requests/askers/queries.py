"""Who may be meant by a request of somebody unknown: by what she gave herself, or by what the desk looks for."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, exists, or_, select

from portal.accounts.models import Account, Membership
from portal.accounts.queries import STAFF_ROLES
from portal.core.audit.queries import Entry, list_of_subject
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.values import tidy
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.plain_text import fold
from portal.learners.search.queries import FoundLearner, Search, find_learners, list_found
from portal.organisations.models import ContactPerson
from portal.organisations.queries import find_contact_people, get_contact_person
from portal.representation.models import Representative
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest

_MOST, _MOST_READ, _MOST_TEXT = 10, 50, 100


@dataclass(frozen=True)
class People:
    """Learners, who represents or represented one, contact people, and who works or worked here: who may be meant."""

    learners: list[FoundLearner] = field(default_factory=list)
    contacts: list[ContactPerson] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    representatives: list[Representative] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nobody."""
        return not (self.learners or self.contacts or self.accounts or self.representatives)


def is_known_here(contact_person_id: UUID | None, account_id: UUID | None, by: Actor) -> bool:
    """Say whether somebody is a contact person or a member of staff; False where neither is named.

    Raises NotFound for a contact person or an account of staff that isn't this school's.
    """
    if contact_person_id is not None:
        get_contact_person(contact_person_id, by.scope)
    elif account_id is not None:
        get_staff_account(account_id, by)
    else:
        return False
    return True


def find_people(text: str, by: Actor) -> People:
    """Return who has this in her name, number or address."""
    if not fold(text):
        return People()
    return People(
        find_learners(Search(text=text), by, most=_MOST).learners,
        find_contact_people(text),
        _find_staff(text),
        _find_representatives(text, by),
    )


def find_meant(request: DataRequest | Complaint, by: Actor) -> People:
    """Return the learners who have the number, or both the birth date and the name, that were given.

    Also those who restricted everything: this is a request of theirs, perhaps (AVG art. 18(2)).
    """
    by.scope.must_reach_school("data_request")
    name = fold(request.asked_for or request.asker_name or "")
    is_meant = []
    if request.asker_number:
        is_meant.append(Learner.number == request.asker_number)
    if request.asker_birth_date is not None:
        is_meant.append(Learner.birth_date == request.asker_birth_date)
    if not is_meant:
        return People()
    wanted = select(Learner).where(
        Learner.school_id == current_school_id(), Learner.is_in_use, or_(*is_meant), reaches_learner(by.scope)
    )
    with revealed():
        rows = session.scalars(wanted.order_by(Learner.sort_name, Learner.id).limit(_MOST_READ)).all()
        hers = [
            row.id
            for row in rows
            if row.number == request.asker_number or all(word in fold(row.full_name) for word in name.split()[-1:])
        ]
        return People(list_found(hers[:_MOST], by.scope))


def find_search(request: DataRequest) -> Entry | None:
    """Return the entry that says who looked for whom a request is about, and found nobody; None where nobody did."""
    if request.is_of_known_person or request.decided_at is None:
        return None
    return next((each for each in list_of_subject(request.id) if each.event == "requests.nobody_found"), None)


def _find_staff(text: str) -> list[Account]:
    """Return who works or worked at the school with this in her name or address, by name."""
    wanted = tidy(text)[:_MOST_TEXT]
    named = or_(*(column.icontains(wanted, autoescape=True) for column in (Account.name, Account.email)))
    return list(session.scalars(_staff().where(named).order_by(Account.name, Account.id).limit(_MOST)))


def _staff() -> Select[Account]:
    """Build a select of the accounts of who works or worked at the school."""
    worked = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role.in_([role.value for role in STAFF_ROLES]),
    )
    return select(Account).where(Account.school_id == current_school_id(), worked)


def _find_representatives(text: str, by: Actor) -> list[Representative]:
    """Return who represents or represented a learner with this in her name; once, whose account it is.

    Also in her address, for who sees how to reach learners.
    """
    wanted = tidy(text)[:_MOST_TEXT]
    columns = (Representative.name, Representative.email) if "contact" in by.sees else (Representative.name,)
    named = or_(*(column.icontains(wanted, autoescape=True) for column in columns))
    statement = select(Representative).where(Representative.school_id == current_school_id(), named)
    rows = session.scalars(statement.order_by(Representative.name, Representative.id).limit(_MOST)).all()
    return list({row.account_id or row.id: row for row in reversed(rows)}.values())[::-1]


def get_staff_account(account_id: UUID, by: Actor, *, lock: bool = False) -> Account:
    """Return the account of somebody who works or worked at the school; raises NotFound for any other account.

    With `lock` it stays until the commit: for who adds a row that points to it.
    """
    by.scope.must_reach_school("account")
    wanted = _staff().where(Account.id == account_id)
    found = session.scalars(wanted.with_for_update(read=True, key_share=True) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound("account")
    return found
