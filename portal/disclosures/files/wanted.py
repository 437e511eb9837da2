"""What a file is to hold, and conditions on a learner that follow: in its period, of its courses, for its client."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select

from portal.courses.models import Course, LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.schema import Policy
from portal.policy.schema.recipients import Template
from portal.purposes.statutes.queries import is_owed


@dataclass(frozen=True)
class Wanted:
    """What a file is to hold: a template of the policy, a period (both days count), and the client where one pays."""

    template: Template
    starts_on: date
    ends_on: date
    client_id: UUID | None
    is_of_minors: bool
    """Whether its purpose concerns learners under 18 alone."""
    is_statutory: bool
    """Whether a statute asks for it: then a mark that its learner contests is in it, marked as such; else it isn't."""


def wanted_for(policy: Policy, template: Template, starts_on: date, ends_on: date, client_id: UUID | None) -> Wanted:
    """Return what a file of this template is to hold."""
    return Wanted(
        template,
        starts_on,
        ends_on,
        client_id,
        is_of_minors=not policy.purpose(template.purpose).is_about(is_minor=False),
        is_statutory=policy.purpose(template.purpose).is_statutory,
    )


def overlaps(table: type[Enrolment] | type[Trajectory], wanted: Wanted) -> ColumnElement[bool]:
    """Say of an enrolment or trajectory that it was there on a day of the period."""
    return and_(table.starts_on <= wanted.ends_on, table.lasts_until(wanted.starts_on))


def has_trajectory(wanted: Wanted, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say of a learner that she has a trajectory in the period for which these hold."""
    return exists().where(
        Trajectory.school_id == Learner.school_id,
        Trajectory.learner_id == Learner.id,
        overlaps(Trajectory, wanted),
        *conditions,
    )


def follows(wanted: Wanted) -> ColumnElement[bool]:
    """Say of a learner that she is in a group of a course for which the file is made, in its period."""
    names = [name.casefold() for name in wanted.template.courses]
    in_group = (LearnerGroup.school_id == Enrolment.school_id) & (LearnerGroup.id == Enrolment.group_id)
    of_course = (Course.school_id == LearnerGroup.school_id) & (Course.id == LearnerGroup.course_id)
    return exists(
        select(Enrolment.id)
        .join(LearnerGroup, in_group)
        .join(Course, of_course)
        .where(
            Enrolment.school_id == Learner.school_id,
            Enrolment.learner_id == Learner.id,
            overlaps(Enrolment, wanted),
            func.lower(Course.name).in_(names),
        )
        .correlate(Learner)
    )


def is_owed_to_client(wanted: Wanted) -> ColumnElement[bool] | None:
    """Say of a learner that an act has the client hear of her; None where none does."""
    return is_owed(wanted.template.purpose, Learner.id.expression, wanted.client_id, wanted.starts_on, wanted.ends_on)
