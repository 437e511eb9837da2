"""Which assessment is asked for, and what may be submitted in its rows; the messages for what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wtforms import SelectField
from wtforms.validators import Optional

from portal.core.errors import Invalid, Refusal
from portal.core.http.forms import DayField, Form, InputRequired, choices
from portal.core.http.languages import _, _l
from portal.progress.assessments.services import Finding
from portal.progress.forms import DAY_MESSAGES
from portal.progress.labels import WORDS
from portal.progress.models import LevelSource

MESSAGES: Mapping[str, Any] = {
    "nothing_to_undo": _l("Dit kan niet meer ongedaan worden gemaakt. Het is intussen gewijzigd."),
    "no_choice": _l("Kies een van de mogelijkheden."),
}


class AssessmentForm(Form):
    """The day on which something was found, and from what; in the address, so that it needs no token."""

    class Meta(Form.Meta):
        """What is read changes nothing."""

        csrf = False

    dag = DayField(_l("Datum"), validators=[InputRequired(_l("Kies een dag."))])
    bron = SelectField(
        _l("Hoe weet u dit?"),
        choices=choices((source.value, WORDS[source]) for source in LevelSource),
        validators=[Optional()],
    )

    messages = DAY_MESSAGES


@dataclass
class RowsForm:
    """The rows that were submitted: one, or all of a plain form of which only what was changed counts."""

    data: Mapping[str, str]
    findings: dict[UUID, Finding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the rows; raises Invalid where an address was made up by hand."""
        for name in [self.data["cursist"]] if self.data.get("cursist") else _names(self.data):
            finding = self._read(name)
            self.findings[finding.learner_id] = finding

    @property
    def only(self) -> UUID | None:
        """The one learner of a single row; None for a plain form."""
        return next(iter(self.findings)) if self.data.get("cursist") else None

    def changed(self) -> list[Finding]:
        """Return what was chosen and wasn't seen to stand there already."""
        return [each for each in self.findings.values() if self.only or is_changed(each)]

    def chosen(self) -> set[UUID]:
        """Return the learners for whom a choice is made, stored or not."""
        return {each.learner_id for each in self.findings.values() if each.value}

    def _read(self, name: str) -> Finding:
        try:
            return Finding(UUID(name), self.data.get(f"s.{name}", ""), self.data.get(f"v.{name}", "0."))
        except ValueError:
            raise Invalid("learner_id", "not_in_group") from None


def is_changed(finding: Finding) -> bool:
    """Say whether something else was chosen than what was seen."""
    return bool(finding.value) and finding.value != finding.seen.partition(".")[2]


def message_for(refusal: Refusal) -> str:
    """Return the message of a refusal, in the reader's language."""
    message = MESSAGES.get(refusal.code) or DAY_MESSAGES.get(refusal.code)
    return str(message) if message is not None else _("Dit kan niet worden bewaard.")


def _names(data: Mapping[str, str]) -> Sequence[str]:
    return [name[2:] for name in data if name.startswith("v.")]
