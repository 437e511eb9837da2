"""What the pages of incidents show that a row doesn't say: the clock, whom it touched, the file for the authority."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from wtforms.fields.choices import SelectChoice

from portal.core.audit.declarations import event_label
from portal.core.clock import AMSTERDAM, local, now
from portal.core.http.languages import _, _n
from portal.core.personal_data import PersonKind
from portal.learners.record.labels import CATEGORIES
from portal.oversight.incidents.forms import INPUTS, NO, YES
from portal.oversight.incidents.labels import (
    ACTORS,
    FROM_HAND,
    FROM_LOG,
    KINDS,
    PEOPLE,
    RESTRICTED,
    SOURCES,
    WAYS,
    counted,
)
from portal.oversight.incidents.models import Incident
from portal.oversight.incidents.notices import about_of, language_of, text_of
from portal.oversight.incidents.proposals import Proposed
from portal.oversight.incidents.touched import Found, Touched
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

HOUR = 3600


@dataclass(frozen=True)
class IncidentView:
    """An incident with its clock: hours that are left, or by how many it is or was late."""

    row: Incident

    @property
    def is_decided(self) -> bool:
        """Say whether it was decided if the authority is told."""
        return self.row.is_reported is not None

    @property
    def hours_left(self) -> int:
        """Whole hours that are left of the 72; none where they are over."""
        return max(0, int((self.row.due_at - now()).total_seconds() // HOUR))

    @property
    def is_late(self) -> bool:
        """Say whether the authority was told, or it was decided not to, after 72 hours, or these went by undecided."""
        return (self.row.reported_at or self.row.decided_at or now()) > self.row.due_at

    @property
    def is_moved(self) -> bool:
        """Say whether the moment of awareness was ever written down as another."""
        return self.row.aware_reason is not None


@dataclass(frozen=True)
class CategoryChoice:
    """A category that can be ticked as touched; `source` says where it comes from that it is, else nothing."""

    key: str
    title: str
    source: str
    is_chosen: bool


def category_choices(row: Incident, found: Collection[str]) -> list[CategoryChoice]:
    """Return the categories of the policy, and those of an earlier one that were chosen.

    Those that the log gives now, or that were chosen before, are ticked.
    """
    known, chosen = {*found, *row.categories_found}, {*found, *row.categories}
    ours = [each.key for each in current_policy().categories]
    return [
        CategoryChoice(
            key=each,
            title=str(CATEGORIES[each]),
            source=_source(each, known) if each in chosen else "",
            is_chosen=each in chosen,
        )
        for each in [*ours, *(key for key in row.categories if key not in ours)]
    ]


def sourced_choices(row: Incident) -> list[SelectChoice]:
    """Return the choices of the form of an incident that there is, each with where it comes from that it is ticked."""
    choices = category_choices(row, ())
    return [SelectChoice(each.key, f"{each.title} · {each.source}" if each.source else each.title) for each in choices]


def sources_of(row: Incident) -> dict[str, str]:
    """Return, of each category that an incident touched, where it comes from: the log, or whoever wrote it down."""
    return {key: _source(key, row.categories_found) for key in row.categories}


def _source(key: str, known: Collection[str]) -> str:
    return str(FROM_LOG if key in known else FROM_HAND)


def moment_of(day: date | None, at: time | None, *, otherwise: time = time(0)) -> datetime | None:
    """Return a moment on the clock of Amsterdam from a day and a time that were typed apart."""
    return datetime.combine(day, at or otherwise, AMSTERDAM) if day is not None else None


def filled_in(row: Incident) -> dict[str, Any]:
    """Return what stands in the form of an incident that there is."""
    aware = local(row.aware_at)
    return {
        "title": row.title, "kind": row.kind.value, "body": row.body, "aware_on": aware.date(),
        "aware_time": aware.time().replace(second=0, microsecond=0), "happened_on": row.happened_on,
        "happened_until": row.happened_until, "categories": row.categories, "others": row.others,
        "consequences": row.consequences, "measures": row.measures,
    }  # fmt: skip


def file_of(row: Incident, touched: Sequence[Touched]) -> dict[str, Any]:
    """Return what the authority asks of an incident (AVG art. 33(3)): numbers of people, and none of their names."""
    policy = current_policy()
    titles: dict[str, str] = {each.key: each.title.nl for each in policy.categories}
    told = [each for each in touched if each.told_at is not None]
    count = Counter(each.kind for each in touched)
    return {
        "school": current_school().name,
        "verantwoordelijke": policy.controller.name,
        "contact": policy.controller.questions_email or policy.controller.email,
        "titel": row.title,
        "aard": str(KINDS[row.kind]),
        "waar": str(SOURCES[row.source]),
        "wat_is_er_gebeurd": row.body,
        "gebeurd_van": row.happened_on.isoformat() if row.happened_on else None,
        "gebeurd_tot": row.happened_until.isoformat() if row.happened_until else None,
        "gemerkt_op": local(row.aware_at).isoformat(timespec="minutes"),
        "eerst_opgeschreven_als_gemerkt_op": local(row.first_aware_at).isoformat(timespec="minutes"),
        "waarom_ander_moment": row.aware_reason,
        "melden_voor": local(row.due_at).isoformat(timespec="minutes"),
        "soorten_gegevens": [titles.get(key, key) for key in row.categories],
        "waarvan_uit_het_logboek": [titles.get(key, key) for key in row.categories_found],
        "aantal_cursisten": count[PersonKind.LEARNER],
        "aantal_vertegenwoordigers": count[PersonKind.REPRESENTATIVE],
        "aantal_contactpersonen": count[PersonKind.CONTACT_PERSON],
        "aantal_medewerkers": count[PersonKind.STAFF],
        "aantal_anderen": row.others,
        "gevolgen": row.consequences,
        "maatregelen": row.measures,
        "gemeld": row.is_reported,
        "gemeld_op": local(row.reported_at).isoformat(timespec="minutes") if row.reported_at else None,
        "besloten_op": local(row.decided_at).isoformat(timespec="minutes") if row.decided_at else None,
        "waarom_wel_of_niet_gemeld": row.report_reason,
        "verteld_aan_betrokkenen": row.is_told,
        "waarom_wel_of_niet_verteld": row.told_reason,
        "verteld": {str(label): sum(each.way is way for each in told) for way, label in WAYS.items()},
    }


def numbers_of(row: Incident, touched: Sequence[Touched]) -> list[str]:
    """Return how many people of each kind an incident touched, and how many whom no register has."""
    count = Counter(each.kind for each in touched)
    numbers = [counted(kind, count[kind]) for kind in PersonKind if count[kind]]
    return numbers + ([_n("%(num)s ander", "%(num)s anderen", row.others)] if row.others else [])


@dataclass(frozen=True)
class Choice:
    """Somebody who can be ticked as touched: the input's name and value; `name` is None where it is hidden."""

    input: str
    id: UUID
    name: str | None
    what: str
    note: str = ""

    @classmethod
    def of(cls, kind: PersonKind, person_id: UUID, name: str | None, note: str = "") -> "Choice":
        """Return the choice of somebody of this kind."""
        what = PEOPLE[kind] if name is not None else RESTRICTED[kind]
        return cls(INPUTS[kind], person_id, name, str(what), note)


def choices_found(found: Found) -> list[Choice]:
    """Return whom a search by name found: learners, then who represents one, contacts, and staff."""
    hidden = [] if found.hidden_id is None else [(found.hidden_id, None, _("nummer %(number)s", number=found.text))]
    return [
        *(Choice.of(PersonKind.LEARNER, *each) for each in hidden),
        *(Choice.of(PersonKind.LEARNER, each.id, each.full_name, each.number) for each in found.learners),
        *(Choice.of(PersonKind.REPRESENTATIVE, each.id, each.name) for each in found.representatives),
        *(
            Choice.of(
                PersonKind.CONTACT_PERSON, each.id, each.name, each.organisation.name if each.organisation else ""
            )
            for each in found.contacts
        ),
        *(Choice.of(PersonKind.STAFF, each.id, each.name) for each in found.staff),
    ]


def choices_proposed(proposed: Sequence[Proposed]) -> list[Choice]:
    """Return whom the audit proposes, with how often somebody looked or changed something, and who."""
    return [
        Choice.of(
            each.kind,
            each.id,
            None if each.is_restricted else each.name,
            " · ".join(_told_of(each)),
        )
        for each in proposed
    ]


def _told_of(each: Proposed) -> list[str]:
    """Return what the audit tells of somebody: what was done, how often, and by whom."""
    done = dict.fromkeys(str(event_label(name)) for name in each.events)
    return [", ".join(done), _n("%(num)s keer", "%(num)s keer", each.times), ", ".join(named_actors(each.by))]


def report_of(row: Incident) -> dict[str, Any]:
    """Return what stands in the form of the report that was decided on."""
    at = local(row.reported_at) if row.reported_at is not None else None
    return {
        "is_reported": None if row.is_reported is None else YES if row.is_reported else NO,
        "reported_on": at.date() if at else None,
        "reported_time": at.time().replace(second=0, microsecond=0) if at else None,
        "reason": row.report_reason,
    }


def telling_of(row: Incident) -> dict[str, Any]:
    """Return what stands in the form about telling people."""
    return {"is_told": None if row.is_told is None else YES if row.is_told else NO, "told_reason": row.told_reason}


@dataclass(frozen=True)
class Letter:
    """A letter to somebody who is told, in her language.

    `name` is whose letter it is, or, where a child has nobody on record who acts for her, None; `child` is her name
    then. `about` is whose data it is about where that isn't the reader.
    """

    name: str | None
    child: str
    about: str
    language: str
    facts: Mapping[str, str]


def letters_of(row: Incident, people: Sequence[Touched]) -> list[Letter]:
    """Return the letters about these people: one to each who is told."""
    facts = text_of(row)
    return [
        Letter(reader.name, person.name, about_of(person, reader), language_of(reader), facts)
        for person in people
        for reader in person.readers
    ]


def named_actors(by: Sequence[str]) -> list[str]:
    """Return the actors of an entry by name, and others by what they are."""
    return [str(ACTORS.get(each, each)) for each in by]
