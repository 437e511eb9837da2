"""What is handed in as a screenshot of a lesson, and the messages for what is refused."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField
from wtforms.validators import Optional

from portal.attendance.evidence.services import LARGEST, Screenshot
from portal.attendance.registers.queries import RegisterRow
from portal.core.http.forms import Form, InputRequired
from portal.core.http.languages import _l
from portal.learners.record.labels import MESSAGES


class ScreenshotForm(Form):
    """The picture, how people stand in it, and below that for each learner which of them she is."""

    messages: ClassVar[Mapping[str, Any]] = {
        **MESSAGES,
        "not_attested": _l("Kijk zelf na of elke cursist bij het goede beeld staat. Zet dan het vinkje."),
        "out_of_range": _l("Vul een getal in van 1 tot en met %(most)s."),
        "no_picture": _l("Kies een schermafbeelding."),
        "too_large": _l("Deze afbeelding is te groot. Kies een afbeelding van hoogstens %(megabytes)s MB."),
        "nobody": _l("Vul bij minstens één cursist een getal in."),
        "no_such_place": _l("Zoveel beelden zijn er niet. Vul een getal in van 1 tot en met %(most)s."),
        "same_place": _l("Dit getal staat bij twee cursisten. Op een beeld mag één cursist staan."),
        "enough": _l("Van deze cursist zijn er al %(most)s beelden van deze les. Wis er eerst een."),
        "not_present": _l("Deze cursist staat niet op aanwezig. Vul eerst de presentie in."),
        "restricted": _l("De gegevens van deze cursist zijn afgeschermd. Er mag nu niets bij."),
        "not_in_use": _l("Dit dossier is samengevoegd met een ander. Laad de pagina opnieuw."),
        "not_picture": _l("Dit is geen afbeelding. Kies een schermafbeelding."),
        "too_wide": _l("Deze afbeelding heeft te veel beeldpunten. Maak een kleinere schermafbeelding."),
        "too_small": _l("De beelden zijn zo te klein. Maak een grotere schermafbeelding, of kijk de getallen na."),
        "nothing_to_see": _l("Op een van de beelden is niets te zien. Kijk de getallen na."),
        "broken": _l("Dit bestand is beschadigd. Maak een nieuwe schermafbeelding."),
    }
    picture = FileField(_l("Schermafbeelding van de les"))
    columns = IntegerField(_l("Hoeveel beelden staan naast elkaar?"), validators=[InputRequired()])
    rows = IntegerField(_l("Hoeveel beelden staan onder elkaar?"), validators=[InputRequired()])
    is_attested = BooleanField(_l("Ik heb gekeken. Bij elk getal staat de goede cursist, en niemand anders."))

    def places(self) -> list[Field]:
        """Return the fields in which somebody says where each learner is, in the order of the register."""
        return [each for each in self if each.name.startswith("place_")]

    def screenshot(self, rows: Sequence[RegisterRow]) -> Screenshot:
        """Return what was handed in."""
        uploaded = request.files.get("picture")
        typed = {row.learner_id: self._place_of(row) for row in rows}
        return Screenshot(
            content=uploaded.stream.read(LARGEST + 1) if uploaded is not None else b"",
            columns=self.columns.data or 0,
            rows=self.rows.data or 0,
            places={learner_id: place for learner_id, place in typed.items() if place is not None},
            is_attested=bool(self.is_attested.data),
        )

    def _place_of(self, row: RegisterRow) -> int | None:
        found = self._fields.get(f"place_{row.key}")
        return found.data if found is not None else None


def screenshot_form(rows: Sequence[RegisterRow], refused: Mapping[UUID, Any]) -> ScreenshotForm:
    """Return the form for these rows of a register; none of whom nothing may be kept has a field in it."""
    fields = {
        f"place_{row.key}": IntegerField(row.name, validators=[Optional()])
        for row in rows
        if row.learner_id not in refused
    }
    made: type[ScreenshotForm] = type("ScreenshotOfLesson", (ScreenshotForm,), fields)
    return made()
