"""A link leads somewhere: of all addresses that a page offers to a role, it may open each."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.core.db.scope import in_school
from portal.core.http.access import access_of
from portal.permissions import MAY, Role
from tests.factories.whole_school import make_whole, pages_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0]
NS = "{http://www.w3.org/1999/xhtml}"
ROLES = [role for role in Role if len(MAY[role]) > 1]


def offered(page: str) -> Iterator[tuple[str, str]]:
    """Yield method and path of every address of this host that a page leads to."""
    for each in html5lib.parse(page).iter():
        given = {"GET": each.get("href") if each.tag == f"{NS}a" else each.get("hx-get"), "POST": each.get("hx-post")}
        if each.tag == f"{NS}form" and each.get("action"):
            given[(each.get("method") or "get").upper()] = each.get("action")
        yield from ((method, urlsplit(url).path) for method, url in given.items() if url and url.startswith("/"))


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", ROLES)
def test_a_page_offers_nothing_that_its_reader_may_not_open(
    app: Flask, client: PageClient, sign_in: SignIn, role: Role
) -> None:
    with in_school(HERE.id):
        whole = make_whole()
        pages = dict(pages_of(app, whole, role, most=1))
        account = {Role.REPRESENTATIVE: whole.parent, Role.TEACHER: whole.teacher}.get(role)
    learner = whole.scene.amina if role is Role.LEARNER else None
    sign_in(client, role.value, learner=learner, **({"account": account} if account is not None else {}))
    addresses, closed, walked = app.url_map.bind(""), set(), set()

    for path in pages.values():
        for method, there in offered(client.get(path).get_data(as_text=True)):
            try:
                endpoint, _ = addresses.match(there, method=method)
            except HTTPException as error:
                closed.add((path, method, there, type(error).__name__))
                continue
            walked.add(endpoint)
            access = access_of(app, endpoint)
            if access not in {None, "public"} and access not in {each.value for each in MAY[role]}:
                closed.add((path, method, there, str(access)))

    assert not closed, "\n".join(map(str, sorted(closed)))
    assert len(walked) > 8
