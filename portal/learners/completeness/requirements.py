"""What a record must have: what law and contract ask of it, as far as the school's policy keeps it (LB-08)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from sqlalchemy import ColumnElement, and_, or_, select

from portal.core.db.scope import current_school_id
from portal.core.http.access import Actor
from portal.core.http.languages import _l
from portal.learners.record.labels import LABELS
from portal.learners.record.models import Learner
from portal.learners.trajectories.labels import LABELS as TRAJECTORY_LABELS
from portal.learners.trajectories.models import Act, Funding, Trajectory
from portal.policy.queries import current_policy
from portal.policy.schema import Policy

Lacks = Callable[[date], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Something that a record must have.

    `fields` are those of which one must be filled in, as `table.column`; `is_lacking` says on a day of a learner, or
    with `of_trajectory` of one of her trajectories, that none is.
    """

    fields: tuple[str, ...]
    category: str
    label: LazyString
    is_lacking: Lacks
    of_trajectory: bool = False

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return self.fields[0].replace(".", "_")

    def is_asked(self, policy: Policy) -> bool:
        """Say whether the school keeps it, and keeps it without asking for consent: nobody must give that.

        The BSN is asked where the policy lets a trajectory that reports to the government have one, and nowhere else.
        """
        kept = [field for field in self.fields if policy.allows(field) and policy.consent_for_field(field) is None]
        if "learner.bsn" in kept:
            return policy.needs_reporting_trajectory("learner.bsn")
        return bool(kept)


def _of_trajectory(column: str, when: ColumnElement[bool]) -> Requirement:
    return Requirement(
        fields=(f"trajectory.{column}",),
        category="trajectory",
        label=TRAJECTORY_LABELS[column],
        is_lacking=lambda _day: and_(when, getattr(Trajectory, column).is_(None)),
        of_trajectory=True,
    )


def _lacks_bsn(day: date) -> ColumnElement[bool]:
    """Say of a learner that she has none while a trajectory of hers reports to the government with it (Wi2021, 36)."""
    reporting = select(Trajectory.learner_id).where(
        Trajectory.school_id == current_school_id(), Trajectory.reports_to_government, Trajectory.lasts_until(day)
    )
    return and_(Learner.bsn.is_(None), Learner.id.in_(reporting))


_BY_CLIENT = Trajectory.funding.in_([Funding.MUNICIPALITY, Funding.EMPLOYER])
_BY_CONTRACT = or_(Trajectory.reports_to_government, _BY_CLIENT, Trajectory.funding == Funding.DUO_LOAN)

REQUIREMENTS = (
    Requirement(
        fields=("learner.birth_date",),
        category="birth",
        label=LABELS["birth_date"],
        is_lacking=lambda _day: and_(Learner.birth_date.is_(None)),
    ),
    Requirement(
        fields=("learner.email", "learner.phone"),
        category="contact",
        label=_l("E-mail of telefoon"),
        is_lacking=lambda _day: and_(Learner.email.is_(None), Learner.phone.is_(None)),
    ),
    Requirement(fields=("learner.bsn",), category="bsn", label=LABELS["bsn"], is_lacking=_lacks_bsn),
    _of_trajectory("funding", and_(Trajectory.reports_to_government)),
    _of_trajectory("target_group", and_(Trajectory.reports_to_government)),
    _of_trajectory("route", and_(Trajectory.reports_to_government, Trajectory.act == Act.WI2021)),
    _of_trajectory("client_id", _BY_CLIENT),
    _of_trajectory("agreement_on", _BY_CONTRACT),
    _of_trajectory("contract_number", _BY_CONTRACT),
    _of_trajectory("hours_bought", and_(Trajectory.funding == Funding.DUO_LOAN)),
)
"""Of everybody her age, which decides who consents for her, and a way to reach her; of a trajectory that others pay or
that is reported what its contract and that report hold: who pays, who is told what, agreement, contract, hours."""


def requirements_for(by: Actor) -> list[Requirement]:
    """Return what records of this school must have, in the categories that this person sees."""
    policy = current_policy()
    return [each for each in REQUIREMENTS if each.category in by.sees and each.is_asked(policy)]
