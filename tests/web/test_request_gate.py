"""What the gate lets through to the app, and how it answers what it doesn't."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from portal.core.http.body_limits import MEBIBYTE
from portal.web.exchanges import Limits
from portal.web.request_gate import RequestGate
from tests.web.coroutines import run
from tests.web.sample_app import SIGNED_IN, make_app
from tests.web.served import BODY_SECONDS, SOON, Served, rest_of, sample

MANY = 16


def status_of(answer: bytes) -> int:
    return int(answer.split()[1])


def test_sixteen_bodies_that_never_end_stop_nobody(served: Served) -> None:
    began = time.monotonic()
    opened = [served.send("POST /echo HTTP/1.1\r\nContent-Length: 1000", b"begin") for _ in range(MANY)]
    assert served.seconds_for("/hello") < SOON
    assert [status_of(rest_of(each)) for each in opened] == [408] * MANY
    assert BODY_SECONDS - 0.5 < time.monotonic() - began < BODY_SECONDS + 3


def test_a_body_that_drips_a_byte_now_and_then_has_no_more_time_than_another(served: Served) -> None:
    made = served.send("POST /echo HTTP/1.1\r\nContent-Length: 1000")
    began = time.monotonic()
    for _ in range(int(BODY_SECONDS * 5)):
        made.sendall(b"x")
        time.sleep(0.1)
    assert served.seconds_for("/hello") < SOON
    assert status_of(rest_of(made)) == 408
    assert time.monotonic() - began < BODY_SECONDS + 3


def test_an_upload_that_drips_is_ended_too(served: Served) -> None:
    head = f"POST /upload HTTP/1.1\r\nSigned-In: yes\r\nContent-Length: {3 * MEBIBYTE}"
    made = served.send(head, bytes(MEBIBYTE + 1))
    assert status_of(rest_of(made)) == 408


def test_a_body_in_chunks_without_a_length_is_whole_for_the_app(served: Served) -> None:
    made = served.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close")
    for _ in range(3):
        made.sendall(b"5\r\nhello\r\n")
        time.sleep(0.05)
    made.sendall(b"0\r\n\r\n")
    answer = rest_of(made)
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"length": 15, "begins": "hellohellohello"}


@pytest.mark.parametrize(
    "lengths",
    ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 15"],
)
def test_a_request_with_a_length_and_a_coding_is_refused_and_the_connection_closed(
    served: Served, lengths: str
) -> None:
    """What follows would be a second request to us, and a part of the first to a proxy that goes by the length."""
    follows = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
    made = served.send(f"POST /echo HTTP/1.1\r\n{lengths}", b"5\r\nhello\r\n0\r\n\r\n" + follows)
    answer = rest_of(made)
    assert status_of(answer) == 400
    assert answer.count(b"HTTP/1.1") == 1


def test_a_host_said_twice_is_refused(served: Served) -> None:
    assert status_of(rest_of(served.send("GET /hello HTTP/1.1\r\nHost: elsewhere.example"), seconds=5)) == 400


def test_a_body_in_chunks_that_never_end_is_cut_off_at_the_limit(served: Served) -> None:
    made = served.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked")
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    for _ in range(32):
        made.sendall(chunk)
    made.sendall(b"0\r\n\r\n")
    assert status_of(made.recv(65_536)) == 413


@pytest.mark.parametrize(
    ("path", "size", "headers", "status"),
    [
        ("/echo", MEBIBYTE, {}, 200),
        ("/echo", MEBIBYTE + 1, {}, 413),
        ("/upload", 4 * MEBIBYTE, SIGNED_IN, 200),
        ("/upload", 4 * MEBIBYTE + 1, SIGNED_IN, 413),
        ("/upload", 4 * MEBIBYTE, {}, 401),
        ("/nowhere", MEBIBYTE + 1, {}, 404),
    ],
)
def test_a_body_may_be_as_large_as_its_address_takes(
    served: Served, path: str, size: int, headers: dict[str, str], status: int
) -> None:
    answer, body = served.ask(path, "POST", bytes(size), headers)
    assert answer == status
    if status == 200:
        assert json.loads(body)["length"] == size


def test_a_body_that_says_it_is_too_large_is_answered_before_it_is_sent(served: Served) -> None:
    made = served.send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1000000000")
    assert status_of(rest_of(made)) == 413


def test_who_waits_to_be_asked_for_a_body_is_asked(served: Served) -> None:
    made = served.send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 3")
    assert status_of(made.recv(65_536)) == 100
    made.sendall(b"abc")
    assert status_of(rest_of(made)) == 200


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Content_Length", "Signed_In"])
def test_a_header_with_an_underscore_is_refused(served: Served, name: str) -> None:
    assert served.ask("/hello", headers={name: "1"})[0] == 400


def test_nobody_in_front_is_believed_where_there_are_no_proxies(served: Served) -> None:
    said = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.9"}
    assert json.loads(served.ask("/from", headers=said)[1]) == {"address": "127.0.0.1", "scheme": "http"}


def test_of_what_proxies_say_only_what_the_named_number_wrote_counts(tmp_path: Path) -> None:
    with sample(tmp_path, processes=1, PORTAL_PROXIES="1", PORTAL_ACCESS_LOG="false") as served:

        def sender(*lines: str) -> str:
            made = served.send("\r\n".join(["GET /from HTTP/1.1", "Connection: close", *lines]))
            return str(json.loads(rest_of(made).partition(b"\r\n\r\n")[2])["address"])

        assert sender("X-Forwarded-For: 198.51.100.1, 203.0.113.9") == "203.0.113.9"
        assert sender("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.9") == "203.0.113.9"
        assert sender() == "127.0.0.1"
        assert '"request"' not in served.log.read_text()  # none was wanted


@pytest.mark.parametrize("path", ["/hello%0a", "/hello%00", "/learner/1%0d%0aX: 1"])
def test_a_control_character_in_an_address_is_refused(served: Served, path: str) -> None:
    assert status_of(rest_of(served.send(f"GET {path.replace(' ', '%20')} HTTP/1.1"))) == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("a" * 64, 400),
        (f"{'a' * 64}.localhost", 400),
        ("a" * 5000, 400),
        (".".join(["a"] * 200), 400),
        ("l\xe9st.localhost", 400),
        ("school.localhost:abc", 400),
        ("[::1", 400),
        ("a" * 63, 200),
        ("school.localhost.:8000", 200),
        ("[::1]:8000", 200),
        ("192.0.2.1", 200),
    ],
)
def test_a_host_that_can_be_no_name_is_refused(served: Served, host: str, status: int) -> None:
    made = served.connect()
    made.sendall(f"GET /hello HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\n\r\n".encode("latin-1"))
    assert status_of(rest_of(made)) == status


def test_another_protocol_is_not_taken_up(served: Served) -> None:
    upgrade = "Connection: Upgrade, close\r\nUpgrade: h2c"
    made = served.send(f"POST /echo HTTP/1.1\r\n{upgrade}\r\nContent-Length: 3", b"abc")
    assert json.loads(rest_of(made).partition(b"\r\n\r\n")[2]) == {"length": 3, "begins": "abc"}


def test_more_requests_than_can_wait_are_told_so() -> None:
    limits = Limits(most_waiting=2)
    gate = RequestGate(make_app(), limits, threads=1, may_upload=lambda _app, _environ: False)

    async def ask_four() -> list[int]:
        return await asyncio.gather(*(status_through(gate, "/slow", b"seconds=0.2") for _ in range(4)))

    assert run(ask_four()) == [200, 200, 503, 503]


def test_what_is_costly_holds_up_nobody_else() -> None:
    """With one thread, five who sign in at once: who asks for a page waits for none of them."""
    gate = RequestGate(make_app(), Limits(), threads=1, may_upload=lambda _app, _environ: False)

    async def ask() -> tuple[int, bool, list[int]]:
        costly = [asyncio.create_task(status_through(gate, "/costly", b"seconds=0.2", "POST")) for _ in range(5)]
        await asyncio.sleep(0.05)
        status = await status_through(gate, "/hello", b"")
        was_first = not any(task.done() for task in costly)
        return status, was_first, await asyncio.gather(*costly)

    assert run(ask()) == (200, True, [200] * 5)


async def status_through(gate: RequestGate, path: str, query: bytes, method: str = "GET") -> int:
    """Return the status of a request that comes to the gate without a server."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [],
        "http_version": "1.1",
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await gate({**scope, "scheme": "http", "http_version": "1.1"}, receive, send)
    return int(sent[0]["status"])


def test_the_log_is_one_line_of_json_for_each_request_without_ids_and_queries(served: Served) -> None:
    before = len(served.log.read_text())
    served.ask("/learner/12345?name=Amina")
    served.send('GET /%22,%22x%22:%22%0aforged HTTP/1.1\r\nX-"a": b')
    served.send("GET \x01 HTTP/1.1")
    served.ask("/nowhere/amina@example.org", "DELETE")
    assert served.ask("/fault") == (500, b"Internal Server Error")
    written = served.log_with("RuntimeError")[before:]
    lines = [json.loads(line) for line in written.splitlines()]
    seen = {(line["method"], line["address"], line["status"]) for line in lines if line["event"] == "request"}
    assert {("GET", "/learner/<int:number>", 200), ("DELETE", None, 404)} <= seen
    assert not any(word in written for word in ("12345", "Amina", "amina", "forged", "typed"))
    fault = next(line for line in lines if line["event"] == "library" and line["level"] == "error")
    assert fault["kind"] == "RuntimeError"
    assert any("pieces" in place for place in fault["at"])
