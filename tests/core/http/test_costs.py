"""Every address that hashes a password says so, and no other."""

from flask import Flask

from portal.core.http.costs import is_costly

HASHES = {
    "accounts.accept_invited",
    "accounts.change_own_password",
    "accounts.choose_password",
    "accounts.first_time",
    "accounts.sign_in_anew",
    "accounts.sign_in_with_password",
}


def test_what_hashes_a_password_is_declared(app: Flask) -> None:
    assert {endpoint for endpoint in app.view_functions if is_costly(app, endpoint)} == HASHES
    assert not is_costly(app, None)
