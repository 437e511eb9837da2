"""What may be asked of the list of learners; all of it stands in the address."""

from uuid import UUID

from werkzeug.datastructures import MultiDict

from portal.core.http.access import Actor
from portal.core.http.lists import order_asked
from portal.core.http.pages import page_number
from portal.learners.search.queries import SORTS, Search
from portal.learners.trajectories.models import Act


def search_of(asked: MultiDict[str, str], by: Actor) -> Search:
    """Return what is looked for; nobody narrows or sorts by what she doesn't see, for the answer would tell it.

    Raises Invalid for an order that there isn't.
    """
    act, sort = asked.get("wet", ""), order_asked(SORTS, "name")
    sees_birth, sees_trajectory = "birth" in by.sees, "trajectory" in by.sees
    return Search(
        text=asked.get("zoek", "").strip()[:200],
        group_id=_uuid(asked.get("groep")),
        client_id=_uuid(asked.get("opdrachtgever")) if sees_trajectory else None,
        act=Act(act) if sees_trajectory and act in set(Act) else None,
        is_without_account=asked.get("zonder-account") == "1",
        is_under_16=sees_birth and asked.get("onder-16") == "1",
        is_without_group=asked.get("groep") == "geen",
        sort="name" if sort.endswith("birth") and not sees_birth else sort,
        page=page_number(),
    )


def kept_of(search: Search) -> dict[str, str]:
    """Return the search as arguments of an address, for the pages after it."""
    given = {
        "zoek": search.text,
        "groep": "geen" if search.is_without_group else search.group_id,
        "opdrachtgever": search.client_id,
        "wet": search.act,
        "zonder-account": "1" if search.is_without_account else "",
        "onder-16": "1" if search.is_under_16 else "",
        "volgorde": search.sort if search.sort != "name" else "",
    }
    return {name: str(value) for name, value in given.items() if value}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
