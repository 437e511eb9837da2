"""What stands around every page: its head, the bars with menu, language and account, and the foot.

Drawn once for everyone who has the same menu (`portal.core.http.stencils`); a page fills in its own blocks.
"""

from typing import Any, NamedTuple

from flask import Flask, g, get_flashed_messages, request, url_for
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core.http.access import Actor, current_actor
from portal.core.http.csrf import csrf_token
from portal.core.http.languages import direction, language
from portal.core.http.stencils import stencils
from portal.schools.queries import SchoolView
from portal.web.navigation import MenuItem, menu_for


class Frame(NamedTuple):
    """What decides how a frame looks; `layout` is staff, learner, public or print."""

    layout: str
    lang: str
    dir: str
    has_school: bool
    has_logo: bool
    is_signed_in: bool
    items: tuple[MenuItem, ...]
    acts_for: bool
    chooses_whom: bool


@pass_context
def framed(context: Context, layout: str, **blocks: Markup) -> Markup:
    """Return a page: its blocks (title, head, main_class, content) within the frame for whoever asks."""
    school: SchoolView | None = g.get("school")
    actor = current_actor() if school is not None else None
    acts_for, chooses_whom = _representing(actor) if layout == "learner" else (None, False)
    lang = language()
    frame = Frame(
        layout=layout,
        lang=lang,
        dir=direction(lang),
        has_school=school is not None,
        has_logo=school is not None and school.has_logo,
        is_signed_in=actor is not None,
        items=menu_for(actor) if layout != "public" else (),
        acts_for=acts_for is not None,
        chooses_whom=chooses_whom,
    )
    holes = {
        **blocks,
        "messages": _messages(context),
        "csrf": csrf_token(),
        "path": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "actor": actor.name if actor is not None else "",
        "acts_for": acts_for or "",
        **_of_school(school),
    }
    return stencils().draw("layouts/_frame.html", (frame, holes))


def _of_school(school: SchoolView | None) -> dict[str, Any]:
    if school is None:
        return {"school": "Inzage", "initials": "i", "logo": "", "look": ""}
    look = url_for("schools.style", v=school.look_version)
    return {"school": school.name, "initials": school.initials, "logo": school.logo_url or "", "look": look}


def _representing(actor: Actor | None) -> tuple[str | None, bool]:
    """Return for whom a representative looks, and whether she can choose another."""
    if actor is None:
        return None, False
    holder = current_user._get_current_object()
    if not holder.is_authenticated:
        return None, False
    whom = holder.represented.get(actor.learner_id) if actor.represents else None
    return whom, len(holder.represented) + (holder.own_learner_id is not None) > 1


def _messages(context: Context) -> Markup | str:
    """Return what was said on the page before."""
    said = get_flashed_messages(with_categories=True)
    if not said:
        return ""
    return Markup(context.environment.get_template("layouts/_messages.html").render(said=said))  # noqa: S704


def install(app: Flask) -> None:
    """Give the app's templates `framed`."""
    app.jinja_env.globals["framed"] = framed
