"""Every page that a role may open opens, and its part for htmx, in a school where something has happened."""

from typing import Any

import pytest
from flask import Flask

from portal.core.db.scope import in_school
from portal.permissions import Role
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS, SeedSchool
from tests.signing_in import SignIn


@pytest.fixture(params=SCHOOLS[:2], ids=lambda seed: seed.slug)
def here(request: pytest.FixtureRequest) -> SeedSchool:
    return request.param


@pytest.fixture
def whole(database: Any, here: SeedSchool) -> Whole:
    with in_school(here.id):
        return make_whole()


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("role", Role)
def test_every_page_opens(app: Flask, here: SeedSchool, whole: Whole, sign_in: SignIn, role: Role) -> None:
    client = PageClient(app, here.host)
    if role is Role.REPRESENTATIVE:
        sign_in(client, role.value, account=whole.parent)
    elif role is Role.TEACHER:
        sign_in(client, role.value, account=whole.teacher)
    else:
        sign_in(client, role.value, learner=whole.scene.amina if role is Role.LEARNER else None)
    with in_school(here.id):
        pages = list(pages_of(app, whole, role))
    answers = {path: client.get(path).status_code for _, path in pages}
    assert {path: status for path, status in answers.items() if status != 200} == {}
    parts = {path: client.get(path, htmx=True).status_code for path in answers}
    assert {path: status for path, status in parts.items() if status != 200} == {}
