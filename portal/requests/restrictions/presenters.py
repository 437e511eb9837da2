"""What the desk's page of a restriction says beyond its row: what of her it shows on a ground that was recorded."""

from dataclasses import replace
from datetime import date

from portal.core.clock import local, today
from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.policy.queries import current_policy
from portal.purposes.restrictions.models import Restriction, RestrictionUse
from portal.purposes.restrictions.queries import list_uses
from portal.requests.copies.contents.assembly import Contents
from portal.requests.copies.presenters import present_held
from portal.requests.data_requests.models import DataRequest


def find_use_of_today(restriction: Restriction, by: Actor) -> RestrictionUse | None:
    """Return the latest use of a restriction in force that this person recorded today; None where there is none."""
    if not restriction.is_in_force:
        return None
    for use in list_uses(restriction.learner_id, by.scope):
        is_hers = use.used_by is not None and use.used_by == by.account_id
        if is_hers and use.restriction_id == restriction.id and _day(use) == today():
            return use
    return None


def _day(use: RestrictionUse) -> date:
    return local(use.used_at).date()


def present_used(restriction: Restriction, by: Actor) -> Contents:
    """Return what a restriction hides of her, for who recorded a ground to use it; she is revealed by then."""
    held = present_held(DataRequest(learner_id=restriction.learner_id), by)
    if restriction.is_whole:
        return held
    hidden = [each for each in held.categories if each.key in restriction.categories]
    return replace(held, categories=hidden, looks=[], given=[], signed=[])


def title_of_recipient(recipient: str) -> str:
    """Return what the policy calls a recipient, in the language of the page; else its key."""
    policy = current_policy()
    titles = {each.key: str(policy.text(each.title, language())) for each in policy.recipients}
    return titles.get(recipient, recipient)
