"""A learner as a line of the coach's list: each figure in words too."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.core.clock import now, today
from portal.overview.my_learners.presenters import every_level, present_learner, present_learners
from portal.overview.my_learners.queries import CoachedLearner, LastLessons, SkillLevel
from portal.signals.models import SignalAnswer

pytestmark = pytest.mark.usefixtures("in_dutch")

AMINA = CoachedLearner(
    id=uuid4(), name="Amina Yilmaz", sort_name="yilmaz amina", number="1", coach="", groups=(("g", "A2 ochtend"),),
    ends_on=None, bought=400, attended=3_780, noted_at=None, wrote_on=None, met_at=None, answered=None, meets_at=None,
    lessons=LastLessons(), levels=(),
)  # fmt: skip


def with_lessons(*kinds: str, percent: int | None = None) -> CoachedLearner:
    days = tuple(today() - timedelta(days=len(kinds) - place) for place in range(len(kinds)))
    return replace(AMINA, lessons=LastLessons(kinds=kinds, days=days, percent=percent))


def test_what_is_not_filled_in_counts_for_nothing() -> None:
    line = present_learner(with_lessons("present", "late", "absent", "authorised", "open", percent=60))
    strokes = line.strokes
    assert strokes is not None
    assert strokes.percent == 60
    assert strokes.said == (
        "Laatste 5 lessen: 2 keer aanwezig, 1 keer te laat, 2 keer afwezig, 1 keer geoorloofd, 1 les nog niet ingevuld"
    )
    assert strokes.seen_on == today() - timedelta(days=4)
    assert line.is_low
    assert not present_learner(line.learner, 60).is_low


def test_who_had_no_lesson_has_no_share() -> None:
    strokes = present_learner(AMINA).strokes
    assert strokes is not None
    assert (strokes.percent, strokes.seen, strokes.said) == (None, "", "nog geen les gehad")


def test_hours_stand_beside_what_was_bought() -> None:
    hours = present_learner(AMINA).hours
    assert hours is not None
    assert (hours.attended, hours.bought, hours.percent) == (63, 400, 16)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([("reading", "A2", "A1"), ("speaking", "A1", None)], ("A1 → A2", "lezen", "verder A1")),
        ([("reading", "A2", "A2"), ("speaking", "A2", None)], ("A2", "", "in alles")),
        ([("reading", "A2", None), ("speaking", "A1", None), ("writing", "A0", None)],
         ("A2", "lezen", "verder A0 tot A1")),
    ],
)  # fmt: skip
def test_the_level_that_moved_stands_first(
    levels: list[tuple[str, str, str | None]], said: tuple[str, str, str]
) -> None:
    held = tuple(SkillLevel(skill, level, before, today()) for skill, level, before in levels)
    level = present_learner(replace(AMINA, levels=held)).level
    assert level is not None
    assert (level.level, level.skill, level.rest) == said


def test_every_level_is_said_in_words() -> None:
    held = (SkillLevel("speaking", "A1", None, today()), SkillLevel("reading", "A2", "A1", today()))
    assert every_level(held) == "lezen A1 → A2, spreken A1"


def test_the_latest_contact_is_said() -> None:
    yesterday = now() - timedelta(days=1)
    line = present_learner(replace(AMINA, noted_at=yesterday, wrote_on=today() - timedelta(days=9)))
    assert (line.contact, line.meets) == ("notitie gisteren", "")
    called = present_learner(replace(line.learner, answered=(SignalAnswer.CALLED, now())))
    assert called.contact == "gebeld vandaag"


def test_a_list_is_narrowed_counted_and_sorted() -> None:
    low = replace(with_lessons("absent", "present", percent=50), id=uuid4(), ends_on=today() + timedelta(days=30))
    other = replace(with_lessons("present"), id=uuid4(), groups=(("h", "B1"),), coach="Roos Willems")
    found = present_learners([other, low], chosen="alle", group="", order="attendance")
    assert [line.id for line in found.lines] == [low.id, other.id]
    assert {pill.key: pill.count for pill in found.filters} == {"alle": 2, "laag": 1, "eindigt": 1, "vervanging": 1}
    assert [(pill.label, pill.count) for pill in found.groups] == [("A2 ochtend", 1), ("B1", 1)]
    narrowed = present_learners([other, low], chosen="alle", group="h", order="-name")
    assert [line.id for line in narrowed.lines] == [other.id]
    assert {pill.key: pill.count for pill in narrowed.filters} == {"alle": 1, "vervanging": 1}
    assert narrowed.view == "toon=alle&groep=h&volgorde=-name"
    assert present_learners([other, low], chosen="iets", group="weg", order="name").kept == {"toon": "alle"}
