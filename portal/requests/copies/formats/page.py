"""A copy as one HTML page that opens without a network, in the language of whose it is."""

from flask import current_app
from markupsafe import Markup

from portal.requests.copies.contents.assembly import Contents, given_to_nobody
from portal.requests.copies.labels import KIND_LABELS
from portal.requests.copies.models import CopyKind

_PAGE, _STYLES = "requests/copies/document.html", "requests/copies/document.css"


def page_of(copy: Contents) -> bytes:
    """Return the page, with its styles in it. Rendered in the language in force, without a request's own values."""
    env = current_app.jinja_env
    styles = Markup("<style>{}</style>").format(Markup(env.get_template(_STYLES).render()))  # noqa: S704  (our own file)
    title = str(KIND_LABELS[CopyKind.ACCESS])
    return (
        env.get_template(_PAGE)
        .render(copy=copy, nobody=given_to_nobody(), lang=copy.language, title=title, styles=styles)
        .encode()
    )
