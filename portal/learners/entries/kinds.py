"""The kinds of entries that staff add under a learner: one declaration each, from which pages and services are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from portal.contacts.models import Correspondence
from portal.core.http.access import Actor
from portal.core.http.languages import _l
from portal.finances.models import InvoiceLine, OrderLine
from portal.identity.models import IdentityDocument
from portal.intakes.models import Intake
from portal.learners.record.fields import FIELDS, RecordField, kept_fields
from portal.learners.trajectories.models import Trajectory
from portal.policy.schema import Policy
from portal.progress.appointments.models import Appointment
from portal.requests.complaints.models import Complaint


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry: its table, the word in its address, its names, and the column that puts the newest first."""

    model: Any
    slug: str
    title: LazyString
    one: LazyString
    none: LazyString
    order: str

    @property
    def name(self) -> str:
        """The name of its table."""
        return str(self.model.__tablename__)

    @property
    def category(self) -> str:
        """The category of its fields."""
        return next(field.category for field in FIELDS.values() if field.table == self.name)

    def fields(self, policy: Policy) -> list[RecordField]:
        """Return the fields of it that the school keeps."""
        return kept_fields(policy, self.name)

    def is_kept(self, policy: Policy) -> bool:
        """Say whether the school keeps such entries: at least what one can't do without."""
        needed = [field.key for field in FIELDS.values() if field.table == self.name and field.is_required]
        return all(policy.allows(key) for key in needed)


TRAJECTORY = EntryKind(
    Trajectory,
    "trajecten",
    _l("Trajecten"),
    _l("traject"),
    _l("Deze cursist heeft nog geen traject."),
    "starts_on",
)
INTAKE = EntryKind(Intake, "intakes", _l("Intake"), _l("intake"), _l("Er is nog geen intake vastgelegd."), "held_on")
_KINDS = (
    TRAJECTORY,
    INTAKE,
    EntryKind(Appointment, "afspraken", _l("Afspraken"), _l("afspraak"), _l("Er zijn geen afspraken."), "starts_at"),
    EntryKind(InvoiceLine, "facturen", _l("Facturen"), _l("factuurregel"), _l("Er zijn geen facturen."), "issued_on"),
    EntryKind(
        OrderLine, "bestellingen", _l("Bestellingen"), _l("bestelling"), _l("Er zijn geen bestellingen."), "ordered_on"
    ),
    EntryKind(Complaint, "klachten", _l("Klachten"), _l("klacht"), _l("Er zijn geen klachten."), "filed_on"),
    EntryKind(
        Correspondence,
        "berichten",
        _l("Vragen en berichten"),
        _l("bericht"),
        _l("Er zijn geen vragen of berichten."),
        "received_on",
    ),
    EntryKind(
        IdentityDocument,
        "identiteitsbewijzen",
        _l("Gevraagd identiteitsbewijs"),
        _l("verzoek om een identiteitsbewijs"),
        _l("Geen opdrachtgever heeft om een identiteitsbewijs gevraagd."),
        "requested_on",
    ),
)
KINDS: dict[str, EntryKind] = {kind.slug: kind for kind in _KINDS}


def kinds_seen(policy: Policy, by: Actor, among: Iterable[EntryKind] = _KINDS) -> list[EntryKind]:
    """Return the kinds of entries that the school keeps and this person may see."""
    return [kind for kind in among if kind.category in by.sees and kind.is_kept(policy)]
