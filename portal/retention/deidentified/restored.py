"""What a restored database must keep of whom it erases again: the sums without names that were made since (LB-13)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from portal.core.clock import today
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy, find_policy
from portal.retention.deidentified.services import deidentify, kept_until
from portal.retention.deidentified.sums import ending_of
from portal.retention.ends.queries import list_ends


def deidentify_again(
    kind: PersonKind, ids: Sequence[UUID], categories: Collection[str] | None, ended: EndingsSince
) -> None:
    """Keep anew, in a database put back from a backup, what was kept without names of these since; then they go."""
    if kind is not PersonKind.LEARNER or find_policy() is None:
        return
    for category in current_policy().categories if categories is None else map(current_policy().category, categories):
        if category is None or kept_until(category.key, today()) is None:
            continue
        marked = {ending_of(each, category.key): each for each in ids}
        those = [marked[each] for each in ended.among(Ending.ERASURE, marked)]
        if those:
            ends = {each.person_id: each.ends.get(category.key) for each in list_ends(kind, those, today(), SYSTEM)}
            over_on = {each: end for each, end in ends.items() if end is not None}
            deidentify(category.key, over_on, scope=SYSTEM)
