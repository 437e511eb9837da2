"""After a consent lapsed: files made under it that nobody fetched are void; those that were aren't given again."""

from uuid import UUID

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.disclosures.files.production import remove_content
from portal.disclosures.models import DisclosureState
from portal.disclosures.recipients.withdrawals import files_with, make_anew
from portal.learners.scope.queries import is_in_reach
from portal.purposes.models import Consent


def void_lapsed(consent_id: UUID, *, by: Actor) -> int:
    """Void and remake the files for the purpose of a lapsed consent that hold its learner; returns how many.

    Safe to run again, and where she said yes herself since: what was made before that was made under the old one.
    """
    consent = session.get(Consent, (current_school_id(), consent_id))
    if consent is None or not is_in_reach(consent.learner_id, by.scope):
        raise NotFound("consent")
    void = files_with(consent.learner_id, consent.purpose, DisclosureState.READY, DisclosureState.DISCLOSED)
    for disclosure in void:
        if consent.ended_at is None or disclosure.made_at > consent.ended_at:
            continue
        if disclosure.state is DisclosureState.READY:
            make_anew(disclosure)
        else:
            remove_content(disclosure)
    return len(void)
