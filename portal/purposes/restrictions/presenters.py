"""A learner's restrictions as she reads them: what stands still, since when, why, and what was used all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.accounts.council.queries import may_name_staff
from portal.core.clock import local
from portal.core.db.scope import is_restricted
from portal.core.http.languages import _, comma, language
from portal.core.http.scope import Scope
from portal.policy.queries import current_policy
from portal.purposes.restrictions.labels import GROUNDS, USE_GROUNDS
from portal.purposes.restrictions.models import Restriction, RestrictionUse
from portal.purposes.restrictions.queries import list_restrictions, list_uses


@dataclass(frozen=True, kw_only=True)
class RestrictionView:
    """What stands still since a day, and why; `is_ending`: the school said that it will use it again.

    `request_id`: the request by which it was asked, where it was by one.
    """

    id: UUID
    request_id: UUID | None
    is_whole: bool
    what: str
    since: date
    ground: str
    is_ending: bool


@dataclass(frozen=True, kw_only=True)
class UseView:
    """That what stands still was used on a day: by whom, for what, on which ground and why.

    A learner reads who it was where she reads names of staff at all; `name` is "" otherwise.
    """

    on: date
    name: str
    used_for: str
    ground: str
    why: str


@dataclass(frozen=True, kw_only=True)
class RestrictionsView:
    """What stands still of a learner, and each time it was used all the same, the latest first."""

    standing: list[RestrictionView]
    uses: list[UseView]

    @property
    def is_whole(self) -> bool:
        """Say whether all of hers stands still, so that her record opens for nobody at work."""
        return any(each.is_whole for each in self.standing)


def present_restrictions(learner_id: UUID, scope: Scope) -> RestrictionsView | None:
    """Return what stands still of a learner within reach; None, without a statement, where nothing does."""
    if not is_restricted(learner_id):
        return None
    return RestrictionsView(
        standing=[present_restriction(each) for each in list_restrictions(learner_id, scope)],
        uses=[
            _use(each, with_name=not scope.own_learner_id or may_name_staff()) for each in list_uses(learner_id, scope)
        ],
    )


def present_restrictions_by(request_id: UUID, learner_id: UUID, scope: Scope) -> list[RestrictionView]:
    """Return what stands still now by a request about a learner within reach; no statement where nothing does."""
    if not is_restricted(learner_id):
        return []
    return [
        present_restriction(each) for each in list_restrictions(learner_id, scope) if each.data_request_id == request_id
    ]


def present_uses(row: Restriction, scope: Scope) -> list[UseView]:
    """Return each time that what a restriction hides was used all the same, the latest first."""
    return [_use(each, with_name=True) for each in list_uses(row.learner_id, scope) if each.restriction_id == row.id]


def present_restriction(row: Restriction) -> RestrictionView:
    """Return what a restriction hides, since when and why, in the language of the page."""
    return RestrictionView(
        id=row.id,
        request_id=row.data_request_id,
        is_whole=row.is_whole,
        what=_("alle gegevens") if row.is_whole else comma().join(_titles(row.categories)),
        since=local(row.started_at).date(),
        ground=str(GROUNDS[row.ground]),
        is_ending=row.told_at is not None,
    )


def _titles(categories: Iterable[str]) -> list[str]:
    policy = current_policy()
    found: dict[str, str] = {each.key: policy.text(each.title, language()).text for each in policy.categories}
    return [found.get(category, category) for category in categories]


def _use(row: RestrictionUse, *, with_name: bool) -> UseView:
    return UseView(
        on=local(row.used_at).date(),
        name=row.used_by_name if with_name else "",
        used_for=row.used_for,
        ground=f"{USE_GROUNDS[row.ground]} ({row.article})" if row.article else str(USE_GROUNDS[row.ground]),
        why=row.why,
    )
