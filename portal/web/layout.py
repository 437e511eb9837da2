"""What templates may call besides the menu (`portal.web.navigation`): for whom somebody looks, addresses of rows."""

from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from portal.core.http.access import current_actor
from portal.core.http.pages import url_pattern


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


def install(app: Flask) -> None:
    """Give the app's templates `acting_for` and `url_pattern`."""
    app.jinja_env.globals.update(acting_for=acting_for, url_pattern=url_pattern)
