"""What every form with free text about a learner has: it tells once that another learner's name stands in it."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import StringField

from portal.core.http.forms import Form
from portal.core.http.languages import _n

_BETWEEN = ";"
"""What no word of a name holds."""


def holds_back(names: Sequence[str], told: str) -> bool:
    """Say whether some of these names weren't told of before; `told` is what `as_told` made of those that were."""
    return not set(names) <= set(told.split(_BETWEEN))


def as_told(names: Sequence[str]) -> str:
    """Return names that are told of as a form sends them back."""
    return _BETWEEN.join(names)


def told_of(names: Sequence[str]) -> str:
    """Return that names of other learners stand in a text, in the reader's language."""
    return _n(
        "In deze tekst staat de naam van een andere cursist:",
        "In deze tekst staan namen van andere cursisten:",
        len(names),
    )


class FreeTextForm(Form):
    """A form with free text about a learner.

    Where another learner's name stands in it, it says so once and stores it at the next press of the button.
    `free_texts` are the names of its fields that hold free text.
    """

    told_names = StringField()
    free_texts: ClassVar[Sequence[str]] = ()
    names: Sequence[str] = ()
    more_texts: Sequence[str] = ()
    """What was written in answer to a school's own questions, which have no field here."""

    def texts(self) -> list[str]:
        """Return what was written."""
        written = [self[name].data for name in self.free_texts if name in self]
        return [text for text in [*written, *self.more_texts] if text]

    def holds_back(self, names: Sequence[str]) -> bool:
        """Say whether it tells first of names in the texts, and keep which; of those it told of before it doesn't."""
        if not holds_back(names, self.told_names.data or ""):
            return False
        self.names, self.told_names.data = names, as_told(names)
        return True
