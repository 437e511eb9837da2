"""Whether a school may keep a value at all: its policy, and the conditions that the policy puts on a field."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.languages import comma, language
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.learners.record.ages import is_child, is_minor_on
from portal.learners.record.labels import CATEGORIES, SOURCES
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.queries import current_policy, known_fields
from portal.policy.schema import Policy
from portal.policy.schema.categories import Purpose

# Called with learners and the scope of who asks; returns for each of them who is within reach the purposes she
# consented to, and whether a representative did so for her.
ConsentLookup = Callable[[Sequence[UUID], Scope], Mapping[UUID, Mapping[str, bool]]]
CONSENTS_IN_FORCE: Port[ConsentLookup] = Port("learners.consents_in_force")


@dataclass(frozen=True)
class Facts:
    """What the conditions ask about one learner. The defaults are those of one who is only now added.

    Whoever is added is told to ask for consent first, which is refused to who isn't a minor.
    """

    is_child: bool = False
    is_minor: bool = True
    has_reporting_trajectory: bool = False
    consents: Mapping[str, bool] = field(default_factory=dict)
    grounds: Mapping[str, str] = field(default_factory=dict)


def facts_of(learner_ids: Sequence[UUID], fields: Iterable[str], scope: Scope) -> dict[UUID, Facts]:
    """Return the facts about learners within reach that conditions on these fields ask; what none asks isn't read."""
    policy = current_policy()
    keys = list(fields)
    reporting = _reporting(learner_ids, scope) if any(map(policy.needs_reporting_trajectory, keys)) else frozenset()
    grounds = _grounds(learner_ids, scope) if any(map(policy.needs_ground, keys)) else {}
    rests_on_consent = any(policy.consent_for_field(key) for key in keys)
    consents = CONSENTS_IN_FORCE.only(learner_ids, scope) if rests_on_consent else {}
    born = _birth_dates(learner_ids, scope) if rests_on_consent else {}
    return {
        each: Facts(
            is_child=is_child(born.get(each)),
            is_minor=is_minor_on(today(), born.get(each)),
            has_reporting_trajectory=each in reporting,
            consents=consents.get(each, {}),
            grounds=grounds.get(each, {}),
        )
        for each in learner_ids
    }


def refusals(
    values: Mapping[str, Any], facts: Facts, grounds: Mapping[str, str] | None = None, *, source: Source | None
) -> Iterator[Invalid]:
    """Yield why each of these values (by field key) may not be kept; an empty value may always be stored.

    `grounds` are those given with the values. `source` is from whom the school has them; None where a learner has her
    own data corrected, which her policy's origins don't keep from her (GDPR art. 16).
    """
    policy = current_policy()
    for key, value in values.items():
        if value is None:
            continue
        refusal = _refusal(policy, key, facts, {**facts.grounds, **(grounds or {})}) or _of_origin(policy, key, source)
        if refusal is not None:
            yield refusal


def may_come_from(policy: Policy, key: str, source: Source) -> bool:
    """Say whether the school may have a value of this field from there: its category lists it as an origin (LL-04)."""
    category = policy.category_of(key)
    return category is None or source.value in category.origins


def usual_source(policy: Policy, category: str) -> Source:
    """Return from whom the school has a category unless it says so: itself, or the first that the policy lists."""
    kept = policy.category(category)
    origins = kept.origins if kept is not None else ()
    return Source.SCHOOL if not origins or Source.SCHOOL.value in origins else Source(origins[0])


def source_taken_over(policy: Policy, key: str) -> Source:
    """Return the source of what a learner said and the school took over: hers, or a finding that stays the school's."""
    return Source.LEARNER if may_come_from(policy, key, Source.LEARNER) else Source.SCHOOL


def _of_origin(policy: Policy, key: str, source: Source | None) -> Invalid | None:
    category = policy.category_of(key)
    if source is None or category is None or may_come_from(policy, key, source):
        return None
    return Invalid(key, "other_origin", origins=comma().join(str(SOURCES[Source(each)]) for each in category.origins))


def _refusal(policy: Policy, key: str, facts: Facts, grounds: Mapping[str, str]) -> Invalid | None:
    if not policy.allows(key):
        return Invalid(key, "not_in_policy", category=category_name(policy, key))
    if policy.needs_reporting_trajectory(key) and not facts.has_reporting_trajectory:
        return Invalid(key, "needs_reporting_trajectory")
    if policy.needs_ground(key) and not (grounds.get(key) or "").strip():
        return Invalid(key, "needs_ground")
    purpose = policy.consent_for_field(key)
    return _refusal_without_consent(policy, key, policy.purpose(purpose), facts) if purpose is not None else None


def _refusal_without_consent(policy: Policy, key: str, purpose: Purpose, facts: Facts) -> Invalid | None:
    if purpose.key not in facts.consents:
        if not purpose.is_about(is_minor=facts.is_minor):
            return Invalid(key, "of_a_child")
        return Invalid(key, "needs_consent", purpose=str(policy.text(purpose.title, language())))
    if facts.is_child and not facts.consents[purpose.key]:
        return Invalid(key, "needs_parent")
    return None


def category_name(policy: Policy, key: str) -> str:
    """Return what a field's category is called: by the school where it keeps any of it, else by the portal."""
    known = known_fields()[key]
    category = policy.category(known)
    return str(policy.text(category.title, language())) if category is not None else str(CATEGORIES[known])


def is_conditional(policy: Policy, key: str) -> bool:
    """Say whether a field has a condition that can lapse: then its values are nowhere kept but in the field itself."""
    return bool(policy.conditions_of(key)) or policy.consent_for_field(key) is not None


def _reporting(learner_ids: Sequence[UUID], scope: Scope) -> frozenset[UUID]:
    """Those with a trajectory that reports to the government and hasn't ended (MN-04)."""
    return frozenset(
        session.scalars(
            select(Trajectory.learner_id).where(
                Trajectory.school_id == current_school_id(),
                Trajectory.learner_id.in_(learner_ids),
                reaches_learner(scope, Trajectory.learner_id),
                Trajectory.reports_to_government,
                Trajectory.lasts_until(today()),
            )
        )
    )


def _grounds(learner_ids: Sequence[UUID], scope: Scope) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for row in session.execute(
        select(FieldOrigin.learner_id, FieldOrigin.field, FieldOrigin.ground).where(
            FieldOrigin.school_id == current_school_id(),
            FieldOrigin.learner_id.in_(learner_ids),
            reaches_learner(scope, FieldOrigin.learner_id),
            FieldOrigin.ground.is_not(None),
        )
    ):
        found.setdefault(row.learner_id, {})[row.field] = row.ground
    return found


def is_free(policy: Policy, key: str, source: Source) -> bool:
    """Say whether the school may keep any value of a field that comes from there, whoever it is about."""
    return policy.allows(key) and not is_conditional(policy, key) and may_come_from(policy, key, source)


def _birth_dates(learner_ids: Sequence[UUID], scope: Scope) -> dict[UUID, date | None]:
    rows = session.execute(
        select(Learner.id, Learner.birth_date).where(
            Learner.school_id == current_school_id(), Learner.id.in_(learner_ids), reaches_learner(scope)
        )
    )
    return {row.id: row.birth_date for row in rows}
