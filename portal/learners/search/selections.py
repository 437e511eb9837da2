"""Whom somebody means in a list of learners: those she ticked, or everybody who answers to the search."""

from dataclasses import replace
from uuid import UUID

from flask import request

from portal.core.http.access import Actor
from portal.core.http.pages import ids_ticked
from portal.learners.scope.services import MOST_AT_ONCE
from portal.learners.search.forms import search_of
from portal.learners.search.queries import find_learners


def learners_meant(by: Actor) -> list[UUID]:
    """Return whom the form in hand means; `allen` is everybody who answers to the search in the address.

    More than may be changed at once come back as one too many, which `check_number` refuses.
    """
    if request.form.get("allen") is None:
        return ids_ticked("cursist", "learner")
    found = find_learners(replace(search_of(request.args, by), page=1), by, most=MOST_AT_ONCE + 1)
    return [each.id for each in found.learners]
