"""The answer to a proposed correction."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from portal.core.http.languages import _l
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.record.forms import BareForm


class DecisionForm(FreeTextForm, BareForm):
    """Accept or refuse what a learner proposed; the reason goes to her."""

    free_texts: ClassVar[Sequence[str]] = ("answer",)

    seen = HiddenField()
    answer = TextAreaField(
        _l("Wat wilt u de cursist zeggen?"),
        description=_l("Bij weigeren is een reden nodig. De cursist leest dit."),
        validators=[Length(max=1000)],
        render_kw={"rows": "3"},
    )
