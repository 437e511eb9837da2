"""A WSGI app's answer to an ASGI request, taken from it in parts, each by a call that may run in any thread.

Nothing here waits for a client: what asks for the next part decides when there is room for it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Scope = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

_PART = 256 * 1024


def make_environ(scope: Scope, body: BytesIO, length: int) -> WSGIEnvironment:
    """Return the WSGI environment of an ASGI request whose body is whole; `length` is what its sender made of it.

    Headers of one name become one, in their order, as PEP 3333 wants it.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        _add_header(environ, raw_name.decode("latin-1"), raw_value.decode("latin-1"))
    return environ


def _add_header(environ: WSGIEnvironment, name: str, value: str) -> None:
    if name in {"content-length", "transfer-encoding"}:
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    between = "; " if name == "cookie" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value


class WsgiAnswer:
    """One call of a WSGI app: `status` and `headers` stand once the first part was taken."""

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status = 0
        self.headers: Headers = []
        self._app = app
        self._environ = environ
        self._written: list[bytes] = []
        self._iterable: Iterable[bytes] | None = None
        self._pieces: Iterator[bytes] = iter(())

    def first_part(self) -> tuple[bytes, bool]:
        """Let the app answer; return the first part of the body, and whether there is more."""
        self._iterable = self._app(self._environ, self._start)
        self._pieces = iter(self._iterable)
        return self.next_part()

    def next_part(self) -> tuple[bytes, bool]:
        """Return the next part, some 256 KB where the body is that large, and whether there is more."""
        part, self._written = self._written, []
        size = sum(map(len, part))
        for piece in self._pieces:
            part.append(piece)
            size += len(piece)
            if size >= _PART:
                return b"".join(part), True
        self.close()
        return b"".join(part), False

    def close(self) -> None:
        """Let the app clean up; once, whether its answer was taken whole or not."""
        iterable, self._iterable = self._iterable, None
        close: Callable[[], None] | None = getattr(iterable, "close", None)
        if close is not None:
            close()

    def _start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._written.append
