"""Whose data a copy holds: a learner, somebody who works or worked here, a representative or a contact person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.learners.merges.queries import list_merged_ids
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.representation.models import Representative
from portal.requests.data_requests.models import AboutPerson


@dataclass(frozen=True, kw_only=True)
class DataSubject:
    """One person as the school has her: what she is to it, under whose key her file is, and the ids of her own rows.

    `account_ids` are those of her accounts: what they did stands in the log. `learner_ids` are the learners for whom a
    representative acts, or the learner herself.
    """

    kind: PersonKind
    id: UUID
    ids: Sequence[UUID]
    name: str
    number: str = ""
    account_ids: Sequence[UUID] = ()
    learner_ids: Sequence[UUID] = ()

    @property
    def is_learner(self) -> bool:
        """Say whether she follows or followed lessons here."""
        return self.kind is PersonKind.LEARNER


def subject_of(row: AboutPerson) -> DataSubject:
    """Return whom a request or a copy is about; raises NotFound where nobody here knows her."""
    if row.learner_id is not None:
        return learner_subject(row.learner_id)
    if row.account_id is not None:
        return staff_subject(row.account_id)
    if row.representative_id is not None:
        return representative_subject(row.representative_id)
    if row.contact_person_id is not None:
        return contact_subject(row.contact_person_id)
    raise NotFound("person")


def learner_subject(learner_id: UUID) -> DataSubject:
    """Return a learner, with the records that became part of hers."""
    row = session.get_one(Learner, (current_school_id(), learner_id))
    ids = [learner_id, *list_merged_ids(learner_id, PORTAL.scope)]
    return DataSubject(
        kind=PersonKind.LEARNER, id=learner_id, ids=ids, name=row.full_name, number=row.number, learner_ids=ids
    )


def staff_subject(account_id: UUID) -> DataSubject:
    """Return somebody who works or worked at the school."""
    row = session.get_one(Account, (current_school_id(), account_id))
    ids = [account_id]
    return DataSubject(kind=PersonKind.STAFF, id=account_id, ids=ids, name=row.name, account_ids=ids)


def representative_subject(representative_id: UUID) -> DataSubject:
    """Return a representative; who signs in and acts for several learners is one person, with all of that."""
    row = session.get_one(Representative, (current_school_id(), representative_id))
    rows = [row]
    if row.account_id is not None:
        same = select(Representative).where(
            Representative.school_id == current_school_id(), Representative.account_id == row.account_id
        )
        rows = list(session.scalars(same.order_by(Representative.id)))
    return DataSubject(
        kind=PersonKind.REPRESENTATIVE,
        id=representative_id,
        ids=[each.id for each in rows],
        name=row.name,
        account_ids=[row.account_id] if row.account_id is not None else [],
        learner_ids=sorted({each.learner_id for each in rows}),
    )


def contact_subject(contact_person_id: UUID) -> DataSubject:
    """Return somebody who works at an organisation with which the school deals."""
    row = session.get_one(ContactPerson, (current_school_id(), contact_person_id))
    return DataSubject(
        kind=PersonKind.CONTACT_PERSON,
        id=contact_person_id,
        ids=[contact_person_id],
        name=row.name,
        account_ids=[row.account_id] if row.account_id is not None else [],
    )
