"""Style sheets, scripts and pictures: a version in each address, kept for a year, packed on the way."""

import gzip
import hashlib
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for

from portal.core.http.headers import vary_by

PACKED_TYPES = frozenset(
    {"text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"}
)
SMALLEST = 900  # bytes; below this packing costs more than it saves


@lru_cache(maxsize=256)
def _version(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=256)
def _packed_file(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


def _file_of(filename: str) -> Path | None:
    path = Path(current_app.static_folder or "") / filename
    return path if path.is_file() else None


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Add the version of a static file to its address; the file is read again only once it has changed."""
    if endpoint == "static" and "v" not in values:
        path = f"{current_app.static_folder}/{values['filename']}"
        with suppress(OSError):
            values["v"] = _version(path, os.stat(path).st_mtime_ns)


def asset_url(filename: str) -> str:
    """Return the address of a static file as layouts name it, made once for the process."""
    return _asset_url(request.script_root, filename)


@lru_cache(maxsize=256)
def _asset_url(_root: str, filename: str) -> str:
    return url_for("static", filename=filename)


def _keep(response: Response) -> Response:
    """Let browsers keep what carries its version in its address; without one they ask each time."""
    if request.endpoint == "static" and response.status_code in {200, 304}:
        versioned = "v" in request.args
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        for said_already in ("Expires", "Content-Disposition"):
            response.headers.pop(said_already, None)
    return response


def _pack(response: Response) -> Response:
    """Pack text with gzip where the browser takes it."""
    if response.mimetype not in PACKED_TYPES or "Content-Encoding" in response.headers:
        return response
    vary_by(response, "Accept-Encoding")
    taken = request.headers.get("Accept-Encoding", "")
    if response.status_code in {204, 304} or "gzip" not in taken or not request.accept_encodings.quality("gzip"):
        return response
    if request.endpoint == "static" and request.view_args:
        path = _file_of(request.view_args["filename"])
        if path is None or response.status_code != 200:
            return response
        response.close()
        response.direct_passthrough = False
        response.set_data(_packed_file(path, path.stat().st_mtime_ns))
    elif response.is_streamed or response.direct_passthrough or len(response.get_data()) < SMALLEST:
        return response
    else:
        response.set_data(gzip.compress(response.get_data(), 5))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def install(app: Flask) -> None:
    """Bind this to the app's addresses and answers."""
    app.url_defaults(_add_version)
    app.jinja_env.globals["asset_url"] = asset_url
    app.after_request(_keep)
    app.after_request(_pack)
