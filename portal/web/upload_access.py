"""Whether a sender may send an upload, asked before its body is taken in."""

from contextvars import Context
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Flask

from portal.core.logs import places
from portal.web.lifecycle import admits_upload

_log = structlog.get_logger("portal")


def may_upload(app: Flask, environ: WSGIEnvironment) -> bool:
    """Say whether the address is open to who asks; a fault counts as no, since the app will meet it again."""
    return Context().run(_ask, app, environ)


def _ask(app: Flask, environ: WSGIEnvironment) -> bool:
    with app.request_context(environ):
        try:
            return admits_upload()
        except Exception as error:  # noqa: BLE001 - the app answers for it
            _log.error("fault", kind=type(error).__name__, at=places(error))
            return False
