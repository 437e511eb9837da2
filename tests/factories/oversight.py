"""Reviews of access, for tests."""

from datetime import timedelta
from typing import Any

from portal.accounts.actors import actor_of
from portal.core.clock import now
from portal.core.http.access import Actor
from portal.oversight.access_reviews.models import AccessReview, Measure
from portal.oversight.access_reviews.queries import list_people
from portal.oversight.access_reviews.services import Attested, Decision, sign_review
from portal.oversight.incidents.models import Incident, IncidentKind
from portal.oversight.incidents.services import IncidentFacts, record_incident
from tests.signing_in import make_account

IN_PLACE = {measure: Attested(is_in_place=True) for measure in Measure}


def make_incident(**facts: Any) -> Incident:
    """Write down an incident that came to light an hour ago unless `aware_at` is given, in the school in scope."""
    given = {"title": "Laptop kwijt", "kind": IncidentKind.LOST, "body": "Een laptop is kwijt."} | facts
    aware_at = given.pop("aware_at", now() - timedelta(hours=1))
    return record_incident(IncidentFacts(aware_at=aware_at, **given), by=make_manager())


def make_manager(name: str = "Dina Bos") -> Actor:
    """Return somebody of the management, in the school in scope."""
    account = make_account(name, "management")
    return actor_of(account.id, account.name, frozenset({"management"}))


def make_review(by: Actor | None = None) -> AccessReview:
    """Sign that everybody keeps her roles and each measure is in place, in the school in scope."""
    by = by or make_manager()
    people = list_people()
    decisions = {(held.account_id, held.role): Decision(stays=True) for person in people for held in person.roles}
    return sign_review(decisions, IN_PLACE, seen=keys_of_all(), by=by)


def keys_of_all() -> str:
    """Return what the form remembers of the roles that there are."""
    return " ".join(held.key for person in list_people() for held in person.roles)


def filled_in(**changes: str) -> dict[str, str]:
    """Return the form as who keeps everybody fills it in; `changes` are other answers by the name of the input."""
    roles = {
        f"{held.account_id}-{held.role.value}-decision": "blijft" for person in list_people() for held in person.roles
    }
    measures = {f"{measure.value}-answer": "ja" for measure in Measure}
    return {"seen": keys_of_all(), "confirmed": "y", **roles, **measures, **changes}
