"""An upload is taken in only from who may send it, which is asked before its body comes."""

import pytest
from flask import Flask

from portal.core.http.access import access_of
from portal.core.http.body_limits import USUAL, body_limit_of
from portal.web.upload_access import may_upload
from tests.page_client import PageClient
from tests.signing_in import SignIn


def environ_of(client: PageClient, path: str) -> dict[str, object]:
    """Return what the gate hands over: the request with its cookies, without its body."""
    cookie = client.browser.get_cookie("__Host-inzage", domain=client.host)
    headers = {"Cookie": f"__Host-inzage={cookie.value}"} if cookie is not None else {}
    return client.app.test_request_context(path, base_url=client.base, method="POST", headers=headers).request.environ


def test_who_has_the_permission_may(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    assert may_upload(client.app, environ_of(client, "/inlezen"))


@pytest.mark.parametrize("role", ["teacher", "privacy_officer"])
def test_another_role_may_not(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert not may_upload(client.app, environ_of(client, "/inlezen"))


def test_nobody_may_unless_signed_in(client: PageClient) -> None:
    assert not may_upload(client.app, environ_of(client, "/inlezen"))


def test_every_upload_asks_for_a_permission(app: Flask) -> None:
    uploads = {rule.endpoint for rule in app.url_map.iter_rules() if body_limit_of(app, rule.endpoint) > USUAL}
    assert uploads == {
        "attendance.hand_in_screenshot",
        "identity.keep_document",
        "imports.hand_in",
        "imports.hand_in_results",
        "requests.hand_in_own",
        "schools.change_logo",
    }
    assert all(access_of(app, endpoint) not in {None, "public"} for endpoint in uploads)
