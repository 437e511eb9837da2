"""Languages and how dates and numbers are written in them. Source text is plain Dutch."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    format_time,
    gettext,
    lazy_gettext,
    ngettext,
)

from portal.core.clock import AMSTERDAM, local

__all__ = ["DEFAULT", "LANGUAGES", "REVIEWED", "_", "_l", "_n", "direction", "install", "language"]

DEFAULT = "nl"
LANGUAGES: dict[str, str] = {"nl": "Nederlands", "en": "English", "ar": "العربية"}
REVIEWED = frozenset({"nl", "en"})
COOKIE = "__Host-taal"

_: Callable[..., str] = gettext
_l: Callable[..., Any] = lazy_gettext
_n: Callable[..., str] = ngettext


def language() -> str:
    """Return the language of this page: chosen, else the account's, else the browser's, else Dutch."""
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(COOKIE) or getattr(g, "account_language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT


def direction(code: str) -> str:
    """Return `rtl` or `ltr`, the direction in which a language is written."""
    return Locale.parse(code).text_direction


def _as_date(value: date | datetime, style: str = "long") -> str:
    if isinstance(value, datetime):
        value = local(value).date()
    return str(format_date(value, style))


def install(app: Flask) -> None:
    """Bind the languages and the filters of dates and numbers to the app."""
    Babel(app, default_locale=DEFAULT, default_timezone=str(AMSTERDAM), locale_selector=language)
    filters: dict[str, Any] = {
        "date": _as_date,
        "datetime": lambda value: format_datetime(value, "d MMMM y HH:mm"),
        "time": lambda value: format_time(value, "HH:mm", rebase=isinstance(value, datetime)),
        "number": format_decimal,
        "weekday": lambda value: format_date(value, "EEEE d MMMM"),
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(languages=LANGUAGES, reviewed_languages=REVIEWED, direction=direction)
