"""The edge of a request: one transaction, committed before the answer leaves; a GET changes nothing but the audit."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from flask import Flask, Request, Response, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.db.session import session
from portal.core.http.access import READING
from portal.core.http.headers import vary_by

_KEPT_COOKIES = 2_000
_VERIFIED_FOR = 60.0  # seconds


class GetChanges(RuntimeError):
    """A GET tried to change stored data: a mistake in the code, never the reader's."""


class Sessions(SecureCookieSessionInterface):
    """Flask's cookie, with less work for a request that only reads it."""

    def __init__(self) -> None:
        """Keep the serializer, which Flask makes anew for each request, and what was read lately."""
        self._serializers: dict[int, URLSafeTimedSerializer | None] = {}
        self._read: dict[tuple[int, str], tuple[float, dict[str, Any]]] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads the cookie; the keys of an app don't change while it runs."""
        if id(app) not in self._serializers:
            self._serializers[id(app)] = super().get_signing_serializer(app)
        return self._serializers[id(app)]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; the same cookie isn't verified twice within a minute."""
        cookie, moment = request.cookies.get(self.get_cookie_name(app)), monotonic()
        held = self._read.get((id(app), cookie)) if cookie else None
        if held is not None and moment - held[0] < _VERIFIED_FOR:
            return self.session_class(held[1])
        opened = super().open_session(app, request)
        if cookie and opened and "_flashes" not in opened:  # a list, which the next message would be added to
            if len(self._read) >= _KEPT_COOKIES:
                self._read.clear()
            self._read[id(app), cookie] = (moment, dict(opened))
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie where it changed; else only say that the answer depends on it."""
        if session.modified or session.permanent:
            super().save_session(app, session, response)
        elif session.accessed:
            vary_by(response, "Cookie")


class PortalApp(Flask):
    """Flask with the commit at the edge: a change is stored before its answer leaves, a refusal stores nothing."""

    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view as it is: none of them is asynchronous, and Flask asks it of each function of each request."""
        return func

    def dispatch_request(self) -> Any:
        """Run the view, then commit; on an error or a refusal (status 400 and up) roll back.

        A refused form is shown again with what it is about, so that view too is written in the audit.
        """
        try:
            response: Response = self.make_response(super().dispatch_request())
            if response.status_code >= 400 and request.method not in READING:
                session.rollback()
            audit.write_views()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            audit.forget_views()
        return response


@event.listens_for(Session, "before_flush")
def _refuse_in_get(flushing: Session, _context: Any, _instances: Any) -> None:
    if not has_request_context() or request.method not in READING:
        return
    if flushing.info.get("apart"):
        return
    changed = [*flushing.new, *flushing.deleted, *(row for row in flushing.dirty if flushing.is_modified(row))]
    if changed:
        raise GetChanges(f"a GET of {request.endpoint} would change {type(changed[0]).__name__}")
