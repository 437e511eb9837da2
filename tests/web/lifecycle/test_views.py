"""Views are written at the end of a request: also of a form that is shown again, and never for another request."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import public, requires
from portal.permissions import Permission
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

Shows = Callable[..., None]


@pytest.fixture
def shows(app: Flask, client: PageClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Shows:
    """Return what makes two addresses, of a GET and of a POST, show a learner with a status."""
    sign_in(client, "management")
    client.get("/medewerkers")  # for the token

    def show(learner_id: UUID, status: int) -> None:
        def answer() -> Any:
            audit.saw([learner_id], "tests.page")
            if status == 500:
                raise RuntimeError
            return "x", status, {"Content-Type": "text/plain"}

        @requires(Permission.MEMBER_KEEP)
        def members() -> Any:
            return answer()

        @public
        def choose_language() -> Any:
            return answer()

        monkeypatch.setitem(app.view_functions, "accounts.members", members)
        monkeypatch.setitem(app.view_functions, "accounts.choose_language", choose_language)

    return show


def views_of(learner_id: UUID) -> int:
    with in_school(SCHOOLS[0].id):
        viewed = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed"))
        return sum(learner_id in each for each in viewed)


@pytest.mark.parametrize(("address", "method"), [("/medewerkers", "get"), ("/taal", "post")])
@pytest.mark.parametrize("status", [200, 422])
def test_what_is_shown_is_written(client: PageClient, shows: Shows, address: str, method: str, status: int) -> None:
    learner_id = uuid4()
    shows(learner_id, status)
    assert getattr(client, method)(address).status_code == status
    assert views_of(learner_id) == 1


def test_a_fault_leaves_no_view_for_the_next_request(client: PageClient, shows: Shows) -> None:
    first, second = uuid4(), uuid4()
    shows(first, 500)
    assert client.get("/medewerkers").status_code == 500
    shows(second, 200)
    client.get("/medewerkers")
    assert (views_of(first), views_of(second)) == (0, 1)
