"""A body taken in whole: its bytes, its seconds, and the memory that all bodies share."""

import asyncio
from typing import Any

import pytest

from portal.web.request_body import BodyMemory, BodyTooSlow, ClientGone, MemoryFull, Message, RequestBody
from tests.web.coroutines import run


def body_of(*chunks: bytes, memory: BodyMemory | None = None, declared: int | None = None, ends: bool = True) -> Any:
    """Return a body whose chunks come at once, and then its end or nothing more."""
    coming = list(chunks)

    async def receive() -> Message:
        if not coming:
            if ends:
                return {"type": "http.disconnect"}
            await asyncio.sleep(60)
        chunk = coming.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(coming) or not ends}

    return RequestBody(receive, memory or BodyMemory(1000), declared)


def test_a_body_is_whole_when_it_was_read() -> None:
    body = body_of(b"ab", b"", b"c")
    assert run(body.read(3, 1))
    assert body.content.getvalue() == b"abc"
    assert (body.length, body.is_whole) == (3, True)


def test_a_body_that_declares_too_much_is_not_read() -> None:
    body = body_of(b"abc", declared=4)
    assert not run(body.read(3, 1))
    assert body.length == 0


def test_a_body_that_is_larger_than_it_said_is_read_no_further() -> None:
    body = body_of(b"ab", b"cd", b"ef")
    assert not run(body.read(3, 1))
    assert (body.length, body.is_whole) == (4, False)


def test_reading_goes_on_with_a_higher_limit() -> None:
    body = body_of(b"ab", b"cd", b"ef")

    async def read() -> bool:
        return not await body.read(3, 1) and bool(await body.read(6, 1))

    assert run(read())
    assert body.content.getvalue() == b"abcdef"


def test_a_body_that_is_too_slow_raises() -> None:
    with pytest.raises(BodyTooSlow):
        run(body_of(b"ab", ends=False).read(10, 0.05))


def test_a_client_that_goes_away_raises() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        run(RequestBody(receive, BodyMemory(10), None).read(10, 1))


def test_all_bodies_share_their_memory_and_give_it_back() -> None:
    memory = BodyMemory(5)
    first, second = body_of(b"abc", memory=memory), body_of(b"def", memory=memory)
    assert run(first.read(10, 1))
    with pytest.raises(MemoryFull):
        run(second.read(10, 1))
    second.forget()
    first.forget()
    assert memory.held == 0
    assert first.content.getvalue() == b""


def test_what_is_discarded_is_not_kept() -> None:
    memory = BodyMemory(5)
    body = body_of(b"abcd", b"efgh", b"ij", memory=memory)
    assert not run(body.read(3, 1))
    run(body.discard())
    assert body.is_whole
    assert (memory.held, body.length) == (0, 10)
