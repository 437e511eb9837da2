"""Makes rows of the record in the school in scope: learners, trajectories, organisations, enrolments and so on."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.ages import is_child
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.search.keys import bsn_digest, found_by
from portal.learners.trajectories.models import Act, Trajectory
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind
from portal.representation.models import BY_COURT, WIDEST, ProofKind, Representative, RepresentativeKind

_numbers = count(1)


def make_learner(given_name: str = "Amina", family_name: str = "Yilmaz", **values: Any) -> Learner:
    """Make a learner with these values by column; sealed ones are given as text, `grounds` by column where wanted."""
    grounds: dict[str, str] = values.pop("grounds", {})
    row = {"number": f"T{next(_numbers):05d}", "birth_date": date(1990, 5, 4), "last_contact_on": today(), **values}
    row |= {"given_name": given_name, "family_name": family_name}
    learner_id = row.setdefault("id", new_id())
    if row.get("bsn"):
        row["bsn_digest"] = bsn_digest(row["bsn"])
    row |= found_by(row)
    typed = [name for name, value in row.items() if value is not None and f"learner.{name}" in FIELDS]
    for name in typed:
        if FIELDS[f"learner.{name}"].sealed:
            row[name] = keys.seal(learner_id, f"learner.{name}", row[name])
    learner = Learner(**row)
    session.add(learner)
    session.flush()
    session.add_all(
        FieldOrigin(
            learner_id=learner_id,
            field=f"learner.{name}",
            source=Source.SCHOOL,
            since_on=today(),
            ground=grounds.get(name),
        )
        for name in typed
    )
    session.flush()
    return learner


def make_trajectory(learner: Learner, **values: Any) -> Trajectory:
    """Make a trajectory of this learner under the act of 2021, three months old."""
    row = {"act": Act.WI2021, "starts_on": today() - timedelta(days=90), "reports_to_government": False, **values}
    trajectory = Trajectory(learner_id=learner.id, **row)
    session.add(trajectory)
    session.flush()
    return trajectory


def make_organisation(name: str = "Gemeente Utrecht", **values: Any) -> Organisation:
    """Make an organisation, a municipality unless said otherwise."""
    row = {"kind": OrganisationKind.MUNICIPALITY, **values}
    organisation = Organisation(name=name, **row)
    session.add(organisation)
    session.flush()
    return organisation


def make_contact_person(organisation: Organisation | None, name: str = "Kim de Boer", **values: Any) -> ContactPerson:
    """Make somebody who is no learner, at an organisation or on her own."""
    person = ContactPerson(organisation_id=organisation.id if organisation is not None else None, name=name, **values)
    session.add(person)
    session.flush()
    return person


def make_enrolment(learner: Learner, group: LearnerGroup, **values: Any) -> Enrolment:
    """Put a learner in a group, two months ago unless said otherwise."""
    row = {"starts_on": today() - timedelta(days=60), **values}
    enrolment = Enrolment(learner_id=learner.id, group_id=group.id, **row)
    session.add(enrolment)
    session.flush()
    return enrolment


def make_representative(learner: Learner, **values: Any) -> Representative:
    """Record somebody who may act for a learner for a year: a parent for one under 16."""
    row = {
        "kind": RepresentativeKind.PARENT if is_child(learner.birth_date) else RepresentativeKind.AUTHORISED,
        "name": "Samira Yilmaz",
        "proof": "Geboorteakte gezien",
        "starts_on": today() - timedelta(days=1),
        "ends_on": today() + timedelta(days=365),
        "recorded_at": now(),
        **values,
    }
    if row["kind"] in BY_COURT:
        seen = {"proof_kind": ProofKind.DECISION, "seen_on": today(), "seen_by_name": "Olga Smit"}
        row = {"categories": sorted(WIDEST[row["kind"]]), **seen, **row}
    representative = Representative(learner_id=learner.id, **row)
    session.add(representative)
    session.flush()
    return representative
