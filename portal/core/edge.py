"""The edge of a request: one transaction, committed before the answer leaves; a GET changes nothing but the audit."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask.templating import Environment
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.database import session

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class GetChanges(RuntimeError):
    """A GET tried to change stored data: a mistake in the code, never the reader's."""


class QuickEnvironment(Environment):
    """Jinja whose templates share one plain dictionary of globals: a chain of two is slow to compare at each import."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals, or a copy with those of one template added."""
        return {**self.globals, **d} if d else self.globals


class PortalApp(Flask):
    """Flask with the commit at the edge: a change is stored before its answer leaves, a refusal stores nothing."""

    jinja_environment = QuickEnvironment

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
