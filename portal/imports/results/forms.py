"""What somebody submits who brings in a list of results: the file and its group, and what goes for all its rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from portal.core.http.forms import DayField, Form, choices, named_choices
from portal.core.http.languages import _l
from portal.imports.forms import column_fields
from portal.imports.mappings.columns import SheetColumns
from portal.imports.results.choices import IN_COLUMNS
from portal.imports.results.labels import RESULT_LABELS
from portal.policy.schema import Policy
from portal.progress.labels import WORDS
from portal.progress.models import LevelSource

_CHOOSE = _l("Kies iets uit de lijst.")


class ResultsForm(Form):
    """A list of results, and the group that it is of."""

    messages: ClassVar[Mapping[str, Any]] = {}

    workbook = FileField(_l("Bestand"), validators=[FileRequired(_l("Kies een bestand."))])
    groep = SelectField(_l("Van welke groep is deze lijst?"), choices=[], validators=[Optional()])

    def offer(self, groups: Iterable[tuple[str, str]]) -> None:
        """Offer these groups: id and name."""
        self.groep.choices = [*choices([("", _l("van meer groepen, of dat weet ik niet"))]), *named_choices(groups)]

    @property
    def group_id(self) -> UUID | None:
        """The group that was chosen."""
        return UUID(self.groep.data) if self.groep.data else None


class ResultColumnsForm(Form):
    """Where the columns go, which `result_columns_form` adds, and what goes for all rows that don't say it."""

    messages: ClassVar[Mapping[str, Any]] = {
        "day_ahead": _l("Deze dag is nog niet geweest. Kies vandaag of eerder."),
        "day_too_long_ago": _l("Deze dag is te lang geleden. Kijk het jaar na."),
        "not_in_policy": _l("Uw school bewaart dit niet. Het hoort bij: %(category)s."),
        "chosen_twice": _l("Dit staat bij nog een kolom. Kies het één keer."),
        "unknown_target": _CHOOSE,
        "choice_unknown": _CHOOSE,
        "nobody_named": _l("Kies een kolom met het nummer of de naam van de cursist."),
        "no_sheet": _l("Kies minstens één blad."),
        "no_result_column": _l("Kies een kolom met een niveau of een uitslag."),
        "no_skill_chosen": _l("Kies een kolom met de vaardigheid, of kies hier één vaardigheid voor alle rijen."),
        "no_day_chosen": _l("Kies een kolom met de datum, of vul hier één dag in voor alle rijen."),
    }

    test = SelectField(
        _l("Wat voor toets was het?"),
        choices=choices((source.value, WORDS[source]) for source in LevelSource),
        default=LevelSource.TEST.value,
        validate_choice=False,
    )
    skill = SelectField(
        _l("Welke vaardigheid?"),
        choices=choices([("", _l("staat in de lijst")), *((key, RESULT_LABELS[key]) for key in IN_COLUMNS)]),
        validate_choice=False,
    )
    day = DayField(_l("Op welke dag?"), validators=[Optional()])


def result_columns_form(sheets: Sequence[SheetColumns], targets: Iterable[str], policy: Policy) -> Any:
    """Return the form class with a choice for each column of each sheet among these targets."""
    return type("ColumnsOfResults", (ResultColumnsForm,), column_fields(sheets, targets, policy))


class WhichForm(Form):
    """Which of two results of a row stands."""

    row = StringField()
    decision = StringField()
