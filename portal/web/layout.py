"""What templates may call besides the menu (`portal.web.navigation`): whom somebody looks for, addresses, drawings."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_login import current_user
from markupsafe import Markup

from portal.core.http.access import current_actor
from portal.core.http.pages import url_pattern
from portal.policy.glossary import new_terms
from portal.policy.labels import laws_in
from portal.policy.privacy_notices.presenters import objectable_uses, objectable_uses_of_form, statement_beside


@dataclass(frozen=True)
class ActingFor:
    """The name of the learner whom a representative looks for; whether there are several to choose from."""

    name: str | None = None
    may_choose: bool = False


def acting_for() -> ActingFor:
    """Return for whom the person who asks looks."""
    actor = current_actor()
    if actor is None or not current_user.is_authenticated:
        return ActingFor()
    represented = current_user.represented
    return ActingFor(
        name=represented.get(actor.learner_id) if actor.represents else None,
        may_choose=len(represented) + (current_user.own_learner_id is not None) > 1,
    )


def count_new() -> int:
    """Return how much of what happened for who asks is new to her, as the statement on her session has it."""
    if current_actor() is None:
        return 0
    found: int = getattr(current_user, "new_notifications", 0)
    return found


def has_unread_notice() -> bool:
    """Say whether the statement changes and who asks hasn't read how, as the statement on her session has it."""
    return current_actor() is not None and bool(getattr(current_user, "has_unread_notice", False))


def install(app: Flask) -> None:
    """Give templates the functions above, `url_pattern`, what explains words and laws, `icon` and `place_icon`."""
    drawn: Any = app.jinja_env.get_template("components/icons.html").module
    icons: dict[str, Markup] = drawn.icons

    def icon(name: str) -> Markup:
        """Return the drawing of this name; nothing where there is none."""
        return icons.get(name, Markup())

    def place_icon(name: str) -> Markup:
        """Return the drawing of a place in the menu, by the last part of its endpoint."""
        return icons[drawn.places.get(name, "list")]

    app.jinja_env.globals.update(acting_for=acting_for, url_pattern=url_pattern, new_terms=new_terms)
    app.jinja_env.globals.update(count_new=count_new, has_unread_notice=has_unread_notice)
    app.jinja_env.globals.update(statement_beside=statement_beside, objectable_uses=objectable_uses)
    app.jinja_env.globals.update(objectable_uses_of_form=objectable_uses_of_form)
    app.jinja_env.globals.update(icon=icon, place_icon=place_icon, laws_in=laws_in)
