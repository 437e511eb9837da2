"""Every cookie that the portal sets, read from the app that sets it: the statement lists them all (LB-16, MN-13)."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import LazyString

from portal.core.http.languages import COOKIE as LANGUAGE_COOKIE
from portal.core.http.languages import _l


@dataclass(frozen=True)
class Cookie:
    """A cookie, what it is for and how long it stays."""

    name: str
    purpose: LazyString
    lasts: LazyString


def cookies_of(app: Flask) -> tuple[Cookie, ...]:
    """Return the cookies of an app: one to sign in with, and one for a language that was chosen."""
    days = app.permanent_session_lifetime.days
    return (
        Cookie(
            app.config["SESSION_COOKIE_NAME"],
            _l("Om in te loggen en formulieren te beschermen."),
            _l("Tot u uitlogt, hoogstens %(days)s dagen.", days=days),
        ),
        Cookie(
            LANGUAGE_COOKIE,
            _l("Onthoudt de taal, alleen als u er een kiest."),
            _l("Een jaar."),
        ),
    )
