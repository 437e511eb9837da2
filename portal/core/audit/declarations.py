"""Which events and views there are, with their labels. Each feature declares its own in `events.py`, `wiring.py` lists
them; nothing else gives an entry of the audit its words.
"""

from dataclasses import dataclass

from flask_babel import LazyString

from portal.core.audit.models import Chain


@dataclass(frozen=True)
class Event:
    """A kind of entry: `label` says in the school's log what was done, `learner_label` says it to whom it is about.

    An event that is never about a learner has no `learner_label`. `chain` says by which term its entries go. `shows`
    are the categories that left or were touched, of an event whose entries don't name fields.
    """

    name: str
    label: LazyString
    learner_label: LazyString | None = None
    chain: Chain = Chain.MAIN
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A page or list on which somebody is shown something of a person; `learner_label` says what, to her.

    `is_of_name`: a list or a search, which shows of her no more than how she is called. `shows` are the categories that
    may stand there besides her name, of which somebody sees those that her role opens. A test opens the pages.
    """

    name: str
    learner_label: LazyString
    is_of_name: bool = False
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """A part of the work in the school's log, with its events and views; its name begins theirs."""

    name: str
    label: LazyString
    events: tuple[Event, ...] = ()
    views: tuple[View, ...] = ()


AREAS: dict[str, Area] = {}
EVENTS: dict[str, Event] = {}
VIEWS: dict[str, View] = {}


def declare(area: Area) -> None:
    """Make an area known with its events and views. Raises RuntimeError for a name that lies outside the area."""
    for name in [*(event.name for event in area.events), *(view.name for view in area.views)]:
        if name.partition(".")[0] != area.name:
            raise RuntimeError(f"{name} lies outside the area {area.name}")
    AREAS[area.name] = area
    EVENTS.update({event.name: event for event in area.events})
    VIEWS.update({view.name: view for view in area.views})


def name_views() -> list[str]:
    """Return the lists and searches that show of a learner no more than how she is called."""
    return [view.name for view in VIEWS.values() if view.is_of_name]


def chain_of(event: str) -> Chain:
    """Return the chain in which entries of an event are sealed."""
    found = EVENTS.get(event)
    return found.chain if found is not None else Chain.MAIN


def area_label(name: str) -> LazyString | str:
    """Return which part of the work an event or a view (`courses.group_saved`) belongs to; nothing for an old name."""
    area = AREAS.get(name.partition(".")[0])
    return area.label if area is not None else ""


def event_label(name: str) -> LazyString | str:
    """Return what an event says was done, for the school's log."""
    event = EVENTS.get(name)
    return event.label if event is not None else ""


def learner_label(name: str) -> LazyString | str:
    """Return what an event says was done, for the learner whom it is about."""
    event = EVENTS.get(name)
    return (event.learner_label or event.label) if event is not None else ""


def view_label(name: str) -> LazyString | str:
    """Return what was looked at, for the learner whom it is about."""
    view = VIEWS.get(name)
    return view.learner_label if view is not None else ""


def categories_of_view(name: str) -> frozenset[str]:
    """Return the categories that may stand on a page or list, her name among them; nothing for an old name."""
    view = VIEWS.get(name)
    return frozenset({"name", *view.shows}) if view is not None else frozenset()


def categories_of_event(name: str) -> frozenset[str]:
    """Return the categories that left or were touched by an event, where its entries name no fields."""
    event = EVENTS.get(name)
    return frozenset(event.shows) if event is not None else frozenset()


def shows_names_alone(name: str) -> bool:
    """Say whether a view is a list or a search, which shows of a learner no more than how she is called."""
    view = VIEWS.get(name)
    return view is not None and view.is_of_name
