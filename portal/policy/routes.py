"""The public statement of a school, made from the policy that it works by, and the versions before it."""

from flask import Blueprint, Response, current_app, url_for

from portal.core.http.access import public
from portal.core.http.languages import language
from portal.core.http.pages import page
from portal.policy.cookies import cookies_of
from portal.policy.labels import (
    BASES,
    CHANGED_NAMES,
    FINDINGS,
    MASKS,
    ORIGINS,
    RIGHTS,
    SECTIONS,
    labels_in,
    labels_of_whole,
    length_of,
)
from portal.policy.models import PolicyVersion
from portal.policy.queries import current_policy, find_before, get_version, list_versions, policy_of
from portal.policy.schema import LocalText, Policy, Text
from portal.policy.schema.differences import differences

blueprint = Blueprint("policy", __name__)


@blueprint.get("/privacy")
@public
def statement() -> Response:
    """Show the statement in force."""
    policy = current_policy()
    return _statement(policy, get_version(policy.version))


@blueprint.get("/privacy/<version>")
@public
def statement_version(version: str) -> Response:
    """Show the statement as it was in a version."""
    row = get_version(version)
    return _statement(policy_of(row), row)


def _statement(policy: Policy, row: PolicyVersion) -> Response:
    before = find_before(row)
    code = language()

    def localized(table: Text) -> LocalText:
        return policy.text(table, code)

    return page(
        "policy/statement.html",
        policy=policy,
        version=row,
        versions=list_versions(),
        before=before,
        changes=differences(policy_of(before), policy) if before is not None else [],
        localized=localized,
        labels_in=labels_in,
        contestable=[FINDINGS[feature] for feature in FINDINGS if policy.feature(feature)],
        labels_of_whole=labels_of_whole,
        length_of=length_of,
        bases=BASES,
        rights=RIGHTS,
        origins=ORIGINS,
        masks=MASKS,
        sections=SECTIONS,
        names=CHANGED_NAMES,
        untranslated=code not in policy.languages,
        cookies=cookies_of(current_app),
        statement_url=url_for("policy.statement"),
    )
