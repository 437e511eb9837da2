"""Adding a learner who resembles one who is there."""

from wtforms import BooleanField

from portal.core.http.languages import _l
from portal.learners.record.forms import BareForm


class DuplicateForm(BareForm):
    """That a learner is added all the same, though she looks like somebody who is there."""

    anyway = BooleanField(_l("Dit is iemand anders. Voeg toch toe."))
