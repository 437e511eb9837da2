"""The languages in which people read what was erased of them, read before it goes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from portal.accounts.models import Account
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.languages import LANGUAGES
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.representation.models import Representative


def languages_of(kind: PersonKind, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return in which language these people use the portal, else get their mail; who has none isn't in it."""
    if not person_ids:
        return {}
    own_row, wanted = _wanted(kind)
    here = (own_row.school_id == current_school_id(), among_ids(own_row.id, person_ids))
    return {row.id: row.language for row in session.execute(wanted.where(*here)) if row.language in LANGUAGES}


def _wanted(kind: PersonKind) -> tuple[type[Any], Select[Any]]:
    if kind is PersonKind.LEARNER:
        return Learner, _of_account(Learner, Learner.preferred_language)
    if kind is PersonKind.REPRESENTATIVE:
        return Representative, _of_account(Representative)
    own_row: type[Any] = ContactPerson if kind is PersonKind.CONTACT_PERSON else Account
    return own_row, select(own_row.id, own_row.language)


def _of_account(own_row: type[Any], otherwise: Any = None) -> Select[Any]:
    known = Account.language if otherwise is None else func.coalesce(Account.language, otherwise)
    hers = and_(Account.school_id == own_row.school_id, Account.id == own_row.account_id)
    return select(own_row.id, known.label("language")).outerjoin_from(own_row, Account, hers)
