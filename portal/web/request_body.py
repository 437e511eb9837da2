"""Taking in the body of a request: whole, in memory, within a number of bytes and seconds."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

_MOST_DISCARDED = 64 * 1024 * 1024
_DISCARDED_FOR = 10.0  # seconds


class BodyTooSlow(Exception):
    """The body was not whole within its time."""


class ClientGone(Exception):
    """The client went away before its request was whole."""


class MemoryFull(Exception):
    """The bodies in hand hold all the memory that there is for them."""


@dataclass
class BodyMemory:
    """What the bodies of all requests in hand hold together, of `most` bytes."""

    most: int
    held: int = 0

    def take(self, count: int) -> None:
        """Count so many bytes more; raises MemoryFull where they would be too many."""
        if self.held + count > self.most:
            raise MemoryFull
        self.held += count

    def give_back(self, count: int) -> None:
        """Count so many bytes less."""
        self.held -= count


@dataclass
class RequestBody:
    """The body of one request: what came of it so far, and whether that is all.

    `length` is what the sender declared, or what was counted; `is_whole` says that no more will come.
    """

    receive: Receive
    memory: BodyMemory
    declared: int | None
    content: BytesIO = field(default_factory=BytesIO)
    held: int = 0
    length: int = 0
    is_whole: bool = False

    async def read(self, limit: int, seconds: float) -> bool:
        """Take in what comes, up to `limit` bytes, within so many seconds; return whether the body fits.

        Reading may go on with a higher limit. Raises BodyTooSlow, ClientGone, MemoryFull.
        """
        try:
            async with asyncio.timeout(seconds):
                while not self.is_whole and self.may_fit(limit):
                    self._keep(await self._next())
        except TimeoutError:
            raise BodyTooSlow from None
        return self.may_fit(limit)

    def may_fit(self, limit: int) -> bool:
        """Say whether it isn't known yet to be larger than so many bytes."""
        return max(self.length, self.declared or 0) <= limit

    async def discard(self) -> None:
        """Forget what came and take no notice of what comes, for a while: a client that is still sending reads nothing.

        A body that goes on after that is cut off with the connection.
        """
        self.forget()
        discarded = 0
        try:
            async with asyncio.timeout(_DISCARDED_FOR):
                while not self.is_whole and discarded < _MOST_DISCARDED:
                    discarded += len(await self._next())
        except (TimeoutError, ClientGone):
            return

    def forget(self) -> None:
        """Free what the body holds."""
        self.content = BytesIO()
        self.memory.give_back(self.held)
        self.held = 0

    def _keep(self, chunk: bytes) -> None:
        self.memory.take(len(chunk))
        self.held += len(chunk)
        self.content.write(chunk)

    async def _next(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        self.length += len(chunk)
        self.is_whole = not message.get("more_body", False)
        return chunk
