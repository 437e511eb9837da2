"""The answer to a request as a letter to print, for who has no e-mail."""

from uuid import UUID

from flask import Response

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import in_language
from portal.core.http.pages import page
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.notices import find_asking_now
from portal.requests.data_requests.presenters import letter_answers, present_told, view_of
from portal.requests.data_requests.queries import get_request, list_answers, list_told_of, name_of, text_of


@blueprint.get("/verzoeken/<uuid:request_id>/brief")
@requires(Permission.REQUEST_VIEW)
def letter(request_id: UUID) -> Response:
    """Show the answer as a letter to print, in the language in which she reads.

    Whom nobody proved to be is called as she called herself. Who asks for a learner and may still act has the answer.
    """
    row = get_request(request_id, require_actor())
    if row.decided_at is None:
        raise NotFound("answer")
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.handle")
    acting, name = find_asking_now(row), name_of(row)
    known = acting.name if acting is not None else name
    with in_language(row.language):
        return page(
            "requests/letter.html",
            view=view_of(row),
            name=(row.asker_name or "") if row.is_unproven else known,
            about=name if acting is not None and not row.is_unproven else None,
            texts={each: text_of(row, each) for each in ("reply", "proof")},
            answers=letter_answers(row, list_answers(row)),
            told=present_told([] if row.is_unproven else list_told_of(row, require_actor())),
            policy=current_policy(),
        )
