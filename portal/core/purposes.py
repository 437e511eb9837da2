"""Whether people's data may be used for a purpose now: the question, for mails and for what lies below `purposes`."""

from collections.abc import Callable, Collection
from uuid import UUID

from portal.core.db.scope import restricted_learners
from portal.core.http.scope import SYSTEM, Scope
from portal.core.ports import Port

CONTACT = "contact"
"""The category of how somebody is reached."""
CLOSED_TO: Port[Callable[[str, Collection[UUID], Scope], frozenset[UUID]]] = Port("core.closed_to")
"""Called with a purpose, learners and a scope: returns those within it whose data may not be used for it now."""


def closed_to(purpose: str | None, learner_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return whose data may not be used for a purpose now; nobody's where no purpose is named."""
    return CLOSED_TO.only(purpose, learner_ids, SYSTEM) if purpose is not None and learner_ids else frozenset()


def closed_to_mail(purpose: str | None, learner_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return who may not be mailed at her own address for a purpose now; nobody where no purpose is named.

    Also who restricted how she is reached (art. 18). A mail without a purpose is about her own request or rights.
    """
    if purpose is None:
        return frozenset()
    return closed_to(purpose, learner_ids) | restricted_learners(CONTACT).intersection(learner_ids)


CLOSED_TO_CONTACT: Port[Callable[[str, UUID, Scope], bool]] = Port("core.closed_to_contact")
"""Called with a purpose, somebody who is no learner and a scope: says whether she may not be mailed for it now."""


def is_closed_to_contact(purpose: str | None, contact_person_id: UUID) -> bool:
    """Say whether somebody who is no learner may not be mailed for a purpose now; never where none is named."""
    return purpose is not None and CLOSED_TO_CONTACT.only(purpose, contact_person_id, SYSTEM)
