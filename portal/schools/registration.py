"""Adding a school to the hosting: the operator's act."""

import re
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from portal.core import audit
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.schools.hosts import checked_host
from portal.schools.models import School, SchoolHost
from portal.schools.queries import set_current_school, view_of

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def add_school(slug: str, name: str, *, hosts: list[str], by: Actor) -> School:
    """Add the school whose id is in scope, with its key and its hosts, the first of which is its own address.

    Raises Invalid for a slug or host that can't be one, and Conflict where another school has it.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid("slug", "not_a_slug", slug=slug)
    wanted = [checked_host(host) for host in hosts]
    row = School(id=current_school_id(), slug=slug, name=name.strip())
    _add([row], "slug_taken", slug=slug)
    answering = [SchoolHost(host=host, is_primary=host == wanted[0]) for host in dict.fromkeys(wanted)]
    _add(answering, "host_taken", host=", ".join(wanted))
    keys.add_school(row.id)
    set_current_school(view_of(row))
    audit.record("schools.added", facts={"slug": slug, "hosts": wanted}, by=by)
    return row


def _add(rows: Sequence[Base], code: str, **facts: str) -> None:
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as error:
        raise Conflict(code, **facts) from error
