"""Who asks for a learner off the portal, as the desk reads and chooses her."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from portal.core.http.languages import _, comma, language, written
from portal.policy.queries import current_policy
from portal.representation.labels import KINDS
from portal.representation.models import Representative


@dataclass(frozen=True)
class AskingView:
    """Who asks for a learner: her name, what she is to her, in what she may act, and until when."""

    name: str
    kind: Any
    within: str
    ends_on: date

    @property
    def line(self) -> Markup:
        """Return all of it in one line."""
        said = Markup('<bdi translate="no">{}</bdi> ({}) · {} · {}')
        until = _("tot en met %(day)s", day=written("date", self.ends_on))
        return said.format(self.name, self.kind, self.within, until)


def present_asking(acting: Representative | None) -> AskingView | None:
    """Return who asks for a learner, in words; None where nobody does."""
    if acting is None:
        return None
    policy, lang = current_policy(), language()
    titles = [str(policy.text(each.title, lang)) for each in policy.categories if each.key in acting.within]
    is_all = len(titles) == len(policy.categories)
    within = _("alle gegevens") if is_all else comma().join(titles)
    return AskingView(acting.name, KINDS[acting.kind], within, acting.ends_on)


def choices_of(acting: Iterable[Representative]) -> list[SelectChoice]:
    """Return those who act for a learner as the options of a form."""
    views = ((each.id, present_asking(each)) for each in acting)
    return [SelectChoice(str(key), view.line) for key, view in views if view is not None]
