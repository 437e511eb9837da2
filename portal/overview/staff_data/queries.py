"""What a member of staff reads of herself: whose page it is, and what the log holds of her work.

Her rows, and in how many rows she stands by name, are read as for her copy (`requests/copies/contents`).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.core.audit.queries import Entry, LogFilter, list_of_school
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.retention.holds.queries import list_holds
from portal.retention.models import RetentionHold


def account_of(by: Actor) -> UUID:
    """Return the account of the member of staff who asks; raises NotFound for anybody else."""
    if not by.is_staff or by.account_id is None:
        raise NotFound("staff")
    return by.account_id


def list_own_log(by: Actor, **more: Any) -> list[Entry]:
    """Return what the log holds of what a member of staff saw and did, newest first: a page of it."""
    return list_of_school(LogFilter(actor_id=account_of(by)), **more)


def list_own_holds(by: Actor) -> Sequence[RetentionHold]:
    """Return what keeps the data of a member of staff past its term today."""
    found = list_holds(PersonKind.STAFF, account_of(by), by.scope)
    return [each for each in found if each.is_in_force_on(today())]
