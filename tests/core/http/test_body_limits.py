"""How large a body an address takes, declared beside its access."""

import pytest
from flask import Flask, request

from portal.core.http.access import public
from portal.core.http.body_limits import (
    MEBIBYTE,
    USUAL,
    body_limit_of,
    check_every_upload,
    limit_body,
    takes_upload,
)


def app_with(*, is_public: bool) -> Flask:
    app = Flask(__name__)
    app.before_request(limit_body)

    def upload() -> str:
        return str(len(request.get_data()))

    view = takes_upload(2)(upload)
    app.post("/upload")(public(view) if is_public else view)
    app.post("/form")(lambda: str(len(request.get_data())))
    return app


def test_an_address_takes_what_it_declares_and_others_what_is_usual() -> None:
    app = app_with(is_public=False)
    assert body_limit_of(app, "upload") == 2 * MEBIBYTE
    assert body_limit_of(app, "form") == USUAL
    assert body_limit_of(app, None) == USUAL


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/upload", 2 * MEBIBYTE, 200),
        ("/upload", 2 * MEBIBYTE + 1, 413),
        ("/form", USUAL, 200),
        ("/form", USUAL + 1, 413),
    ],
)
def test_the_app_reads_no_more_behind_whatever_server(path: str, size: int, status: int) -> None:
    assert app_with(is_public=False).test_client().post(path, data=bytes(size)).status_code == status


def test_an_upload_by_anybody_stops_the_start() -> None:
    check_every_upload(app_with(is_public=False))
    with pytest.raises(RuntimeError, match="/upload"):
        check_every_upload(app_with(is_public=True))


def test_more_than_64_mib_is_not_an_upload() -> None:
    with pytest.raises(ValueError, match="64"):
        takes_upload(65)
