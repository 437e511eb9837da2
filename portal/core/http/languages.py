"""Languages and how dates and numbers are written in them. Source text is plain Dutch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    LazyString,
    force_locale,
    format_date,
    format_datetime,
    format_decimal,
    format_time,
    get_locale,
    get_translations,
    gettext,
    ngettext,
)
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.core.clock import AMSTERDAM, local

__all__ = ["DEFAULT", "LANGUAGES", "REVIEWED", "_", "_l", "_n", "direction", "in_language", "install", "language"]

DEFAULT = "nl"
LANGUAGES: dict[str, str] = {"nl": "Nederlands", "en": "English", "ar": "العربية"}
REVIEWED = frozenset({"nl"})
COOKIE = "__Host-taal"
_USUAL_HEADER = 200  # characters; what is longer isn't remembered

_page: ContextVar[str | None] = ContextVar("page_language", default=None)
_words: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
_marked: dict[str, dict[str, Markup]] = {code: {} for code in LANGUAGES}


def language() -> str:
    """Return the language of this page: chosen, else the account's, else the browser's, else Dutch.

    Outside a request it is the one that a job or a mail was begun in.
    """
    return _page_language() or _forced_language()


def _forced_language() -> str:
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT


def _page_language() -> str | None:
    """Return the language of the page being answered; None outside a request."""
    code = _page.get()
    return _choose() if code is None and has_request_context() else code


def settle_language() -> None:
    """Let the language of this request stand from here on: who is asking is known."""
    _page.set(_choose())


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write in another language for a while, such as a letter to somebody on a page of staff.

    flask_babel's `force_locale` alone would let texts of this language be remembered as those of the page's.
    """
    token = _page.set(code if has_request_context() else None)
    try:
        with force_locale(code):
            yield
    finally:
        _page.reset(token)


def _(text: str, **variables: Any) -> str:
    """Return a text in the page's language, looked up once for the process; outside a request anew."""
    code = _page_language()
    if code is None:
        return str(gettext(text, **variables))
    known = _words[code]
    found = known.get(text)
    if found is None:
        found = known[text] = str(get_translations().ugettext(text))
    return found % variables if variables else found


def _l(text: str, **variables: Any) -> LazyString:
    """Return a text that is translated when it is shown."""
    return LazyString(_, text, **variables)


def _n(one: str, several: str, num: int, **variables: Any) -> str:
    """Return the text for so many, in the page's language; `%(num)s` in it is the number."""
    code = _page_language()
    if code is None:
        return str(ngettext(one, several, num, **variables))
    return _plural(code, one, several, num) % {"num": num, **variables}


@lru_cache(maxsize=4096)
def _plural(_code: str, one: str, several: str, num: int) -> str:
    return str(get_translations().ungettext(one, several, num))


def _choose() -> str:
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(COOKIE) or getattr(g, "account_language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    header = request.headers.get("Accept-Language", "")
    return _remembered_match(header) if len(header) <= _USUAL_HEADER else _match(header)


def _match(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(list(LANGUAGES), DEFAULT) or DEFAULT


_remembered_match = lru_cache(maxsize=256)(_match)


@lru_cache(maxsize=32)
def direction(code: str) -> str:
    """Return `rtl` or `ltr`, the direction in which a language is written."""
    return Locale.parse(code).text_direction


_STYLES = {"long": "d MMMM y", "medium": "d MMM y"}


def _as_date(value: date | datetime, style: str = "long") -> str:
    """Write a date: day, month, year in each language, so that no page has two orders."""
    if isinstance(value, datetime):
        value = local(value).date()
    return str(format_date(value, _STYLES[style]))


_FILTERS: dict[str, Callable[..., Any]] = {
    "date": _as_date,
    "datetime": lambda value: format_datetime(value, "d MMMM y HH:mm"),
    "time": lambda value: format_time(value, "HH:mm", rebase=isinstance(value, datetime)),
    "number": format_decimal,
    "month": lambda value: format_date(value, "MMMM y"),
    "monthname": lambda value: format_date(value, "LLL"),
    "weekday": lambda value: format_date(value, "EEEE d MMMM"),
    "dayname": lambda value: format_date(value, "EEEEE" if language() == "ar" else "EEEEEE"),
    "shortday": lambda value: format_date(value, "EEE d MMM"),
    "daymonth": lambda value: format_date(value, "d MMM"),
}


def _remembered(write: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter write each value once for a language: a list shows the same dates again and again."""

    @lru_cache(maxsize=8192)
    def written(_code: str, value: Any, *style: Any) -> Any:
        return write(value, *style)

    def filtered(value: Any, *style: Any) -> Any:
        code = _page_language()
        return write(value, *style) if code is None else written(code, value, *style)

    return filtered


def _translated_number(one: str, several: str, num: int, **variables: Any) -> Markup:
    """Return a text of a template for so many, the number as the language writes it; what fills it in is escaped."""
    code = _page_language()
    text = str(ngettext(one, several, num)) if code is None else _plural(code, one, several, num)
    return Markup(text) % {"num": _WRITERS["number"](num), **variables}  # noqa: S704


_WRITERS = {name: _remembered(write) for name, write in _FILTERS.items()}


def _translated(text: str, **variables: Any) -> Markup:
    """Return a text of a template; what fills it in is escaped."""
    if variables:
        return Markup(_(text)) % variables  # noqa: S704  (our own text)
    code = _page_language()
    if code is None:
        return Markup(_(text)) % {}  # noqa: S704
    known = _marked[code]
    found = known.get(text)
    if found is None:
        found = known[text] = Markup(_(text)) % {}  # noqa: S704
    return found


def verbatim(value: Any, applies: bool = True) -> Any:
    """Mark a name, a number or a code in a template as what a browser's translation leaves as it is; where it
    doesn't apply, or there is nothing, return the value itself."""
    return Markup('<bdi translate="no">{}</bdi>').format(value) if applies and value not in {None, ""} else value


def comma() -> str:
    """Return what stands between two words of a list, or a day and its time, in the page's language."""
    return "، " if language() == "ar" else ", "


def _listed(parts: Iterable[Any]) -> Markup:
    """Join words in a template as the page's language does; what isn't markup is escaped."""
    return Markup(comma()).join(parts)  # noqa: S704  (our own comma)


def written(style: str, value: Any) -> str:
    """Return a date or a time as the templates' filter of that name writes it: date, datetime, time, weekday."""
    text: str = _WRITERS[style](value)
    return text


def country_name(name: str) -> str:
    """Return the name of a country in the page's language; one that isn't written as in Dutch stays as it is."""
    territory = _dutch_countries().get(name.strip().lower())
    return str(Locale.parse(language()).territories[territory]) if territory else name


@lru_cache(maxsize=1)
def _dutch_countries() -> dict[str, str]:
    """Return the codes of countries by their Dutch names in small letters."""
    return {str(name).lower(): code for code, name in Locale.parse(DEFAULT).territories.items() if code.isalpha()}


@lru_cache(maxsize=len(LANGUAGES))
def unreviewed_note(code: str) -> str:
    """Return what stands under a language whose translation nobody who speaks it has read, in that language."""
    with force_locale(code):
        return str(gettext("Nog niet nagekeken door iemand die deze taal spreekt"))


def install(app: Flask) -> None:
    """Bind the languages and the filters of dates and numbers to the app."""
    Babel(app, default_locale=DEFAULT, default_timezone=str(AMSTERDAM), locale_selector=_choose)
    app.jinja_env.filters.update(_WRITERS, listed=_listed, verbatim=verbatim)
    app.jinja_env.globals.update(
        languages=LANGUAGES,
        reviewed_languages=REVIEWED,
        unreviewed_note=unreviewed_note,
        direction=direction,
        comma=comma,
        _=_translated,
        gettext=_translated,
        ngettext=_translated_number,
    )
