"""What pages with free text about a learner have in common: telling of other learners' names before it is stored."""

from uuid import UUID

from portal.core.http.access import require_actor
from portal.core.http.forms import Form
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.names_in_texts.queries import find_other_names


def tells_of_names(form: Form, learner_id: UUID | None) -> bool:
    """Say whether a form tells first that another learner's name stands in what was written (AVG art. 15(4)).

    Nobody is looked for where it is about no learner.
    """
    if learner_id is None or not isinstance(form, FreeTextForm):
        return False
    texts = form.texts()
    return bool(texts) and form.holds_back(find_other_names(texts, learner_id, require_actor().scope))
