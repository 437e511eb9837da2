"""Mistakes in a policy file as a page tells them: where, in the reader's language, with the line of the check."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.http.languages import _
from portal.policy.announcements.labels import PARTS
from portal.policy.schema.composition import KEYED
from portal.policy.schema.mistakes import Mistake


@dataclass(frozen=True)
class MistakeView:
    """Where a mistake is, the part's own key (none of a part that has none), and the line as the check writes it."""

    where: str
    key: str
    line: str


def present_mistakes(found: Iterable[Mistake]) -> list[MistakeView]:
    """Return each mistake with its place in words."""
    return [_view(path, what) for path, what in found]


def _view(path: str, what: str) -> MistakeView:
    part, _dot, rest = path.partition(".")
    label = PARTS.get(part.partition("[")[0])
    where = str(label) if label is not None else _("Het bestand")
    return MistakeView(where, rest.partition(".")[0] if part in KEYED else "", f"{path}: {what}" if path else what)
