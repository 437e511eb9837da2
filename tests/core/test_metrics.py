"""The operator's port: well or not, figures, and nobody's data."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.config import Settings, settings
from portal.core.metrics import make_operator_app


def ask(given: Settings, path: str) -> tuple[str, bytes]:
    """Return the status and body of an answer."""
    seen: list[str] = []

    def start(status: str, _headers: Any, _error: Any = None) -> Any:
        seen.append(status)

    body = b"".join(make_operator_app(given)({"PATH_INFO": path}, start))
    return seen[0], body


def test_it_is_well_when_every_part_answers(database: Engine) -> None:
    status, body = ask(settings(), "/gezond")

    assert status == "200 OK"
    assert json.loads(body) == {"database": True, "keys": True, "redis": True}


def test_it_says_which_part_does_not_answer(database: Engine) -> None:
    broken = settings().model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})

    status, body = ask(broken, "/gezond")

    assert status.startswith("503")
    assert json.loads(body) == {"database": True, "keys": True, "redis": False}
    assert b'inzage_up{part="redis"} 0.0' in ask(broken, "/metrics")[1]


@pytest.mark.parametrize("name", ["inzage_up", "inzage_jobs"])
def test_the_figures_are_there(database: Engine, name: str) -> None:
    assert f"# TYPE {name} gauge".encode() in ask(settings(), "/metrics")[1]


def test_nothing_else_answers(database: Engine) -> None:
    assert ask(settings(), "/aanmelden")[0].startswith("404")
