"""Views are written at the edge: also of a form that is shown again, and never for another request."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select

from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db.session import session
from portal.core.http.access import Actor, set_actor
from portal.web.transactions import PortalApp

TEACHER = Actor(account_id=uuid4(), name="Docent", roles=frozenset({"teacher"}))


@pytest.fixture
def small(school: Any) -> Iterator[Flask]:
    """An app with one page, in the school of the test."""
    made = PortalApp("small")
    pages = Blueprint("pages", __name__)
    what: dict[str, Any] = {"learner": uuid4(), "status": 200}

    @pages.route("/", methods=["GET", "POST"])
    def page() -> Any:
        audit.saw([what["learner"]], "tests.page")
        if what["status"] == 500:
            raise RuntimeError
        return "x", what["status"]

    made.register_blueprint(pages)
    made.config["what"] = what
    made.register_error_handler(RuntimeError, lambda _error: ("fault", 500))
    set_actor(TEACHER)
    yield made
    set_actor(None)


def seen(learner: UUID) -> int:
    viewed = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed"))
    return sum(learner in each for each in viewed)


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 200), ("post", 422)])
def test_what_is_shown_is_written(small: Flask, method: str, status: int) -> None:
    small.config["what"]["status"] = status
    open_page: Callable[[str], Any] = getattr(small.test_client(), method)
    assert open_page("/").status_code == status
    assert seen(small.config["what"]["learner"]) == 1


def test_a_fault_leaves_no_view_for_the_next_request(small: Flask) -> None:
    first = small.config["what"]["learner"]
    small.config["what"]["status"] = 500
    assert small.test_client().get("/").status_code == 500
    small.config["what"].update(learner=uuid4(), status=200)
    small.test_client().get("/")
    assert seen(first) == 0
    assert seen(small.config["what"]["learner"]) == 1
