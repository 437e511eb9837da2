"""One request and its answer: the head looked at, the body taken in, the app asked, the answer sent in pieces."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar
from wsgiref.types import WSGIEnvironment

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from portal.core.http.body_limits import MEBIBYTE, USUAL, body_limit_of
from portal.core.http.costs import is_costly
from portal.web.request_body import BodyMemory, BodyTooSlow, ClientGone, MemoryFull, Receive, RequestBody
from portal.web.wsgi_answer import Headers, Scope, WsgiAnswer, make_environ

Send = Callable[[dict[str, Any]], Awaitable[None]]
MayUpload = Callable[[Flask, WSGIEnvironment], bool]
T = TypeVar("T")

_PIECE = 64 * 1024
_LONGEST_HOST = 260
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_HOST = re.compile(rb"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?(?::\d{1,5})?|\[[0-9a-f:.]{2,45}\](?::\d{1,5})?", re.I)
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
_SAID_ONCE = frozenset({b"content-length", b"host"})
_REFUSALS = {
    400: "Deze aanvraag klopt niet. / Bad request.",
    408: "Het duurde te lang. Probeer het opnieuw. / It took too long. Try again.",
    503: "Het is nu te druk. Probeer het zo weer. / Too busy now. Try again soon.",
}


class SlowReader(Exception):
    """The client didn't take a piece of its answer in time."""


class Refused(Exception):
    """The request is not for the app: it is answered with a status, and the connection is closed."""

    def __init__(self, status: int) -> None:
        """Take the status of the answer."""
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Limits:
    """How many seconds a client may take, and what all requests in hand may come to.

    `answer_seconds` is for each 64 KiB of an answer; `body_memory` is in bytes.
    """

    body_seconds: float = 30
    upload_seconds: float = 600
    answer_seconds: float = 30
    body_memory: int = 256 * MEBIBYTE
    most_waiting: int = 256


@dataclass
class Queue:
    """Threads of the app, and how many requests wait for one."""

    threads: Executor
    waiting: int = 0

    async def run(self, function: Callable[..., T], *values: Any) -> T:
        """Run a function in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)


@dataclass
class Capacity:
    """What all requests in hand share: the app and its threads, those for costly addresses, the memory for bodies."""

    app: Flask
    limits: Limits
    usual: Queue
    costly: Queue
    memory: BodyMemory
    may_upload: MayUpload

    def __post_init__(self) -> None:
        """Look addresses up in the app's own table, at whatever host."""
        self._addresses = self.app.url_map.bind("localhost")

    def rule_of(self, scope: Scope) -> Rule | None:
        """Return the rule of the address that is asked for, None where there is none for path and method."""
        try:
            return self._addresses.match(scope["path"], scope["method"], return_rule=True)[0]
        except HTTPException:
            return None

    def body_limit(self, scope: Scope) -> int:
        """Return how many bytes the body of a request may have."""
        rule = self.rule_of(scope)
        return body_limit_of(self.app, rule.endpoint if rule is not None else None)

    def queue_of(self, scope: Scope) -> Queue:
        """Return the queue in which a request waits for a thread."""
        rule = self.rule_of(scope)
        is_slow = scope["method"] == "POST" and rule is not None and is_costly(self.app, rule.endpoint)
        return self.costly if is_slow else self.usual


@dataclass(frozen=True)
class Head:
    """What a request's headers say about its body and its connection."""

    declared: int | None
    has_body: bool
    expects_continue: bool


class Exchange:
    """One request and its answer; `status` is None where no answer was begun, `sent` counts the answer's bytes."""

    def __init__(self, capacity: Capacity, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin with nothing taken in and nothing sent."""
        self.scope = scope
        self.status: int | None = None
        self.sent = 0
        self.is_whole = False
        self._capacity = capacity
        self._limits = capacity.limits
        self._receive = receive
        self._send_message = send
        self._closes = False

    async def run(self) -> None:
        """Take the request in, let the app answer it, send the answer. Raises SlowReader."""
        try:
            head = _read_head(self.scope)
            body = RequestBody(self._receive, self._capacity.memory, head.declared, is_whole=not head.has_body)
            try:
                await self._take_in(body, head)
                environ = make_environ(self.scope, body.content, max(body.length, body.declared or 0))
                await self._answer(WsgiAnswer(self._capacity.app, environ))
            finally:
                body.forget()
        except Refused as refused:
            await self._refuse(refused.status)
        except ClientGone:
            return

    async def _take_in(self, body: RequestBody, head: Head) -> None:
        """Read the body as far as the address and the sender allow; of one that is too large nothing is kept.

        The app is then told its length alone, and answers that it is too large, or that this sender may not send it.
        """
        if body.is_whole:
            return
        try:
            fits = await self._read_allowed(body)
        except BodyTooSlow:
            raise Refused(408) from None
        except MemoryFull:
            raise Refused(503) from None
        if not fits:
            if not head.expects_continue:
                await body.discard()
            self._closes = self._closes or not body.is_whole
            body.forget()
        body.content.seek(0)

    async def _read_allowed(self, body: RequestBody) -> bool:
        """Read what anybody may send; more than that once it is known that who sends it may. Return whether it fits."""
        limit = self._capacity.body_limit(self.scope)
        if await body.read(min(limit, USUAL), self._limits.body_seconds):
            return True
        if not body.may_fit(limit):
            return False
        environ = make_environ(self.scope, BytesIO(), 0)
        if not await self._capacity.usual.run(self._capacity.may_upload, self._capacity.app, environ):
            return False
        return await body.read(limit, self._limits.upload_seconds)

    async def _answer(self, answer: WsgiAnswer) -> None:
        """Let the app answer and send it, part by part; between parts no thread waits for the client."""
        queue = self._capacity.queue_of(self.scope)
        part, has_more = await self._first_part(answer, queue)
        try:
            await self._start(answer.status, answer.headers)
            await self._send_part(part, has_more=has_more)
            while has_more:
                part, has_more = await queue.run(answer.next_part)
                await self._send_part(part, has_more=has_more)
            self.is_whole = True
        finally:
            if has_more:
                await queue.run(answer.close)

    async def _first_part(self, answer: WsgiAnswer, queue: Queue) -> tuple[bytes, bool]:
        if queue.waiting >= self._limits.most_waiting:
            raise Refused(503)
        queue.waiting += 1
        try:
            return await queue.run(answer.first_part)
        finally:
            queue.waiting -= 1

    async def _refuse(self, status: int) -> None:
        text = _REFUSALS[status].encode()
        self._closes = True
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
        await self._start(status, headers)
        await self._send_part(text, has_more=False)
        self.is_whole = True

    async def _start(self, status: int, headers: Headers) -> None:
        self.status = status
        if self._closes:
            headers = [*headers, (b"connection", b"close")]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _send_part(self, part: bytes, *, has_more: bool) -> None:
        """Send a part of the answer in pieces, each of which the client has to take in its time."""
        for at in range(0, len(part) or 1, _PIECE):
            piece = part[at : at + _PIECE]
            is_last = not has_more and at + _PIECE >= len(part)
            await self._send({"type": "http.response.body", "body": piece, "more_body": not is_last})
            self.sent += len(piece)

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                await self._send_message(message)
        except TimeoutError:
            raise SlowReader from None


def _read_head(scope: Scope) -> Head:
    """Read what matters before the body; raises Refused for what no app should see.

    A name with an underscore would become the same WSGI variable as the real header beside it. For a host that can be
    no name no address could be built, that of an error page neither. With both a length and a coding, or one
    of length and host said twice, a proxy may see other requests than we do (RFC 9112, 3.2 and 6.1).
    """
    if _CONTROL.search(scope["path"]):
        raise Refused(400)
    values: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if b"_" in name or (name in _SAID_ONCE and name in values):
            raise Refused(400)
        values[name] = value
    if values.keys() >= _LENGTHS:
        raise Refused(400)
    if b"host" in values and (len(values[b"host"]) > _LONGEST_HOST or not _HOST.fullmatch(values[b"host"])):
        raise Refused(400)
    declared = int(values[b"content-length"]) if b"content-length" in values else None
    has_body = bool(declared) or b"transfer-encoding" in values
    expects_continue = values.get(b"expect", b"").lower() == b"100-continue"
    return Head(declared, has_body, expects_continue)
