"""The blueprint of courses, and how its forms are answered."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Conflict, Invalid
from portal.core.http.pages import page, see_other
from portal.courses.forms import CoursesForm

blueprint = Blueprint("courses", __name__)


def show_form(form: CoursesForm, *, title: str, back: tuple[str, str], status: int = 200, **more: Any) -> Response:
    """Show a form on a page of its own; `back` is the page it belongs to: name and address."""
    return page("courses/form.html", form=form, title=title, back=back, status=status, **more)


def store(
    form: CoursesForm, save: Callable[[], object], *, title: str, back: tuple[str, str], said: str, **more: Any
) -> BaseResponse:
    """Store what was submitted and go back; a refusal is the same form with its messages (422)."""
    if form.validate_on_submit():
        try:
            save()
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            flash(said, "good")
            return see_other(back[1])
    return show_form(form, title=title, back=back, status=422, **more)
