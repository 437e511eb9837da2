"""Heads that never end and readers that never read stop nobody, and are ended in their time."""

import socket
import threading
import time

import pytest

from tests.web.served import ANSWER_SECONDS, HEAD_SECONDS, SOON, Served, drip, rest_of, until

MANY = 16


def connections(served: Served, begun: bytes, count: int = MANY) -> list[socket.socket]:
    """Open so many connections that begin a request and go no further."""
    opened = [served.connect() for _ in range(count)]
    for each in opened:
        each.sendall(begun)
    return opened


@pytest.mark.parametrize(
    "begun", [b"", b"GET /hel", b"GET /hello HTTP/1.1\r\nHost: localhost\r\n"], ids=["nothing", "line", "headers"]
)
def test_sixteen_heads_that_never_end_stop_nobody(served: Served, begun: bytes) -> None:
    began = time.monotonic()
    opened = connections(served, begun)
    assert served.seconds_for("/hello") < SOON
    assert [rest_of(each) for each in opened] == [b""] * MANY
    assert HEAD_SECONDS - 0.5 < time.monotonic() - began < HEAD_SECONDS + 3


def test_a_head_that_drips_has_no_more_time_than_another(served: Served) -> None:
    made = served.connect()
    began = time.monotonic()
    with pytest.raises(OSError, match=r"Broken pipe|reset"):
        drip(made, [b"GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Long: ", *[b"a"] * 100], 0.1)
    assert time.monotonic() - began < HEAD_SECONDS + 2


def test_a_second_head_has_its_time_too(served: Served) -> None:
    made = served.send("GET /hello HTTP/1.1")
    assert until(made, b"hello")
    began = time.monotonic()
    made.sendall(b"GET /hello HT")
    assert rest_of(made) == b""
    assert time.monotonic() - began < HEAD_SECONDS + 2


def test_a_head_that_is_too_large_is_cut_off(served: Served) -> None:
    made = served.connect()
    with pytest.raises(OSError, match=r"Broken pipe|reset"):
        drip(made, [b"GET / HTTP/1.1\r\n", *[b"X-Long: " + b"a" * 65_536 + b"\r\n"] * 200], 0)
    assert served.ask("/hello")[0] == 200


@pytest.mark.parametrize("path", ["/large", "/stream"])
def test_sixteen_readers_that_never_read_stop_nobody(served: Served, path: str) -> None:
    readers = [served.connect(receive_buffer=4096) for _ in range(MANY)]
    for each in readers:
        each.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    time.sleep(0.3)
    assert served.seconds_for("/hello") < SOON
    time.sleep(ANSWER_SECONDS + 1)
    for each in readers:
        each.settimeout(10)
        assert len(rest_of(each)) < 20_000_000  # what the kernel held for it, and then the end


def test_a_client_that_asks_on_and_never_reads_is_cut_off(served: Served) -> None:
    """Each answer alone fits in what the kernel holds; many of them don't."""
    made = served.connect(receive_buffer=4096)
    made.settimeout(0.5)
    until_then = time.monotonic() + 30
    ended = False
    while not ended and time.monotonic() < until_then:
        try:
            made.sendall(b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n")
        except TimeoutError:
            continue  # the server reads no further while its answers aren't taken
        except OSError:
            ended = True
    assert ended


def test_a_reader_that_drips_gets_nobody_in_its_way(served: Served) -> None:
    made = served.connect(receive_buffer=4096)
    made.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.2):
            made.recv(1)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert served.seconds_for("/hello") < SOON
    finally:
        stop.set()
        reader.join()
        made.close()


def test_an_idle_connection_is_kept_longer_than_a_head_may_take(served: Served) -> None:
    made = served.send("GET /hello HTTP/1.1")
    assert until(made, b"hello")
    time.sleep(HEAD_SECONDS + ANSWER_SECONDS)
    made.sendall(b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert until(made, b"hello")
    made.close()


def test_requests_sent_at_once_on_one_connection_are_answered_in_their_order(served: Served) -> None:
    made = served.connect()
    lines = "".join(f"GET /learner/{number} HTTP/1.1\r\nHost: localhost\r\n\r\n" for number in range(5))
    made.sendall(lines.encode() + b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answers = rest_of(made).decode().split("HTTP/1.1 200 OK")
    assert [answer.rpartition("\r\n")[2] for answer in answers[1:]] == ["0", "1", "2", "3", "4", "hello"]
