"""A copy of the key store says in seconds that it is away; how many, its address may say."""

from typing import Any

import pytest
from sqlalchemy import event

from portal.core.crypto.copies import Copy, Unreachable

NOWHERE = "postgresql+psycopg://nobody@localhost:1/none"


@pytest.mark.parametrize(("query", "seconds"), [("", 3), ("?connect_timeout=40", 40)])
def test_a_connection_is_waited_for_as_long_as_the_address_says(query: str, seconds: int) -> None:
    copy = Copy("PORTAL_KEYS_URL", NOWHERE + query)
    asked: list[dict[str, Any]] = []
    event.listen(copy.engine, "do_connect", lambda _dialect, _record, _args, given: asked.append(given))
    with pytest.raises(Unreachable, match=r"^PORTAL_KEYS_URL can't be reached$"):
        copy.schools()
    assert {int(given["connect_timeout"]) for given in asked} == {seconds}
