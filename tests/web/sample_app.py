"""A small app behind the same gate and server as the portal, and `python -m tests.web.sample_app PORT PROCESSES`."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import settings
from portal.core import logs
from portal.core.http.body_limits import limit_body, takes_upload
from portal.core.http.costs import costly
from portal.web import server
from portal.web.exchanges import Limits
from portal.web.request_gate import RequestGate
from portal.web.requests import PortalRequest

LARGE = 24 * 1024 * 1024
SIGNED_IN = {"Signed-In": "yes"}

pages = Blueprint("pages", __name__)


@pages.get("/hello")
def hello() -> str:
    return "hello"


@pages.get("/process")
def process() -> str:
    return str(os.getpid())


@pages.get("/slow")
def slow() -> str:
    time.sleep(float(request.args["seconds"]))
    return "slow"


@pages.post("/costly")
@costly
def costs_much() -> str:
    time.sleep(float(request.args["seconds"]))
    return "done"


@pages.get("/large")
def large() -> bytes:
    return bytes(LARGE)


@pages.get("/page")
def page() -> bytes:
    return bytes(60_000)


@pages.get("/stream")
def stream() -> Response:
    def pieces() -> Iterator[bytes]:
        for _ in range(LARGE // 65_536):
            yield bytes(65_536)

    return Response(pieces(), headers={"Content-Length": str(LARGE)})


@pages.get("/fault")
def fault() -> Response:
    def pieces() -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError("a name that somebody typed")

    return Response(pieces())


@pages.post("/echo")
def echo() -> Response:
    body = request.get_data()
    return jsonify(length=len(body), begins=body[:20].decode())


@pages.post("/upload")
@takes_upload(4)
def upload() -> Response:
    return jsonify(length=len(request.get_data()))


@pages.get("/from")
def sender() -> Response:
    return jsonify(address=request.remote_addr, scheme=request.scheme)


@pages.get("/learner/<int:number>")
def learner(number: int) -> str:
    return str(number)


def may_upload(app: Flask, environ: WSGIEnvironment) -> bool:
    """Let only those with the header `Signed-In` upload."""
    with app.request_context(environ):
        return check() is None


def check() -> tuple[str, int] | None:
    """Refuse an upload without the header `Signed-In`."""
    is_open = request.path != "/upload" or request.headers.get("Signed-In") == "yes"
    return None if is_open else ("sign in", 401)


def make_app(proxies: int = 0) -> Flask:
    """Return the app, behind so many proxies."""
    app = Flask(__name__)
    app.request_class = PortalRequest
    app.before_request(limit_body)
    app.before_request(check)
    app.register_blueprint(pages)
    if proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]
    return app


def asgi_app() -> RequestGate:
    """Make the app for a process of the server."""
    logs.install()
    server.prepare_process()
    given = settings()
    limits = Limits(
        body_seconds=given.body_seconds, upload_seconds=given.upload_seconds, answer_seconds=given.answer_seconds
    )
    return RequestGate(
        make_app(given.proxies),
        limits,
        threads=given.threads,
        may_upload=may_upload,
        logs_requests=given.access_log,
    )


if __name__ == "__main__":
    logs.install()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port, processes = map(int, sys.argv[1:])
    listener = server.listen("127.0.0.1", port)
    sys.exit(0 if server.run("tests.web.sample_app:asgi_app", listener, processes=processes) else 1)
