"""The token of every form: Flask-WTF makes and checks it; what was checked or made lately isn't done again."""

from time import monotonic
from typing import Any

from flask import current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

from portal.core.http.access import READING

_MOST = 2_000
_GIVEN_FOR = 60.0  # seconds
_given: dict[tuple[str | bytes | None, str], tuple[float, str]] = {}


class Tokens(CSRFProtect):
    """Flask-WTF's check before every change; the same token in the same browser isn't verified twice."""

    def __init__(self) -> None:
        """Begin with none verified."""
        super().__init__()
        self._verified: set[tuple[Any, Any]] = set()

    def protect(self, apply_exemptions: bool = False) -> None:
        """Let a change pass whose token belongs to this browser; else the request ends with CSRFError.

        A token goes with the secret in the browser's signed cookie for as long as that lasts (`WTF_CSRF_TIME_LIMIT` is
        None), so that what was verified once holds on.
        """
        if request.method in READING or not request.endpoint:
            return
        pair = (session.get("csrf_token"), self._get_csrf_token())
        if pair in self._verified:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions=apply_exemptions)
        if g.get("csrf_valid"):
            if len(self._verified) >= _MOST:
                self._verified.clear()
            self._verified.add(pair)


def csrf_token() -> str:
    """Return the token of this request; the same browser is given the same one for a minute."""
    token: str | None = g.get("csrf_token")
    if token is not None:
        return token
    own, moment = (current_app.secret_key, session.get("csrf_token", "")), monotonic()
    held = _given.get(own)
    if held is not None and moment - held[0] < _GIVEN_FOR:
        g.csrf_token = held[1]
        return held[1]
    made: str = generate_csrf()
    if own[1]:
        if len(_given) >= _MOST:
            _given.clear()
        _given[own] = (moment, made)
    return made
