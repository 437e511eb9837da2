"""A form that was open when a learner restricted her data brings nothing of hers to staff (ST-08, AVG art. 18).

Every form that a role sees is sent after her restriction as it stood before it.
"""

from typing import Any

import pytest
from flask import Flask

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.permissions import Role
from tests.conftest import school_id
from tests.factories.restrictions import hold, mark_all
from tests.factories.whole_school import make_whole, pages_of
from tests.house.test_restrictions import SLUGS, STAFF, is_meant, own_account
from tests.page_client import PageClient
from tests.promises.test_trail import forms_on
from tests.signing_in import SignIn


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.sample(0.1)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", STAFF)
def test_a_form_from_before_shows_nothing_of_hers(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        marks = mark_all(whole.scene.amina)
        pages = [path for _, path in pages_of(app, whole, role)]
    sign_in(client, role.value, account=own_account(whole, role))
    forms = forms_on(pages, client)
    with in_school(school_id(slug)), app.app_context():
        hold(whole.scene.amina.id)
    rules = app.url_map.bind(client.host)
    found: list[str] = []
    for (path, _), sent in forms.items():
        with session.get_bind().begin_nested() as undone:
            answer = client.browser.post(path, data={"csrf_token": token(client), **sent}, base_url=client.base)
            undone.rollback()
        text = answer.get_data().decode("utf-8", "replace")
        endpoint = rules.match(path.partition("?")[0], method="POST")[0]
        where = f"{answer.status_code} {endpoint}"
        found += [f"{where} {key}" for key, mark in marks.items() if mark in text and not is_meant(endpoint, key)]
    assert len(forms) > 5
    assert not found, "\n".join(found)


def token(client: PageClient) -> str:
    """Return a token for one form more."""
    client._fetch_token()
    return client.token
