"""The page on which a demo shows the mails that it wrote instead of sending them. It exists in a demo alone."""

from flask import Blueprint, Response

from portal.core.errors import NotFound
from portal.core.http.access import public
from portal.core.http.pages import page
from portal.demo.mails import is_demo, list_mails

blueprint = Blueprint("demo", __name__)


@blueprint.get("/post")
@public
def mails() -> Response:
    """Show this school's mails, newest first."""
    if not is_demo():
        raise NotFound("page")
    return page("demo/mails.html", mails=list_mails())
