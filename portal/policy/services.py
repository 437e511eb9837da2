"""Publishing a policy: from then on the school works by it."""

from pathlib import Path

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.policy.models import PolicyVersion
from portal.policy.queries import find_version, known_fields, policy_of
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.comparison import compare
from portal.policy.schema.composition import BASE_FILE
from portal.schools.services import follow_policy

SHIPPED = Path(__file__).parent / "policies"


def publish_policy(
    text: str, *, by: Actor, name: str = "policy", is_important: bool = False, summary: str | None = None
) -> PolicyVersion:
    """Check the text of a policy file and put it in force at the school in scope; returns the version.

    The version is stored whole: a base that changes later changes nothing at the school. Publishing a file that means
    the same again changes nothing. Raises PolicyMistakes for a file that has any, and Conflict where this version was
    published with another meaning, or its day of coming into force is still ahead.
    """
    policy = read_policy(text, known_fields(), name=name)
    existing = find_version(policy.version)
    if existing is not None and compare(policy_of(existing), policy):
        raise Conflict("policy_version_taken", version=policy.version)
    if policy.in_force_on is not None and policy.in_force_on > today():
        raise Conflict("policy_not_yet_in_force", in_force_on=policy.in_force_on.isoformat())
    row = existing or _store(policy, text, by=by, is_important=is_important, summary=summary)
    changed = follow_policy(
        row.id, idle_minutes=policy.security.idle_minutes, second_factor=frozenset(policy.security.second_factor)
    )
    if changed:
        audit.record(
            "policy.published",
            subject=("policy_version", row.id),
            facts={"version": row.version, "is_important": row.is_important},
            by=by,
        )
    return row


def _store(policy: Policy, text: str, *, by: Actor, is_important: bool, summary: str | None) -> PolicyVersion:
    row = PolicyVersion(
        version=policy.version,
        in_force_on=policy.in_force_on or today(),
        source=text,
        parsed=policy.model_dump(mode="json", exclude_none=True),
        is_important=is_important,
        summary=summary,
        published_at=now(),
        published_by=by.account_id,
        published_by_name=by.name,
    )
    session.add(row)
    session.flush()
    return row


def shipped_files() -> list[Path]:
    """Return the policy files that come with the portal, one for each school of the demo."""
    return sorted(set(SHIPPED.glob("*.toml")) - {BASE_FILE})


def publish_shipped_policy(slug: str) -> PolicyVersion:
    """Publish one of the five policies that come with the portal; raises NotFound for another slug."""
    path = SHIPPED / f"{slug}.toml"
    if path not in shipped_files():
        raise NotFound("policy", slug=slug, school=str(current_school_id()))
    return publish_policy(path.read_text("utf-8"), by=PORTAL, name=path.name)
