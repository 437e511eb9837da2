"""What may be submitted about who has which coach, and who stands in for her."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from wtforms import SelectField

from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices
from portal.core.http.languages import _, _l
from portal.learners.group_changes.forms import TICKED

NOBODY = "geen"
_NEEDED = InputRequired(_l("Kies een dag."))
_WHO = InputRequired(_l("Kies een begeleider."))


class _CoachesForm(Form):
    """The base of these forms: their words."""

    messages: ClassVar[Mapping[str, Any]] = {
        **TICKED,
        "nobody_left": _l("Dit is al zo. Er is niets veranderd."),
        "in_the_past": _l("Kies vandaag of een latere dag."),
        "no_coach": _l("Deze persoon is geen begeleider van de school."),
        "same_person": _l("Niemand vervangt zichzelf. Kies iemand anders."),
        "ends_before_start": _l("Het einde ligt vóór het begin. Kijk beide na."),
        "too_long": _l("Een vervanging duurt ten hoogste een jaar. Geef de cursisten anders aan een ander."),
        "stands_in_already": _l("Deze begeleider vervangt dan al."),
    }


class CoachForm(_CoachesForm):
    """Which coach, or none, and from when."""

    account_id = SelectField(_l("Begeleider"), coerce=str, validators=[_WHO])
    starts_on = DayField(_l("Vanaf"), validators=[_NEEDED])

    def __init__(self, coaches: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        nobody = (NOBODY, _("geen begeleider"))
        self.account_id.choices = [*choices([("", _("Kies"))]), *named_choices(coaches), *choices([nobody])]

    def chosen_coach(self) -> UUID | None:
        """Return who was chosen; None where she is to have no coach."""
        return None if self.account_id.data == NOBODY else UUID(self.account_id.data)


class SubstituteForm(_CoachesForm):
    """Who stands in, from when until when."""

    account_id = SelectField(_l("Wie vervangt"), coerce=str, validators=[_WHO])
    starts_on = DayField(_l("Vanaf"), validators=[_NEEDED])
    ends_on = DayField(_l("Tot en met"), validators=[_NEEDED])

    def __init__(self, coaches: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.account_id.choices = [*choices([("", _("Kies"))]), *named_choices(coaches)]
