"""Writing down what went to somebody by another way than a file for a recipient of the policy."""

from datetime import date
from uuid import UUID

from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState, FileFormat
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

_MOST_RECIPIENT = 60


def record_given(
    *,
    recipient: str,
    purpose: str,
    learner_id: UUID,
    day: date,
    fields: list[str],
    digest: bytes | None,
    by: Actor,
) -> Disclosure:
    """Note that a learner's data went to somebody whom she named herself, so that she sees it among her disclosures.

    `purpose` says by which right; it stands in the place of a template, too. Raises Conflict without a policy.
    """
    policy, version = current_policy(), current_school().policy_version_id
    if version is None:
        raise Conflict("no_policy")
    disclosure = Disclosure(
        recipient=recipient[:_MOST_RECIPIENT],
        template=purpose,
        purpose=purpose,
        categories=list(dict.fromkeys(held.key for each in fields if (held := policy.category_of(each)) is not None)),
        fields=fields,
        starts_on=day,
        ends_on=day,
        format=FileFormat.CSV,
        state=DisclosureState.DISCLOSED,
        left_out={},
        policy_version_id=version,
        file_digest=digest,
        made_by=by.account_id,
        made_by_name=by.name,
        made_at=now(),
        first_downloaded_at=now(),
    )
    session.add(disclosure)
    session.flush()
    session.add(DisclosureLearner(disclosure_id=disclosure.id, learner_id=learner_id))
    session.flush()
    return disclosure
