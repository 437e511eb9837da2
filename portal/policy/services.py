"""Publishing a policy: from then on the school works by it."""

from pathlib import Path

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.policy.announcements.queries import find_waiting
from portal.policy.announcements.services import describe_change, send_notice_of
from portal.policy.models import PolicyVersion
from portal.policy.queries import find_policy, find_version, known_fields, policy_of
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.comparison import compare
from portal.policy.schema.composition import BASE_FILE
from portal.policy.versions.services import put_in_force, store_version
from portal.schools.queries import current_school

SHIPPED = Path(__file__).parent / "policies"


def publish_policy(
    text: str, *, by: Actor, name: str = "policy", is_important: bool = False, summary: str | None = None
) -> PolicyVersion:
    """Check the text of a policy file and put it in force at the school in scope; returns the version.

    The version is stored whole: a base that changes later changes nothing at the school. Publishing a file that means
    the same again changes nothing. It is important where its changes are; `is_important` can only make it so. Where
    the policy so far says that people are told after, or consents lapse, its notice goes out (MN-19).

    Raises PolicyMistakes for a file that has any, and Conflict: `policy_version_taken` where this version was published
    with another meaning, `policy_not_yet_in_force` where its day is still ahead, `announced_already` while another
    version waits for its day, and `notice_first` where its change is important and the policy so far says that people
    are told before (LL-01).
    """
    policy = read_policy(text, known_fields(), name=name)
    existing = find_version(policy.version)
    if existing is not None and compare(policy_of(existing), policy):
        raise Conflict("policy_version_taken", version=policy.version)
    if policy.in_force_on is not None and policy.in_force_on > today():
        raise Conflict("policy_not_yet_in_force", in_force_on=policy.in_force_on.isoformat())
    older = find_policy()
    if older is None or (existing is not None and existing.id == current_school().policy_version_id):
        row = existing or _store(policy, text, is_important=is_important, summary=summary, by=by)
        put_in_force(row, policy, by=by)
        return row
    waiting = find_waiting(lock=True)
    if waiting is not None:
        raise Conflict("announced_already", version=waiting.version)
    change = describe_change(policy, text, in_force_on=today(), important=is_important, summary=summary, by=by)
    if change.is_important and older.changes.told == "told_before":
        raise Conflict("notice_first")
    row = existing or _store(policy, text, is_important=change.is_important, summary=summary, by=by)
    put_in_force(row, policy, by=by)
    if change.is_important and (older.changes.told == "told_after" or change.asked_anew):
        send_notice_of(change, row)
    return row


def _store(policy: Policy, text: str, *, is_important: bool, summary: str | None, by: Actor) -> PolicyVersion:
    day = policy.in_force_on or today()
    return store_version(policy, text, in_force_on=day, is_important=is_important, summary=summary, by=by)


def shipped_files() -> list[Path]:
    """Return the policy files that come with the portal, one for each school of the demo."""
    return sorted(set(SHIPPED.glob("*.toml")) - {BASE_FILE})


def publish_shipped_policy(slug: str) -> PolicyVersion:
    """Publish one of the five policies that come with the portal; raises NotFound for another slug."""
    path = SHIPPED / f"{slug}.toml"
    if path not in shipped_files():
        raise NotFound("policy", slug=slug, school=str(current_school_id()))
    return publish_policy(path.read_text("utf-8"), by=PORTAL, name=path.name)
