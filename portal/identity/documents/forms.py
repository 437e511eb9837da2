"""A picture of a document with its parts blacked out, where they are, and that nothing shows through."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField

from portal.core.http.forms import Form, choices
from portal.core.http.languages import _l
from portal.core.images import Box
from portal.identity.documents.labels import KINDS
from portal.identity.documents.layouts import PARTS, DocumentKind
from portal.identity.documents.services import LARGEST, Picture

_AGAIN = _l("Dit deel is nog te zien. Maak het helemaal zwart en probeer het opnieuw.")


class DocumentForm(Form):
    """The picture comes from the page, which has blacked it out; each box says where, in fractions of the picture."""

    messages: ClassVar[Mapping[str, Any]] = {
        "not_attested": _l("Kijk zelf na of alles zwart is. Zet dan het vinkje."),
        "too_large": _l("Deze foto is te groot. Kies een foto van hoogstens %(megabytes)s MB."),
        "no_photo": _l("Zet het zwarte vak over de hele foto."),
        "no_mrz": _l("Zet het zwarte vak over de hele strook met tekens onderaan."),
        "no_document_number": _l("Zet het zwarte vak over het hele nummer van het document."),
        "no_bsn": _l("Zet het zwarte vak over het hele BSN."),
        "not_picture": _l("Dit is geen foto. Kies een foto van het document."),
        "too_wide": _l("Deze foto is te groot. Maak een kleinere foto."),
        "too_small": _l("Deze foto is te klein. Maak een grotere foto."),
        "not_black": _AGAIN,
        "nothing_to_read": _l("Op deze foto is niets te lezen. Maak een scherpe foto van het document."),
        "noise": _l("Dit is geen foto van een document. Maak een scherpe foto van het document."),
        "broken": _l("Dit bestand is beschadigd. Maak een nieuwe foto."),
    }
    kind = SelectField(_l("Welk document is het?"))
    picture = FileField(_l("Foto van het document"))
    box_photo = HiddenField()
    box_mrz = HiddenField()
    box_document_number = HiddenField()
    box_bsn = HiddenField()
    is_attested = BooleanField(_l("Ik heb gekeken. Alles wat zwart moet zijn, is zwart."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds."""
        super().__init__(*args, **kwargs)
        self.kind.choices = choices((kind.value, label) for kind, label in KINDS.items())

    def handed_in(self) -> Picture:
        """Return what was handed in."""
        uploaded = request.files.get("picture")
        boxes = {part: _box(self[f"box_{part}"].data) for part in PARTS}
        return Picture(
            content=uploaded.stream.read(LARGEST + 1) if uploaded is not None else b"",
            kind=DocumentKind(self.kind.data),
            boxes={part: box for part, box in boxes.items() if box is not None},
            is_attested=bool(self.is_attested.data),
        )


def _box(typed: str | None) -> Box | None:
    try:
        numbers = [float(each) for each in (typed or "").split(",")]
    except ValueError:
        return None
    return Box(*numbers) if len(numbers) == 4 and all(0 <= each <= 1.001 for each in numbers) else None
