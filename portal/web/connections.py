"""A client's connection: uvicorn's HTTP protocol, with a deadline for each head and for the end of each answer.

The deadlines of bodies and of what is sent belong to the request (`portal.web.request_gate`), which finds its
connection here and cuts it off where the client doesn't keep up.
"""

import asyncio
import socket
from contextvars import ContextVar
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from portal.config import settings

_current: ContextVar["Connection | None"] = ContextVar("connection", default=None)


def current_connection() -> "Connection | None":
    """Return the connection that the request in hand came by; None outside of `portal serve`."""
    return _current.get()


class Connection(asyncio.Protocol):
    """What uvicorn is given as its HTTP implementation (`Config(http=…)`): hands everything on to uvicorn's own.

    The task that uvicorn starts for a request inherits the context in which its head came in, and with it this object.
    """

    def __init__(self, **server: Any) -> None:
        """Make the protocol for a connection that is about to be accepted."""
        self._http = H11Protocol(**server)
        self._loop = asyncio.get_running_loop()
        self._head_seconds = settings().head_seconds
        self._answer_seconds = settings().answer_seconds
        self._transport: asyncio.Transport
        self._deadline: asyncio.TimerHandle | None = None
        self._answers = False
        self._in_head = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first head."""
        self._transport = cast("asyncio.Transport", transport)
        connected = transport.get_extra_info("socket")
        if connected is not None:  # head and body of an answer are written one after the other
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._http.connection_made(self._transport)
        self._set_deadline(self._head_seconds)

    def data_received(self, data: bytes) -> None:
        """Hand on what came; the first bytes after an answer begin a head, with its own time."""
        if not self._answers and not self._in_head:
            self._in_head = True
            self._set_deadline(self._head_seconds)
        token = _current.set(self)
        try:
            self._http.data_received(data)
        finally:
            _current.reset(token)

    def begin_request(self) -> None:
        """Note that a head is whole: from here on the request keeps the time."""
        self._answers, self._in_head = True, False
        self._set_deadline(None)

    def end_request(self) -> None:
        """Note that the answer was handed over; what the client hasn't taken yet of it has its time."""
        self._answers = False
        if not self._transport.is_closing() or self._transport.get_write_buffer_size():
            self._set_deadline(self._answer_seconds)

    def abort(self) -> None:
        """Close at once, without sending what still waits."""
        self._set_deadline(None)
        self._transport.abort()

    def eof_received(self) -> bool | None:
        """Hand on that the client sends no more."""
        self._http.eof_received()
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand on that the connection is gone."""
        self._set_deadline(None)
        self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand on that the client doesn't take what is sent."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that the client takes what is sent again."""
        self._http.resume_writing()

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self._loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        """End a connection whose head isn't whole, or whose client doesn't take its answer; not one that is idle."""
        self._deadline = None
        if self._in_head or self._transport.get_write_buffer_size():
            self._transport.abort()
