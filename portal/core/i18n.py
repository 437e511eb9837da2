"""Languages and how dates and numbers are written in them. Source text is plain Dutch."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
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
from markupsafe import Markup

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


_FILTERS: dict[str, Callable[..., Any]] = {
    "date": _as_date,
    "datetime": lambda value: format_datetime(value, "d MMMM y HH:mm"),
    "time": lambda value: format_time(value, "HH:mm", rebase=isinstance(value, datetime)),
    "number": format_decimal,
    "weekday": lambda value: format_date(value, "EEEE d MMMM"),
    "shortday": lambda value: format_date(value, "EEE d MMM"),
}


def _page_language() -> str | None:
    """Return the language of the page being answered, looked up once for it; None outside a request."""
    if not has_request_context():
        return None
    code: str | None = g.get("page_language")
    if code is None:
        code = g.page_language = language()
    return code


def _remembered(write: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter write each value once for a language: a list shows the same dates again and again."""

    @lru_cache(maxsize=8192)
    def written(_code: str, value: Any, *style: Any) -> Any:
        return write(value, *style)

    def filtered(value: Any, *style: Any) -> Any:
        code = _page_language()
        return write(value, *style) if code is None else written(code, value, *style)

    return filtered


_words: dict[str, dict[str, Markup]] = {code: {} for code in LANGUAGES}
_patterns: dict[str, dict[str, Markup]] = {code: {} for code in LANGUAGES}


def _translated(text: str, **variables: Any) -> Markup:
    """Return a text of a template in the page's language, looked up once for the process; outside a request anew."""
    code = _page_language()
    if code is None:
        return Markup(gettext(text)) % variables  # noqa: S704  (our own text; what fills it in is escaped)
    known = _patterns[code] if variables else _words[code]
    found = known.get(text)
    if found is None:
        pattern = Markup(gettext(text))  # noqa: S704  (our own text)
        found = known[text] = pattern if variables else pattern % {}
    return found % variables if variables else found


def install(app: Flask) -> None:
    """Bind the languages and the filters of dates and numbers to the app."""
    Babel(app, default_locale=DEFAULT, default_timezone=str(AMSTERDAM), locale_selector=language)
    app.jinja_env.filters.update({name: _remembered(write) for name, write in _FILTERS.items()})
    app.jinja_env.globals.update(
        languages=LANGUAGES, reviewed_languages=REVIEWED, direction=direction, _=_translated, gettext=_translated
    )
