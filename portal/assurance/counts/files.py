"""Counts of files that left the school: by the policy, with consent, against no objection, to whom it agreed with."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from portal.assurance.counts.rows import count_rows, day_of
from portal.assurance.figures.keys import Count
from portal.core.clock import now
from portal.core.crypto.files import StoredFile
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.learners.trajectories.models import Trajectory
from portal.policy.models import PolicyVersion
from portal.policy.queries import policy_of
from portal.policy.schema import Policy
from portal.policy.schema.recipients import Recipient
from portal.purposes.models import Consent
from portal.purposes.objections.models import Objection
from portal.purposes.restrictions.models import Restriction, RestrictionUse
from portal.purposes.statutes.queries import client_purposes, was_owed

_LEFT = (DisclosureState.DISCLOSED, DisclosureState.GONE)
_GIVEN = and_(Disclosure.state.in_(_LEFT), Disclosure.first_downloaded_at.is_not(None))
"""A file counts from its first download."""
_SWEPT = timedelta(hours=1)


def _kinds_of_files() -> list[Any]:
    """Return how many files of each kind were given: by version, recipient, template, purpose and categories."""
    kind = (
        Disclosure.policy_version_id,
        Disclosure.recipient,
        Disclosure.template,
        Disclosure.purpose,
        Disclosure.categories,
    )
    here = Disclosure.school_id == current_school_id()
    return list(session.execute(select(*kind, func.count().label("files")).where(here, _GIVEN).group_by(*kind)))


def _policy_of(version_id: Any) -> Policy | None:
    version = session.get(PolicyVersion, (current_school_id(), version_id))
    return policy_of(version) if version is not None else None


def count_files_by_policy(_policy: Policy, _subject: str) -> Count:
    """Return how many files had recipient, purpose and categories that their policy puts together (LB-03, LB-04)."""
    kinds = _kinds_of_files()
    return Count(sum(each.files for each in kinds if _is_by_policy(each)), sum(each.files for each in kinds))


def _is_by_policy(kind: Any) -> bool:
    policy = _policy_of(kind.policy_version_id)
    if policy is None or kind.template not in {each.key for each in policy.templates}:
        return False
    template, recipient = policy.template(kind.template), policy.recipient(kind.recipient)
    natures = {nature for never in policy.sharing.never for nature in never.natures}
    serve = all(kind.purpose in _purposes_of(policy, each) for each in kind.categories)
    fits = template.recipient == recipient.key and template.purpose == kind.purpose
    return fits and kind.purpose in recipient.purposes and serve and policy.purpose(kind.purpose).nature not in natures


def _purposes_of(policy: Policy, category: str) -> tuple[str, ...]:
    found = policy.category(category)
    return found.purposes if found is not None else ()


def count_files_with_consent(policy: Policy, _subject: str) -> Count:
    """Return how many learners in files that ask consent had one in force when the file was made and given (LB-09).

    Or of how many a law had the school tell that client.
    """
    purposes = [purpose.key for purpose in policy.consent_purposes()]
    consented = exists().where(
        Consent.school_id == Disclosure.school_id,
        Consent.learner_id == DisclosureLearner.learner_id,
        Consent.purpose == Disclosure.purpose,
        Consent.is_yes,
        Consent.given_at <= Disclosure.made_at,
        or_(Consent.is_in_force, Consent.ended_at >= Disclosure.first_downloaded_at),
    )
    return _of_learners(Disclosure.purpose.in_(purposes), or_(consented, _was_owed(policy)))


def _was_owed(policy: Policy) -> ColumnElement[bool]:
    """Say of a learner in a file that a law had the school give it to its client, without a yes and against a no."""
    owed = was_owed(
        DisclosureLearner.learner_id.expression,
        Disclosure.client_id.expression,
        Disclosure.starts_on,
        Disclosure.ends_on,
        given_on=day_of(Disclosure.first_downloaded_at),
    )
    return and_(Disclosure.purpose.in_(client_purposes(policy)), owed)


def count_files_of_client(_policy: Policy, _subject: str) -> Count:
    """Return how many learners in a client's files have a trajectory that this client pays (MN-08)."""
    paid = exists().where(
        Trajectory.school_id == Disclosure.school_id,
        Trajectory.learner_id == DisclosureLearner.learner_id,
        Trajectory.client_id == Disclosure.client_id,
    )
    return _of_learners(Disclosure.client_id.is_not(None), paid)


def _of_learners(among: ColumnElement[bool], good: ColumnElement[bool]) -> Count:
    same = and_(DisclosureLearner.school_id == Disclosure.school_id, DisclosureLearner.disclosure_id == Disclosure.id)
    row = session.execute(
        select(func.count().filter(good), func.count())
        .select_from(DisclosureLearner)
        .join(Disclosure, same)
        .where(Disclosure.school_id == current_school_id(), _GIVEN, among)
    ).one()
    return Count(row[0], row[1])


def count_logged_files(_policy: Policy, _subject: str) -> Count:
    """Return at how many files it stands who made them; for what and of whom, each row says (MN-14)."""
    return count_rows(Disclosure, _GIVEN, Disclosure.made_by_name != "")


def count_gone_files(_policy: Policy, _subject: str) -> Count:
    """Return how many files past their term are gone; the sweep comes by every ten minutes."""
    past = now() - _SWEPT > StoredFile.expires_at
    return count_rows(StoredFile, past, StoredFile.gone_at.is_not(None))


def count_kept_objections(policy: Policy, _subject: str) -> Count:
    """Return against how many objections in force no file was made with her in it (ST-09), but for what a law asks."""
    same = and_(DisclosureLearner.disclosure_id == Disclosure.id, DisclosureLearner.school_id == Disclosure.school_id)
    made = (
        select(Disclosure.id)
        .join(DisclosureLearner, same)
        .where(
            Disclosure.school_id == Objection.school_id,
            DisclosureLearner.learner_id == Objection.learner_id,
            Disclosure.purpose == Objection.purpose,
            Disclosure.made_at >= Objection.made_at,
            _GIVEN,
            not_(_was_owed(policy)),
        )
    )
    return count_rows(Objection, Objection.is_in_force, not_(made.exists()))


def count_kept_restrictions(_policy: Policy, _subject: str) -> Count:
    """Return of how many restrictions no file was given meanwhile with what is restricted, but for a recorded use.

    A use is for a file where whoever made it recorded its ground that day, before it was made.
    """
    same = and_(DisclosureLearner.disclosure_id == Disclosure.id, DisclosureLearner.school_id == Disclosure.school_id)
    used = exists().where(
        RestrictionUse.school_id == Restriction.school_id,
        RestrictionUse.restriction_id == Restriction.id,
        RestrictionUse.used_by == Disclosure.made_by,
        RestrictionUse.used_at <= Disclosure.made_at,
        day_of(RestrictionUse.used_at) == day_of(Disclosure.made_at),
    )
    whole = func.cardinality(Restriction.categories) == 0
    given = (
        select(Disclosure.id)
        .join(DisclosureLearner, same)
        .where(
            Disclosure.school_id == Restriction.school_id,
            DisclosureLearner.learner_id == Restriction.learner_id,
            Disclosure.first_downloaded_at >= Restriction.started_at,
            or_(Restriction.is_in_force, Disclosure.first_downloaded_at < Restriction.lifted_at),
            or_(whole, Disclosure.categories.bool_op("&&")(Restriction.categories)),
            _GIVEN,
            not_(used),
        )
    )
    return count_rows(Restriction, Restriction.id.is_not(None), not_(given.exists()))


def _recipients_that_got(policy: Policy) -> list[Recipient]:
    got = set(
        session.scalars(
            select(Disclosure.recipient).where(Disclosure.school_id == current_school_id(), _GIVEN).distinct()
        )
    )
    return [each for each in policy.recipients if each.key in got]


def count_agreed_recipients(policy: Policy, _subject: str) -> Count:
    """Return with how many recipients that were given files the policy lets the school share (OP-08, LL-15)."""
    given = _recipients_that_got(policy)
    return Count(sum(policy.is_usable(each) for each in given), len(given))


def count_recipients_in_country(policy: Policy, _subject: str) -> Count:
    """Return how many recipients that were given files are in the EEA, or have a ground outside it (LL-16, ST-06)."""
    given = _recipients_that_got(policy)
    needs = policy.sharing.outside_eea
    fine = [each for each in given if each.is_in_eea or (needs == "with_safeguard" and each.safeguard is not None)]
    return Count(len(fine), len(given))
