"""Addresses of the rows of a list: the address is made once, and each row's id put into it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import request, url_for

_NOBODY = UUID(int=0)


def address_of(endpoint: str, name: str) -> Callable[[UUID], str]:
    """Return what makes the path of an endpoint from an id, its argument `name`."""
    before, after = _around(request.script_root, endpoint, name)
    return lambda key: f"{before}{key}{after}"


@lru_cache(maxsize=256)
def _around(_root: str, endpoint: str, name: str) -> tuple[str, str]:
    values: dict[str, Any] = {name: _NOBODY}
    before, _id, after = url_for(endpoint, **values).partition(str(_NOBODY))
    return before, after
