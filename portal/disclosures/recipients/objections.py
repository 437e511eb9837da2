"""After an objection: files for that purpose that were not fetched are void, and made anew without her (ST-09)."""

from uuid import UUID

from portal.core.http.access import Actor
from portal.disclosures.models import DisclosureState
from portal.disclosures.recipients.withdrawals import files_with, make_anew
from portal.purposes.objections.queries import get_objection


def void_objected(objection_id: UUID, *, by: Actor) -> int:
    """Void and remake the files that weren't fetched and hold whoever objected; returns how many.

    Safe to run again: a file that is void is left alone, as is one whose objection ended since.
    """
    objection = get_objection(objection_id, by.scope)
    if not objection.is_in_force:
        return 0
    void = files_with(objection.learner_id, objection.purpose, DisclosureState.READY)
    for disclosure in void:
        make_anew(disclosure)
    return len(void)
