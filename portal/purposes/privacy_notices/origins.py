"""From whom the school has what it holds on people, and which fields that is: what each of them is told (art. 14)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson, Organisation
from portal.purposes.privacy_notices.queries import Informed
from portal.representation.models import Representative

IMPORTED = "import"
_NAMED_BY = "learner.family_name"


@dataclass(frozen=True)
class NoticeOrigin:
    """From whom the school has somebody's data, by which channel, the client that her record names, and which fields.

    Of several the one that isn't herself counts: who referred her before a file, a file before the school.
    """

    source: str
    channel: str | None = None
    client: str | None = None
    fields: tuple[str, ...] = ()


def origins_of(people: Collection[Informed], scope: Scope) -> dict[UUID, NoticeOrigin]:
    """Return by person from whom the school has her data."""
    of_kind = {kind: [each.id for each in people if each.kind is kind] for kind in PersonKind}
    found = _of_learners(of_kind[PersonKind.LEARNER], scope)
    found |= _of_representatives(of_kind[PersonKind.REPRESENTATIVE], scope)
    found |= _of_contact_people(of_kind[PersonKind.CONTACT_PERSON])
    return {each.id: found.get(each.id, NoticeOrigin(Source.SCHOOL.value)) for each in people}


def _of_learners(ids: Collection[UUID], scope: Scope) -> dict[UUID, NoticeOrigin]:
    rows = session.execute(
        select(FieldOrigin.learner_id, FieldOrigin.field, FieldOrigin.source, FieldOrigin.channel)
        .where(
            FieldOrigin.school_id == current_school_id(),
            FieldOrigin.learner_id.in_(list(ids)),
            FieldOrigin.entry_id == OWN_RECORD,
            reaches_learner(scope, FieldOrigin.learner_id),
        )
        .order_by(FieldOrigin.field != _NAMED_BY, FieldOrigin.field)
    )
    held: dict[UUID, list[tuple[str, str, str | None]]] = {}
    for row in rows:
        held.setdefault(row.learner_id, []).append((row.field, row.source.value, row.channel))
    clients = _clients_of(ids, scope)
    return {
        each: NoticeOrigin(*_foremost(held[each]), clients.get(each), tuple(field for field, *_ in held[each]))
        for each in held
    }


def _foremost(held: list[tuple[str, str, str | None]]) -> tuple[str, str | None]:
    ways = [(source, channel) for _field, source, channel in held]
    referred = [way for way in ways if way[0] == Source.REFERRER]
    return (referred or [way for way in ways if way[1] == IMPORTED] or ways)[0]


def _clients_of(ids: Collection[UUID], scope: Scope) -> dict[UUID, str]:
    """Return by learner the client of her latest trajectory that has one."""
    client = (Organisation.school_id == Trajectory.school_id) & (Organisation.id == Trajectory.client_id)
    rows = session.execute(
        select(Trajectory.learner_id, Organisation.name)
        .join(Organisation, client)
        .where(
            Trajectory.school_id == current_school_id(),
            Trajectory.learner_id.in_(list(ids)),
            reaches_learner(scope, Trajectory.learner_id),
        )
        .order_by(Trajectory.starts_on, Trajectory.id)
    )
    return {row.learner_id: row.name for row in rows}


def _of_representatives(ids: Collection[UUID], scope: Scope) -> dict[UUID, NoticeOrigin]:
    """Return of who acts for a learner that she named her herself, or that the school did."""
    learner = (Learner.school_id == Representative.school_id) & (Learner.id == Representative.learner_id)
    rows = session.execute(
        select(Representative.id, Representative.recorded_by.is_not_distinct_from(Learner.account_id).label("is_hers"))
        .join(Learner, learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.id.in_(list(ids)),
            Learner.account_id.is_not(None),
            reaches_learner(scope, Representative.learner_id),
        )
    )
    return {row.id: NoticeOrigin(Source.LEARNER.value if row.is_hers else Source.SCHOOL.value) for row in rows}


def _of_contact_people(ids: Collection[UUID]) -> dict[UUID, NoticeOrigin]:
    """Return of who is no learner what her record says: that it was herself, where she works, or another."""
    rows = session.execute(
        select(ContactPerson.id, ContactPerson.origin).where(
            ContactPerson.school_id == current_school_id(), ContactPerson.id.in_(list(ids))
        )
    )
    return {row.id: NoticeOrigin(row.origin.value) for row in rows}
