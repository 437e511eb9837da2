"""Page or partial, redirects and headers: what every answer has in common."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from htmx_flask import make_response as htmx_response
from htmx_flask import request
from markupsafe import Markup
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from portal.core import errors
from portal.core.http.access import access_of
from portal.core.http.forms import Form
from portal.core.http.languages import in_language

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SECURE = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
# A style sheet, script or picture runs nothing by itself: a phone on a slow line needn't get the rest a dozen times.
ASSET_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PAGES, _ASSETS = (
    {False: list(headers.items()), True: list((headers | SECURE).items())} for headers in (HEADERS, ASSET_HEADERS)
)


_NO_ID = UUID(int=0)
_LAST_PAGE = 100_000


def url_pattern(endpoint: str, argument: str) -> str:
    """Return an endpoint's path with `%s` in the place of its id: a list makes it once, above its rows."""
    values: dict[str, Any] = {argument: _NO_ID}
    return url_for(endpoint, **values).replace("%", "%%").replace(str(_NO_ID), "%s")


def wants_partial() -> bool:
    """Say whether htmx asks for a part: not when it restores a page from history, nor for a whole page."""
    htmx = request.htmx
    return (
        bool(htmx)
        and not htmx.history_restore_request
        and request.headers.get("HX-Request-Type", "partial") == "partial"
    )


def page(whole: str, partial: str | None = None, *, status: int = 200, **context: Any) -> Response:
    """Render the whole page, or the partial where htmx asked for a part; the address is the same."""
    template = partial if partial is not None and wants_partial() else whole
    response = make_response(render_template(template, **context), status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def form_page(template: str, form: Form, **context: Any) -> Response:
    """Render the page of a form at one address: 200 to be filled in, 422 refused, 429 where too much was sent."""
    status = 429 if form.wait_minutes else 422 if request.method == "POST" else 200
    response = page(template, form=form, status=status, **context)
    if form.wait_minutes:
        response.headers["Retry-After"] = str(form.wait_minutes * 60)
    return response


def part_in(code: str, template: str, **context: Any) -> Markup:
    """Return a part of a page in another language than the page's, such as a letter to somebody on a page of staff."""
    with in_language(code):
        return Markup(render_template(template, **context))  # noqa: S704  (our own template)


def see_other(url: str) -> BaseResponse:
    """Send the browser to another page after a change: 303, or htmx's own header."""
    if request.htmx:
        answer: Response = htmx_response("", 204, redirect=url)
        return answer
    return redirect(url, 303)


def see_saved(url: str, *, place: str, said: str) -> BaseResponse:
    """Send the browser to the place on a page (an id) where something was saved, and say so there, once.

    The page shows it with `said_at(place)` of `components/saved.html`.
    """
    flash(said, f"#{place}")
    return see_other(f"{url}#{place}")


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return a path of this very host to go back to; anything that could lead elsewhere becomes `otherwise`."""
    path = wanted or ""
    sound = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return _page_at(path, otherwise) if sound and not urlsplit(path).netloc else otherwise


def _page_at(path: str, otherwise: str) -> str:
    """Return the path, or that of the nearest page above it where it takes forms alone."""
    addresses = current_app.url_map.bind("localhost")
    above, wanted = urlsplit(path).path, path
    while above:
        try:
            addresses.match(above, method="GET")
        except MethodNotAllowed:
            pass
        except (NotFound, RequestRedirect):
            if wanted is path:
                return path
        else:
            return wanted
        above = wanted = above.rpartition("/")[0]
    return otherwise


def page_number() -> int:
    """Return which page of a list is asked for by `pagina`: 1 where that is no number, and never more than can be."""
    asked: int = request.args.get("pagina", 1, type=int)
    return min(max(1, asked), _LAST_PAGE)


def ids_ticked(name: str, of: str) -> list[UUID]:
    """Return the ids of the boxes called `name` that were ticked, each once; raises NotFound(of) where one is none."""
    try:
        return [UUID(value) for value in dict.fromkeys(request.form.getlist(name))]
    except ValueError:
        raise errors.NotFound(of) from None


def id_asked(name: str) -> UUID | None:
    """Return the id that the address or the form in hand gives by this name; None where it gives none."""
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        return None


def where_she_was() -> str:
    """Return the path of the page that this request came from: itself for a GET, else the page with the form."""
    if request.method == "GET":
        return own_path(request.full_path.rstrip("?"))
    try:
        came_from = urlsplit(request.htmx.current_url or request.referrer or "")
    except ValueError:
        return "/"
    if came_from.netloc != request.host:
        return "/"
    return own_path(came_from.path + (f"?{came_from.query}" if came_from.query else ""))


def _keep_private(response: Response) -> None:
    """Take back what a file that is sent says of being kept, where not everybody may have it."""
    if access_of(current_app, str(request.endpoint)) != "public":
        response.headers["Cache-Control"] = HEADERS["Cache-Control"]
        for said_already in ("Expires", "ETag", "Last-Modified"):
            response.headers.pop(said_already, None)


def add_headers(response: Response) -> Response:
    """Put the security headers on an answer; a personal page is never stored by the browser or a proxy."""
    headers = response.headers
    there = {name.lower() for name, _value in headers}
    wanted = _ASSETS if request.endpoint == "static" else _PAGES
    if "cache-control" in there and request.endpoint not in {None, "static"}:
        _keep_private(response)
    headers.extend([(name, value) for name, value in wanted[request.is_secure] if name.lower() not in there])
    return response
