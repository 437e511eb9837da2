"""What may be asked for several learners at once."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, choices, named_choices
from portal.core.http.languages import _l
from portal.learners.enrolments.forms import WHY_NOT as WHY_NOT_JOINED
from portal.learners.enrolments.forms import JoinTogetherForm, LeaveForm, MoveForm

_MOST_SUBJECT, _MOST_TEXT = 120, 4_000
TICKED: Mapping[str, Any] = {
    "nobody": _l("Zet een vinkje bij wie u bedoelt."),
    "too_many": _l("Kies ten hoogste %(most)s cursisten tegelijk."),
    "nobody_left": _l("Dit kan voor niemand van hen. Hieronder staat waarom."),
}
WHY_NOT: Mapping[str, Any] = {
    **WHY_NOT_JOINED,
    "in_group_already": _l("zit dan al in die groep"),
    "same_coach": _l("heeft deze begeleider dan al"),
    "no_coach": _l("heeft dan geen begeleider"),
    "no_group": _l("zit in geen groep"),
    "more_groups": _l("zit in meer groepen: verplaats deze cursist vanuit de groep zelf"),
    "left_already": _l("is dan al weg uit deze groep"),
    "not_begun": _l("is dan nog niet begonnen in deze groep: wijzig dit apart"),
    "no_email": _l("heeft geen e-mailadres"),
    "shared_email": _l("deelt het e-mailadres met een ander"),
    "child": _l("jonger dan 16: schrijf de ouder"),
    "restricted": _l("afgeschermd: vraag de privacymedewerker"),
    "said_no": _l("zei nee tegen dit doel"),
    "twice": _l("staat er twee keer"),
}
"""Why somebody who was ticked is left out, in words."""


class JoinFoundForm(JoinTogetherForm):
    """In which group, and from when."""

    messages: ClassVar[Mapping[str, Any]] = {**JoinTogetherForm.messages, **TICKED}
    group_id = SelectField(_l("Groep"), coerce=str, validators=[InputRequired(_l("Kies een groep."))])

    def __init__(self, groups: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group_id.choices = named_choices(groups)


class MoveTogetherForm(MoveForm):
    """To which group, and from when."""

    messages: ClassVar[Mapping[str, Any]] = {**MoveForm.messages, **TICKED}


class EndTogetherForm(LeaveForm):
    """Until when, and why."""

    messages: ClassVar[Mapping[str, Any]] = {**LeaveForm.messages, **TICKED}


class MailTogetherForm(Form):
    """What is written to each."""

    messages: ClassVar[Mapping[str, Any]] = {**TICKED, "other_purpose": _l("Kies een van deze doelen.")}
    purpose = RadioField(_l("Waarvoor schrijft u?"), validators=[InputRequired(_l("Kies een doel."))])
    subject = StringField(
        _l("Onderwerp"), validators=[InputRequired(_l("Vul een onderwerp in.")), Length(max=_MOST_SUBJECT)]
    )
    text = TextAreaField(_l("Bericht"), validators=[InputRequired(_l("Vul een bericht in.")), Length(max=_MOST_TEXT)])

    def __init__(self, purposes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.purpose.choices = choices(purposes)
