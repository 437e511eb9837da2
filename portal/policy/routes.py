"""The public statement of a school, made from the policy that it works by, the versions before it and the next one."""

from flask import Response, current_app, url_for

from portal.core.http.access import public
from portal.core.http.pages import page
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.announcements.queries import announced_policy, describe, find_waiting
from portal.policy.blueprint import blueprint
from portal.policy.cookies import cookies_of
from portal.policy.labels import FINDINGS, MASKS, ORIGINS, labels_of_whole
from portal.policy.models import PolicyVersion
from portal.policy.presenters import texts_of
from portal.policy.public_figures import PUBLIC_FIGURES
from portal.policy.queries import current_policy, find_before, find_version, get_version, list_versions, policy_of
from portal.policy.schema import Policy
from portal.policy.schema.differences import differences
from portal.schools.queries import current_school


@blueprint.get("/privacy")
@public
def statement() -> Response:
    """Show the statement in force, with the one that is announced."""
    policy = current_policy()
    return _statement(policy, get_version(policy.version), find_waiting())


@blueprint.get("/privacy/<version>")
@public
def statement_version(version: str) -> Response:
    """Show the statement as it was in a version, or will be in the one that is announced."""
    waiting = find_waiting()
    if waiting is not None and waiting.version == version and find_version(version) is None:
        return _statement(announced_policy(waiting), waiting, waiting)
    row = get_version(version)
    return _statement(policy_of(row), row, waiting)


def _statement(
    policy: Policy, row: PolicyVersion | PolicyAnnouncement, announced: PolicyAnnouncement | None
) -> Response:
    if isinstance(row, PolicyAnnouncement):
        before: PolicyVersion | None = get_version(current_policy().version)
        changes = describe(row).changes
    else:
        before = find_before(row)
        changes = differences(policy_of(before), policy) if before is not None else []
    return page(
        "policy/statement.html",
        policy=policy,
        version=row,
        versions=list_versions(),
        before=before,
        changes=changes,
        announced=announced,
        is_announced=row is announced,
        contestable=[FINDINGS[feature] for feature in FINDINGS if policy.feature(feature)],
        labels_of_whole=labels_of_whole,
        origins=ORIGINS,
        masks=MASKS,
        cookies=cookies_of(current_app),
        figures=PUBLIC_FIGURES.only() if row.id == current_school().policy_version_id else None,
        statement_url=url_for("policy.statement"),
        **texts_of(policy),
    )
