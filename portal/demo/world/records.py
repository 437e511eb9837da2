"""The learners' records: what each field would hold, sealed where the column says so, and cut down to the policy."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.personal_data import PersonKind, Sealed, fields_of
from portal.demo.bulk import Row, store
from portal.demo.names import DIPLOMAS, RESIDENCE
from portal.demo.people import iban_of, plain
from portal.demo.world.plan import World
from portal.learners.corrections.services import SCHOOLS_OWN
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import FieldOrigin, Gender, Learner, MaritalStatus, Source
from portal.learners.search.keys import bsn_digest, found_by
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup, Trajectory
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind

_CLIENTS = (
    ("Gemeente Waterland-Oost", "Anja Meijer"),
    ("Gemeente Rijnburg", "Rob Visser"),
    ("Gemeente Heuvelrand", "Esra Demir"),
    ("Kwekerij Zonnehof", "Henk Boer"),
    ("Bakkerij Het Anker", "Mira Smit"),
)
# Every so manyth learner lacks a contract number, another a BSN; one has no birth date: the office finds them.
_LACKS, _LACKING_CONTRACT, _LACKING_BSN, _LACKING_BIRTH_DATE = 40, 7, 13, 17
_ENDS, _ENDING = 9, 4
# Nobody told these that the school has their data: one must have been told, another must be within days.
_KNOWN_SINCE = 9
_GROUND = "Nodig voor de aanvraag bij de gemeente."
_UNSOURCED = frozenset({None, "dealings", "account"})
_CITY = {
    "lest-best": "Utrecht",
    "meester-in-nt2": "Rotterdam",
    "step-inburgering": "Nijmegen",
    "onderwijs-pro": "Den Haag",
    "leren-leren": "Schiedam",
}
_REFERRED = frozenset({"learner.residence_status", "learner.arrived_on", "learner.nationality", "learner.bsn"})


def seal_all(model: type[Base], rows: list[Row], learner: str = "learner_id") -> None:
    """Seal the texts in the sealed columns of these rows, each under the key of the row's learner."""
    table = model.metadata.tables[model.__tablename__]
    for column in table.columns:
        if isinstance(column.type, Sealed):
            held = [row for row in rows if row.get(column.name) is not None]
            blobs = keys.seal_values((row[learner], f"{table.name}.{column.name}", row[column.name]) for row in held)
            for row, sealed in zip(held, blobs, strict=True):
                row[column.name] = sealed


def kept(world: World, model: type[Base], rows: list[Row]) -> list[Row]:
    """Leave out what the school's policy doesn't let it keep, where a row can do without it."""
    table = model.metadata.tables[model.__tablename__]
    refused = {
        field.column
        for field in fields_of(table, PersonKind.LEARNER)
        if table.columns[field.column].nullable and not world.policy.allows(field.key)
    }
    return [{name: value for name, value in row.items() if name not in refused} for row in rows]


def fill(world: World, accounts: dict[UUID, UUID]) -> None:
    """Make the learners with their trajectories and enrolments; `accounts` has the account of those who have one."""
    clients, managers = _clients()
    trajectories = [_trajectory(world, at, clients, managers) for at in range(len(world.people))]
    learners = [_learner(world, at, trajectories[at]) for at in range(len(world.people))]
    for row in learners:
        row["account_id"] = accounts.get(row["id"])
    learners = [_without_unmet(world, at, row) for at, row in enumerate(kept(world, Learner, learners))]
    origins = [origin for at, row in enumerate(learners) for origin in _origins(world, at, row)]
    seal_all(Learner, learners, learner="id")
    store(Learner, learners)
    store(FieldOrigin, origins)
    has_trajectories = world.policy.allows("trajectory.act")
    if has_trajectories:
        store(Trajectory, kept(world, Trajectory, trajectories))
    store(Enrolment, list(_enrolments(world, trajectories if has_trajectories else [])))


def _clients() -> tuple[list[Row], list[Row]]:
    """Who pays: municipalities and employers, each with somebody to call."""
    clients = [
        {
            "id": new_id(),
            "name": name,
            "kind": OrganisationKind.MUNICIPALITY if name.startswith("Gemeente") else OrganisationKind.EMPLOYER,
        }
        for name, _ in _CLIENTS
    ]
    managers = [
        {
            "id": new_id(),
            "organisation_id": client["id"],
            "name": manager,
            "email": f"{plain(manager)}@opdrachtgever.example",
            "created_at": now() - timedelta(days=_KNOWN_SINCE * at),
        }
        for at, (client, (_, manager)) in enumerate(zip(clients, _CLIENTS, strict=True))
    ]
    store(Organisation, clients)
    store(ContactPerson, managers)
    return clients, managers


def _trajectory(world: World, at: int, clients: list[Row], managers: list[Row]) -> Row:
    random = world.random
    act = random.choices((Act.WI2021, Act.WI2013, Act.VOLUNTARY), (70, 10, 20))[0]
    funding = {Act.WI2021: Funding.MUNICIPALITY, Act.WI2013: Funding.DUO_LOAN}.get(act, Funding.EMPLOYER)
    kind = OrganisationKind.EMPLOYER if funding is Funding.EMPLOYER else OrganisationKind.MUNICIPALITY
    payers = [client for client in clients if client["kind"] is kind]
    client = random.choice(payers)
    starts_on = world.today - timedelta(days=random.randint(90, 420))
    route = random.choices((Route.B1, Route.Z, Route.EDUCATION), (65, 20, 15))[0]
    return {
        "id": new_id(),
        "learner_id": world.ids[at],
        "act": act,
        "route": route if act is Act.WI2021 else Route.OTHER,
        "target_group": TargetGroup.ASYLUM if world.people[at].country.is_refugee else TargetGroup.FAMILY,
        "funding": funding,
        "reports_to_government": act is not Act.VOLUNTARY,
        "client_id": None if funding is Funding.DUO_LOAN else client["id"],
        "client_manager_id": None if funding is Funding.DUO_LOAN else managers[clients.index(client)]["id"],
        "starts_on": starts_on,
        "ends_on": world.today + timedelta(days=10 + at % 70) if at % _ENDS == _ENDING else None,
        "agreement_on": starts_on - timedelta(days=7),
        "agreement": "Drie lessen per week en thuis oefenen.",
        "contract_number": f"{starts_on.year}-{1000 + at}" if at % _LACKS != _LACKING_CONTRACT else None,
        "hours_bought": random.choice((200, 300, 400, 600)),
        "source": Source.SCHOOL if funding is Funding.DUO_LOAN else Source.REFERRER,
        "channel": "e-mail",
        "since_on": starts_on - timedelta(days=7),
    }


def _learner(world: World, at: int, trajectory: Row) -> Row:
    """Everything a record could hold of this person."""
    random, person = world.random, world.people[at]
    drawn: dict[str, Any] = {
        "id": world.ids[at],
        "number": f"{26_000 + at}",
        "given_name": person.given_name,
        "name_prefix": person.name_prefix,
        "family_name": person.family_name,
        "email": person.email,
        "phone": person.phone,
        "street": person.street,
        "house_number": person.house_number,
        "postcode": person.postcode,
        "city": _CITY[world.plan.slug],
        "preferred_language": random.choice(("nl", "nl", person.country.language)),
        "gender": Gender(person.gender),
        "birth_date": person.birth_date if at != _LACKING_BIRTH_DATE else None,
        "birth_place": person.birth_place,
        "birth_country": person.country.name,
        "nationality": person.country.nationality,
        "education_level": person.education,
        "diplomas": random.choice(DIPLOMAS) if random.random() < 0.4 else None,
        "languages": "Arabisch, Engels" if person.country.language == "ar" else "Engels",
        "work_experience": person.work,
        "residence_status": RESIDENCE[0 if person.country.is_refugee else 1],
        "arrived_on": world.today - timedelta(days=random.randint(400, 2400)),
        "bsn": person.bsn if trajectory["reports_to_government"] and at % _LACKS != _LACKING_BSN else None,
        "marital_status": random.choice(tuple(MaritalStatus)) if random.random() < 0.1 else None,
        "care_duties": "Zorgt voor twee jonge kinderen." if random.random() < 0.15 else None,
        "circumstances": "Kan op woensdag niet komen." if random.random() < 0.06 else None,
        "iban": iban_of(at) if random.random() < 0.5 else None,
        "last_contact_on": world.today - timedelta(days=random.randint(0, 20)),
    }
    drawn["bsn_digest"] = bsn_digest(drawn["bsn"]) if drawn["bsn"] else None
    return {**drawn, **found_by(drawn)}


def _without_unmet(world: World, at: int, row: Row) -> Row:
    """Leave out what the policy keeps only on a condition that this learner doesn't meet."""
    unmet = set()
    for name, value in row.items():
        asked = world.policy.consent_for_field(f"learner.{name}") if value is not None else None
        if asked is not None and asked not in world.consents[at]:
            unmet.add(name)
    held = {name: value for name, value in row.items() if name not in unmet}
    if "bsn" not in held:
        held.pop("bsn_digest", None)
    return held


def _source(key: str) -> Source:
    if key in SCHOOLS_OWN:
        return Source.SCHOOL
    return Source.REFERRER if key in _REFERRED else Source.LEARNER


def _origins(world: World, at: int, row: Row) -> Iterator[Row]:
    """Where each value came from, and the ground of those that need one."""
    since = world.today - timedelta(days=90 + at % 60)
    columns = Learner.metadata.tables["learner"].columns
    for name, value in row.items():
        if value is None or columns[name].info.get("personal") in _UNSOURCED:
            continue
        key = f"learner.{name}"
        yield {
            "learner_id": row["id"],
            "field": key,
            "source": _source(key),
            "channel": "intake",
            "since_on": since,
            "ground": _GROUND if world.policy.needs_ground(key) else None,
        }


def _enrolments(world: World, trajectories: list[Row]) -> Iterator[Row]:
    for group in world.groups:
        for member in group.members:
            yield {
                "learner_id": world.ids[member],
                "group_id": group.id,
                "trajectory_id": trajectories[member]["id"] if trajectories else None,
                "starts_on": group.starts_on,
                "since_on": group.starts_on - timedelta(days=7),
                "statement_version_id": world.policy_version_id,
                "statement_shown_at": datetime.combine(group.starts_on, time(10), UTC) - timedelta(days=7),
            }
