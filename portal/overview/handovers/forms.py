"""What is asked when somebody hands over: from which day, and who takes each part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from portal.core.errors import Refusal
from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices
from portal.core.http.languages import _, _l
from portal.courses.clashes.labels import describe_clash
from portal.overview.handovers.services import Part, WorkKind

ENDS = "niemand"
_TAKES: frozenset[WorkKind] = frozenset({WorkKind.GROUP, WorkKind.LESSONS})
Named = Sequence[tuple[UUID, str]]


@dataclass(frozen=True)
class WorkLine:
    """One thing that can be handed over: its name, and what is said of it."""

    key: str
    kind: WorkKind
    name: str
    about: tuple[str, ...] = ()
    row_id: UUID | None = None
    of: UUID | None = None


class _HandoverForm(Form):
    """The base of these forms: their words."""

    messages: ClassVar[Mapping[str, Any]] = {
        "nothing_chosen": _l("Kies bij minstens één onderdeel wie het overneemt."),
        "in_the_past": _l("Kies vandaag of een latere dag."),
        "over_by_then": _l("Dit is dan al voorbij. Kies een eerdere dag."),
        "same_person": _l("Niemand neemt iets van zichzelf over. Kies iemand anders."),
        "no_teacher": _l("Deze persoon is geen docent van de school."),
        "teaches_already": _l("Deze docent staat in deze periode al bij de groep."),
        "no_coach": _l("Deze persoon is geen begeleider van de school."),
        "nobody_left": _l("Dit is al zo. Er is niets veranderd."),
        "nobody": _l("Er zijn dan geen cursisten meer om over te dragen."),
        "stands_in_already": _l("Deze begeleider vervangt dan al."),
    }


class TakerForm(_HandoverForm):
    """Who takes one thing over."""

    class Meta(Form.Meta):
        """Protected against forged posts with the form that it stands in."""

        csrf = False

    to = SelectField(_l("Wie neemt dit over?"), coerce=str, validators=[Optional()])


class HandoverForm(_HandoverForm):
    """From which day, and a form for each line; `despite` is asked only where lessons clash."""

    starts_on = DayField(
        _l("Vanaf"),
        description=_l("Vanaf deze dag heeft de ander het. Tot die dag blijft alles zoals het is."),
        validators=[InputRequired(_l("Kies een dag."))],
    )
    despite = BooleanField(_l("Ja, zo is het bedoeld"))

    def __init__(self, lines: Sequence[WorkLine], *, teachers: Named, coaches: Named, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines = [(line, _taker(line, teachers if line.kind in _TAKES else coaches)) for line in lines]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the day and each choice."""
        sound = [form.validate() for _line, form in self.lines]
        return bool(super().validate(*args, **kwargs)) and all(sound)

    def parts(self) -> list[Part]:
        """Return what goes to another, or to nobody, as the service takes it."""
        chosen = [(line, form.to.data) for line, form in self.lines if form.to.data]
        return [
            Part(line.key, line.kind, None if to == ENDS else UUID(to), row_id=line.row_id, of=line.of)
            for line, to in chosen
        ]

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the line it is about; of lessons at the same time each is said."""
        if refusal.code == "at_once":
            said = [describe_clash(clash) for clash in refusal.facts["clashes"]]
            self.despite.errors = [*said, _("Is dat de bedoeling? Zet dan een vinkje en sla opnieuw op.")]
            return
        form = next((each for line, each in self.lines if line.key == refusal.facts.get("key")), None)
        if form is not None:
            form.refuse(refusal)
        else:
            super().refuse(refusal)


def _taker(line: WorkLine, takers: Named) -> TakerForm:
    form = TakerForm(prefix=f"{line.key}-")
    kept = choices([("", _("blijft zo")), (ENDS, _("stopt, niemand neemt het over"))])
    form.to.choices = [*kept, *named_choices(takers)]
    return form
