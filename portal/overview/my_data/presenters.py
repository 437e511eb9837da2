"""*Mijn gegevens* in pieces that are drawn once: what decides how a piece looks, and what stands in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from portal.core.http.languages import _, _n, written
from portal.core.http.stencils import Piece
from portal.learners.origins.queries import Origin
from portal.learners.own_record.queries import CategoryFace, OwnCategory, OwnField, OwnGroup
from portal.learners.record.labels import CHANNELS
from portal.learners.record.models import Source
from portal.overview.my_data.queries import AboutCategory, AboutFace, MyData


class AboutShape(NamedTuple):
    """How the words about a category look, and the place where its values stand: an endpoint."""

    about: AboutFace
    recipients: tuple[str, ...]
    has_until: bool
    place: str | None = None


class FieldState(NamedTuple):
    """How a field looks, whoever's it is."""

    is_filled: bool
    origin: str
    has_ground: bool
    waits: bool
    has_note: bool


class CategoryShape(NamedTuple):
    """How a category with its fields looks."""

    category: CategoryFace
    states: tuple[FieldState, ...]
    about: AboutFace
    recipients: tuple[str, ...]
    has_until: bool


class WholeShape(NamedTuple):
    """What stands on the page: categories, and kinds of entries by name and title."""

    categories: tuple[CategoryFace, ...]
    entries: tuple[tuple[str, str], ...]


def draw_whole(data: MyData) -> Piece:
    """Return the head of the page."""
    record = data.record
    shape = WholeShape(
        tuple(category.face for category in record.categories),
        tuple((entries.kind.name, entries.title) for entries in record.entries),
    )
    return shape, {"viewers": _viewers(data.viewers), "given": _given(data.disclosures)}


def _viewers(count: int) -> str:
    if not count:
        return _("Niemand keek de laatste 30 dagen in uw gegevens.")
    return _n(
        "%(num)s medewerker keek de laatste 30 dagen in uw gegevens.",
        "%(num)s medewerkers keken de laatste 30 dagen in uw gegevens.",
        count,
    )


def _given(count: int) -> str:
    if not count:
        return _("Uw gegevens zijn nog aan niemand gegeven.")
    return _n(
        "Uw gegevens zijn %(num)s keer aan iemand gegeven.",
        "Uw gegevens zijn %(num)s keer aan iemand gegeven.",
        count,
    )


def draw_about(*each: AboutCategory, places: Mapping[str, str] | None = None) -> list[Piece]:
    """Return what is said about categories; `places`: where the values of a category stand."""
    return [
        (
            AboutShape(about.face, about.recipients, about.until is not None, (places or {}).get(about.face.key)),
            _until(about),
        )
        for about in each
    ]


class GroupState(NamedTuple):
    """How a group looks, whichever it is."""

    has_end: bool
    has_shown: bool


class GroupsShape(NamedTuple):
    """How her groups look."""

    states: tuple[GroupState, ...]
    about: AboutFace
    recipients: tuple[str, ...]
    has_until: bool


def draw_groups(groups: Sequence[OwnGroup], about: AboutCategory) -> Piece:
    """Return the groups that she is, will be or was in."""
    holes = _until(about)
    for at, group in enumerate(groups):
        holes |= {
            f"name{at}": group.name,
            f"starts{at}": written("date", group.starts_on),
            f"ends{at}": written("date", group.ends_on) if group.ends_on else "",
            f"shown{at}": written("datetime", group.statement_shown_at) if group.statement_shown_at else "",
            f"origin{at}": origin_words(group),
        }
    states = tuple(GroupState(group.ends_on is not None, group.statement_shown_at is not None) for group in groups)
    return GroupsShape(states, about.face, about.recipients, about.until is not None), holes


def origin_words(of: OwnGroup | Origin) -> str:
    """Return from whom, by which channel and since when the school has something, said to the learner."""
    return f"{_from(of.source, of.channel)}, {written('date', of.since_on)}"


def _from(source: Source, channel: str | None) -> str:
    words = {Source.LEARNER: _("uzelf"), Source.REFERRER: _("wie u aanmeldde")}.get(source) or _("uw school")
    return f"{words} {CHANNELS[channel]}" if channel in CHANNELS else words


def draw_categories(categories: Iterable[OwnCategory], about: Mapping[str, AboutCategory]) -> list[Piece]:
    """Return the categories of a record, each with its fields."""
    return [_category(category, about[category.face.key]) for category in categories]


def _category(category: OwnCategory, about: AboutCategory) -> Piece:
    holes, states = _until(about), []
    for at, field in enumerate(category.fields):
        note = _note(field) if field.waiting or field.answered else ""
        states.append(_state(field, note))
        holes[f"value{at}"] = _breaking(field.shown)
        if note:
            holes[f"note{at}"] = note
        if field.origin is not None:
            holes[f"since{at}"] = written("date", field.origin.since_on)
            holes[f"ground{at}"] = field.origin.ground or ""
    return CategoryShape(category.face, tuple(states), about.face, about.recipients, about.until is not None), holes


def _until(about: AboutCategory) -> dict[str, Any]:
    return {"until": written("date", about.until)} if about.until is not None else {}


def _state(field: OwnField, note: str) -> FieldState:
    origin = field.origin if field.shown else None
    return FieldState(
        is_filled=field.shown != "",
        origin=_from(origin.source, origin.channel) if origin is not None else "",
        has_ground=bool(field.origin is not None and field.origin.ground),
        waits=field.waiting is not None,
        has_note=note != "",
    )


def _breaking(shown: str) -> str:
    """Let a long address break before its @."""
    return Markup("<wbr>@").join(shown.split("@")) if "@" in shown else shown


def _note(field: OwnField) -> str:
    """Return what is said of a change that waits, or of the last answer."""
    if field.waiting is not None:
        day, value = written("date", field.waiting.proposed_at.date()), field.waiting.proposed or _("leeg maken")
        return _("U vroeg op %(day)s om: %(value)s. De school kijkt ernaar.", day=day, value=value)
    answered = field.answered
    if answered is None:
        return ""
    day = written("date", answered.proposed_at.date())
    if answered.state == "accepted":
        said = _("Uw wijziging van %(day)s is overgenomen.", day=day)
    else:
        said = _("Uw wijziging van %(day)s is niet overgenomen.", day=day)
    return f"{said} {_('De school schrijft: %(answer)s', answer=answered.answer)}" if answered.answer else said
