"""What a learner may submit of a lesson that she can't come to."""

from typing import Any

from wtforms import RadioField, TextAreaField, validators

from portal.attendance.notices.labels import REASONS
from portal.attendance.notices.models import LONGEST_NOTE, AbsenceReason
from portal.core.http.forms import Form, choices, stripped
from portal.core.http.languages import _, _l


class AbsenceForm(Form):
    """Why, of a short list, and a short note; both may be left out."""

    reason = RadioField(_l("Waarom?"), default="")
    note = TextAreaField(
        _l("Wilt u iets zeggen?"), filters=[stripped], validators=[validators.Length(max=LONGEST_NOTE)]
    )

    messages = {
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons, and to say none."""
        super().__init__(*args, **kwargs)
        offered = ((reason.value, words) for reason, words in REASONS.items())
        self.reason.choices = choices([*offered, ("", _("dat zeg ik liever niet"))])

    @property
    def chosen_reason(self) -> AbsenceReason | None:
        """The reason that was chosen; None for who rather says none."""
        return AbsenceReason(self.reason.data) if self.reason.data else None
