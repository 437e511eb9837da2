"""A WSGI call made of an ASGI request, and its answer taken in parts."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from portal.web.wsgi_answer import WsgiAnswer, make_environ

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/cursisten/é",
    "raw_path": b"/cursisten/%C3%A9",
    "query_string": b"zoek=a%20b",
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.1", 5000),
    "headers": [
        (b"host", b"lest-best.localhost"),
        (b"content-type", b"text/plain"),
        (b"content-length", b"999"),
        (b"transfer-encoding", b"chunked"),
        (b"x-twice", b"1"),
        (b"x-twice", b"2"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ],
}


def test_an_environment_says_what_the_request_said() -> None:
    environ = make_environ(SCOPE, BytesIO(b"abc"), 3)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/cursisten/é"
    assert environ["QUERY_STRING"] == "zoek=a%20b"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/plain")
    assert environ["HTTP_X_TWICE"] == "1,2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_TRANSFER_ENCODING" not in environ
    assert environ["wsgi.input"].read() == b"abc"


class Pieces:
    """A body in pieces that notes when it is closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.closed += 1


def answering(body: Iterable[bytes], *written: bytes) -> WsgiAnswer:
    def app(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        write = start("201 Created", [("X-Name", "é")])
        for each in written:
            write(each)
        return body

    return WsgiAnswer(app, {})


def test_a_short_answer_is_taken_at_once_and_closed() -> None:
    body = Pieces(b"a", b"", b"b")
    answer = answering(body)
    assert answer.first_part() == (b"ab", False)
    assert (answer.status, answer.headers) == (201, [(b"x-name", b"\xe9")])
    assert body.closed == 1
    answer.close()
    assert body.closed == 1


def test_a_long_answer_comes_in_parts_and_is_closed_at_its_end() -> None:
    body = Pieces(*[bytes(100_000)] * 5)
    answer = answering(body)
    part, has_more = answer.first_part()
    assert (len(part), has_more) == (300_000, True)
    assert body.closed == 0
    part, has_more = answer.next_part()
    assert (len(part), has_more) == (200_000, False)
    assert body.closed == 1


def test_an_answer_that_nobody_takes_to_its_end_is_closed() -> None:
    body = Pieces(*[bytes(300_000)] * 5)
    answer = answering(body)
    assert answer.first_part()[1]
    answer.close()
    assert body.closed == 1


def test_what_an_app_writes_comes_before_its_body() -> None:
    assert answering([b"c"], b"a", b"b").first_part() == (b"abc", False)


def test_an_app_that_fails_says_so() -> None:
    def app(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError):
        WsgiAnswer(app, {}).first_part()
