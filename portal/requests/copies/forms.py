"""What a person may say about a copy: of each passage whether it becomes black and why; how somebody was recognised."""

from typing import Any, ClassVar

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.requests.copies.services import MOST_IDENTITY, MOST_REASON

BLACK, STAYS = "zwart", "laten"


class FetchForm(Form):
    """Fetching a copy: nothing to fill in."""


class PassageForm(Form):
    """What happens to one passage, and why."""

    messages: ClassVar[dict[str, Any]] = {
        "reason_required": _l("Schrijf op waarom."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
    }
    decision = RadioField(
        _l("Wat gebeurt ermee?"),
        choices=choices([(BLACK, _l("zwart maken")), (STAYS, _l("laten staan"))]),
        validators=[InputRequired(_l("Kies wat ermee gebeurt."))],
    )
    reason = TextAreaField(
        _l("Waarom?"),
        filters=[stripped],
        validators=[InputRequired(_l("Schrijf op waarom.")), Length(max=MOST_REASON)],
    )


class CounterForm(Form):
    """How it was seen at the counter who somebody is."""

    messages: ClassVar[dict[str, Any]] = {
        "required": _l("Schrijf op hoe u zag wie dit is. Schrijf geen nummer op."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
    }
    identity_seen = StringField(
        _l("Hoe zag u wie dit is?"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Schrijf op hoe u zag wie dit is. Schrijf geen nummer op.")),
            Length(max=MOST_IDENTITY),
        ],
        description=_l("Bijvoorbeeld: paspoort gezien. Schrijf het nummer niet op."),
    )
