"""After a new version of the policy: files made under consents that it ended are void, and made anew (LL-01)."""

from sqlalchemy import select

from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.disclosures.files.production import remove_content
from portal.disclosures.models import Disclosure, DisclosureState
from portal.disclosures.recipients.withdrawals import make_anew
from portal.policy.models import PolicyVersion
from portal.policy.schema import Policy
from portal.policy.schema.importance import changed_consents, new_consents


def void_outdated(older: Policy, newer: Policy, _version: PolicyVersion, _by: Actor) -> None:
    """Void and remake the files that nobody fetched and that serve a purpose whose consent is another one now.

    Those that were fetched aren't given a second time. One that waits is made by the new version, or is void where
    that has no such file.
    """
    purposes = {*changed_consents(older, newer), *new_consents(older, newer)}
    offered = {template.key for template in newer.templates}
    with revealed():
        for disclosure in _open_files():
            if disclosure.state is DisclosureState.WAITING:
                if disclosure.template not in offered:
                    disclosure.state = DisclosureState.VOID
            elif disclosure.purpose in purposes and disclosure.state is DisclosureState.READY:
                make_anew(disclosure)
            elif disclosure.purpose in purposes:
                remove_content(disclosure)


def _open_files() -> list[Disclosure]:
    states = (DisclosureState.WAITING, DisclosureState.READY, DisclosureState.DISCLOSED)
    statement = select(Disclosure).where(Disclosure.school_id == current_school_id(), Disclosure.state.in_(states))
    locked = statement.order_by(Disclosure.made_at, Disclosure.id).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))
