"""The ASGI app that is served: takes each request in whole before a thread or a database connection is spent on it.

Bytes and seconds of a body are limited by address; a slow reader of an answer holds no thread. The app itself stays
WSGI, and runs in so many threads.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import structlog
from flask import Flask

from portal.web.connections import current_connection
from portal.web.exchanges import Capacity, Exchange, Limits, MayUpload, Queue, Send, SlowReader
from portal.web.request_body import BodyMemory, Receive
from portal.web.wsgi_answer import Scope

_log = structlog.get_logger("portal.requests")


class RequestGate:
    """Answers ASGI requests with a Flask app."""

    def __init__(
        self, app: Flask, limits: Limits, *, threads: int, may_upload: MayUpload, logs_requests: bool = False
    ) -> None:
        """Take the app and make the threads in which it runs, and half as many for what is costly.

        `may_upload` says who may send more than is usual.
        """
        usual = ThreadPoolExecutor(threads, thread_name_prefix="request")
        costly = ThreadPoolExecutor(max(1, threads // 2), thread_name_prefix="costly")
        memory = BodyMemory(limits.body_memory)
        self._capacity = Capacity(app, limits, Queue(usual), Queue(costly), memory, may_upload)
        self._logs_requests = logs_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        connection, began = current_connection(), perf_counter()
        if connection is not None:
            connection.begin_request()
        exchange = Exchange(self._capacity, scope, receive, send)
        try:
            await exchange.run()
        except SlowReader:
            if connection is not None:
                connection.abort()
                await asyncio.sleep(0)  # uvicorn hears of it before this call returns
        finally:
            if connection is not None:
                connection.end_request()
            if self._logs_requests:
                self._log(exchange, perf_counter() - began)

    def _log(self, exchange: Exchange, seconds: float) -> None:
        """Write a line without personal data: the address as it is declared, not the ids in it, and no query."""
        rule = self._capacity.rule_of(exchange.scope)
        _log.info(
            "request",
            method=exchange.scope["method"],
            address=rule.rule if rule is not None else None,
            status=exchange.status,
            milliseconds=round(1000 * seconds, 1),
            bytes=exchange.sent,
            is_whole=exchange.is_whole,
        )
