"""For what, and as what, a list of learners is taken."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import RadioField

from portal.core.http.forms import InputRequired, choices
from portal.core.http.languages import _l, language
from portal.core.http.lists import ListFileForm
from portal.policy.queries import current_policy
from portal.policy.schema.categories import Purpose


class TakeListForm(ListFileForm):
    """Beside the kind of file: the purpose, out of those of the policy."""

    messages: ClassVar[Mapping[str, Any]] = {
        "nobody": _l("Er staat niemand in deze lijst."),
        "list_too_long": _l("Een lijst kan ten hoogste %(most)s cursisten hebben. Kies eerst een groep of een filter."),
        "other_purpose": _l("Kies een van deze doelen."),
    }
    purpose = RadioField(_l("Waarvoor hebt u de lijst nodig?"), validators=[InputRequired(_l("Kies een doel."))])

    def __init__(self, purposes: Sequence[Purpose], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        policy = current_policy()
        self.purpose.choices = choices((each.key, str(policy.text(each.title, language()))) for each in purposes)
