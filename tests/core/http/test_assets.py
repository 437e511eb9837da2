"""Sheets and scripts travel packed and are kept as long as their address names their version."""

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response, url_for

from portal.core.http.assets import asset_url

BASE = "https://lest-best.localhost"


def fetched(app: Flask, path: str, **headers: str) -> Response:
    return app.test_client().get(path, base_url=BASE, headers=headers, buffered=True)


def address(app: Flask, filename: str, **values: str) -> str:
    with app.test_request_context("/", base_url=BASE):
        return url_for("static", filename=filename, **values)


def test_a_versioned_sheet_is_packed_and_kept(app: Flask) -> None:
    answer = fetched(app, address(app, "css/inzage.css"), Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "immutable" in answer.headers["Cache-Control"]
    plain = Path(app.static_folder or "", "css/inzage.css").read_bytes()
    assert gzip.decompress(answer.data) == plain
    assert len(answer.data) < len(plain) / 2


def test_a_sheet_carries_few_headers(app: Flask) -> None:
    answer = fetched(app, address(app, "css/inzage.css"), Accept_Encoding="gzip")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert sum(len(name) + len(value) + 4 for name, value in answer.headers) < 550


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
def test_who_takes_no_gzip_gets_none(app: Flask, accepted: str) -> None:
    answer = fetched(app, address(app, "css/inzage.css"), Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == Path(app.static_folder or "", "css/inzage.css").read_bytes()


def test_without_a_version_the_browser_asks_again(app: Flask) -> None:
    first = fetched(app, "/static/css/inzage.css", Accept_Encoding="gzip")
    assert first.headers["Cache-Control"] == "no-cache"
    again = fetched(app, "/static/css/inzage.css", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    assert not again.data


def test_a_changed_sheet_gets_another_address(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "a.css").write_text("a {}")
    before = address(app, "a.css")
    (tmp_path / "a.css").write_text("a { color: red }")
    assert address(app, "a.css") != before


def test_a_given_version_stays(app: Flask) -> None:
    assert address(app, "css/inzage.css", v="7").endswith("?v=7")


def test_what_is_not_there_has_no_version(app: Flask) -> None:
    assert address(app, "css/none.css").endswith("/none.css")


def test_a_layout_names_a_sheet_by_the_same_address(app: Flask) -> None:
    with app.test_request_context("/", base_url=BASE):
        assert asset_url("css/inzage.css") == url_for("static", filename="css/inzage.css")
