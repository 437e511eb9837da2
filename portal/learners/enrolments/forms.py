"""What may be submitted about who is in a group."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from flask_babel import format_date
from wtforms import BooleanField, HiddenField, SelectField

from portal.core.errors import Refusal
from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices
from portal.core.http.languages import _, _l
from portal.courses.clashes.labels import describe_clash
from portal.learners.enrolments.cautions import Cautions
from portal.learners.enrolments.labels import END_REASONS
from portal.learners.enrolments.queries import Payer

_NEEDED = InputRequired(_l("Kies een dag."))


class _EnrolmentForm(Form):
    messages: ClassVar[Mapping[str, Any]] = {
        "in_group_already": _l("Deze cursist zit dan al in de groep."),
        "in_group_again": _l("De cursist zit dan al opnieuw in deze groep. Kies een eerdere dag."),
        "after_group": _l("De groep is dan al voorbij. Kies een eerdere dag."),
        "ends_before_start": _l("Dit is vóór de eerste dag in de groep. Kies een latere dag."),
        "same_group": _l("Dit is dezelfde groep. Kies een andere."),
        "left_already": _l("De cursist is dan al weg uit deze groep."),
    }


def describe_cautions(cautions: Cautions) -> list[str]:
    """Say in sentences what is asked about before learners come into a group."""
    said = []
    if cautions.is_full:
        said.append(
            _(
                "Er zijn %(taken)s van de %(capacity)s plaatsen bezet. Zo worden het er %(count)s.",
                taken=cautions.taken,
                capacity=cautions.capacity,
                count=cautions.taken + cautions.coming,
            )
        )
    if cautions.clash is not None:
        said.append(describe_clash(cautions.clash))
    return said


class _StatementForm(_EnrolmentForm):
    """Beside the statement: `statement` is the id of the version that the page showed (LB-01).

    `despite` is asked only where there is no place, or a lesson at the time of another.
    """

    statement = HiddenField()
    despite = BooleanField(_l("Toch inschrijven"))

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside its field; of what is asked about first, each is said."""
        if refusal.code != "asked_first":
            super().refuse(refusal)
            return
        said = describe_cautions(refusal.facts["cautions"])
        self.despite.errors = [*said, _("Is dat de bedoeling? Zet dan een vinkje en kies het nog een keer.")]

    def show_statement(self, version_id: UUID | None) -> None:
        """Carry the version that the page shows now."""
        self.statement.data = str(version_id or "")


class JoinForm(_StatementForm):
    """From when a learner is in a group; and for whom, where more than one client pays for her (MN-08)."""

    starts_on = DayField(_l("Eerste dag in de groep"), validators=[_NEEDED])
    trajectory_id = SelectField(
        _l("Wie betaalt deze lessen?"),
        coerce=str,
        description=_l("Alleen deze opdrachtgever ziet deze lessen in zijn bestand."),
        validators=[InputRequired(_l("Kies wie betaalt."))],
    )

    def __init__(self, payers: Sequence[Payer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if len({payer.client_id for payer in payers}) < 2:
            del self.trajectory_id
            return
        named = [(payer.trajectory_id, f"{payer.client} · {format_date(payer.starts_on, 'long')}") for payer in payers]
        self.trajectory_id.choices = [*choices([("", _("Kies"))]), *named_choices(named)]

    def trajectory(self) -> UUID | None:
        """Return the trajectory that was chosen; None where there was nothing to choose."""
        chosen = self.trajectory_id.data if "trajectory_id" in self else ""
        return UUID(chosen) if chosen else None


class JoinTogetherForm(_StatementForm):
    """From when several learners, who are ticked in the list itself, are in a group."""

    messages: ClassVar[Mapping[str, Any]] = {
        **_EnrolmentForm.messages,
        "nobody": _l("Zet een vinkje bij wie u wilt inschrijven."),
        "too_many": _l("Schrijf ten hoogste %(most)s cursisten tegelijk in."),
    }
    starts_on = DayField(_l("Eerste dag in de groep"), validators=[_NEEDED])


WHY_NOT: Mapping[str, Any] = {
    "in_group_already": _l("zit dan al in deze groep"),
    "who_pays": _l("meer opdrachtgevers betalen: schrijf deze cursist apart in"),
}
"""Why somebody who was ticked isn't enrolled, in words."""


class LeaveForm(_EnrolmentForm):
    """Until when a learner is in a group, and why: a choice, so that nobody writes about anybody's health."""

    ends_on = DayField(_l("Laatste dag in de groep"), validators=[_NEEDED])
    reason = SelectField(
        _l("Waarom"),
        choices=choices([("", _l("Kies")), *END_REASONS.items()]),
        validators=[InputRequired(_l("Kies waarom."))],
    )


class MoveForm(_StatementForm):
    """To which other group a learner goes, and when."""

    to_group_id = SelectField(_l("Nieuwe groep"), coerce=str, validators=[InputRequired(_l("Kies een groep."))])
    on = DayField(_l("Eerste dag in de nieuwe groep"), validators=[_NEEDED])
    despite = BooleanField(_l("Toch verplaatsen"))

    def __init__(self, groups: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to_group_id.choices = named_choices(groups)

    def refuse(self, refusal: Any) -> None:
        """Put a refusal of the first day beside the day that is asked here."""
        if getattr(refusal, "field", "") == "starts_on":
            refusal.field = "on"
        super().refuse(refusal)
