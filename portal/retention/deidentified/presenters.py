"""What is kept of people who are gone, in words: what is too coarse to say is a dash."""

from dataclasses import dataclass

from portal.core.http.access import Actor
from portal.core.http.languages import _, language, written
from portal.learners.trajectories.labels import ACTS
from portal.learners.trajectories.models import Act
from portal.policy.queries import current_policy
from portal.retention.deidentified.queries import KeptFigure, list_figures

_DASH = "–"
_MINUTES = 60


@dataclass(frozen=True)
class FigureLine:
    """A row in words; hours and euros are empty where nothing of them is counted."""

    title: str
    year: str
    kind: str
    client: str
    people: int
    hours: str
    euros: str
    until: str


def present_figures(by: Actor) -> list[FigureLine]:
    """Return what is kept, a line a row."""
    return [_line(each) for each in list_figures(by)]


def _line(figure: KeptFigure) -> FigureLine:
    row, policy = figure.row, current_policy()
    category = policy.category(row.category)
    return FigureLine(
        title=str(policy.text(category.title, language())) if category is not None else row.category,
        year=str(row.year or _DASH),
        kind=_kind(row.kind),
        client=figure.client or _DASH,
        people=row.people,
        hours=str(round(row.minutes / _MINUTES)) if row.minutes else "",
        euros=f"{row.amount_cents / 100:.2f}".replace(".", ",") if row.amount_cents else "",
        until=written("date", row.kept_until),
    )


def _kind(kind: str | None) -> str:
    known = {each.value: str(ACTS[each]) for each in Act}
    known |= {"literacy": "Alfa", "participation": _("Participatie")}
    return known.get(kind or "", kind.upper() if kind else _DASH)
