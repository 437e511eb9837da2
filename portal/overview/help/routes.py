"""The page *Hulp*: how to reach the school, and whom to ask about what."""

from flask import Response

from portal.accounts.queries import list_helpers
from portal.core.http.access import Actor, current_actor, public
from portal.core.http.pages import page
from portal.overview.blueprint import blueprint
from portal.overview.my_lessons.queries import list_teachers
from portal.policy.queries import current_policy
from portal.schools.queries import get_school


@blueprint.get("/hulp")
@public
def help_page() -> Response:
    """Show how to reach the school; to whoever is signed in also its people, and to a learner her teachers."""
    actor = current_actor()
    return page(
        "overview/help.html",
        controller=current_policy().controller,
        opening_hours=get_school().opening_hours,
        helpers=list_helpers() if actor is not None else [],
        teachers=list_teachers(actor.own) if actor is not None and _sees_groups(actor) else [],
    )


def _sees_groups(actor: Actor) -> bool:
    """Say whether the own record that she may open shows its groups."""
    groups = current_policy().category_of("enrolment.starts_on")
    return actor.learner_id is not None and groups is not None and groups.key in actor.own.sees
