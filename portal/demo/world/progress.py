"""How far the learners are: levels at intake and since, exam results, a note here and there."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from portal.core.db.base import new_id
from portal.demo.bulk import Row, store
from portal.demo.world.plan import Colleague, World
from portal.demo.world.records import kept, seal_all
from portal.intakes.models import Intake
from portal.permissions import Role
from portal.progress.can_do.defaults import DEFAULTS
from portal.progress.can_do.models import CanDo, CanDoSource, CanDoStatement
from portal.progress.goals.models import Goal
from portal.progress.models import ExamPart, ExamResult, Level, LevelSource, Note, Rung, Skill

_LADDER = (Rung.A0, Rung.A1, Rung.A2, Rung.B1, Rung.B2)
_NOTES = (
    "Spreekt meer in de groep dan een maand geleden.",
    "Oefent thuis met lezen. Schrijven blijft nog lastig.",
    "Maakt het huiswerk op tijd en helpt anderen.",
    "Wil graag eerder examen doen voor luisteren.",
)


def fill(world: World) -> None:
    """Make what the school's policy keeps of it."""
    rows: dict[type[Any], list[Row]] = {Level: [], ExamResult: [], Note: [], Intake: [], Goal: [], CanDo: []}
    statements = _statements(world)
    for group in world.groups:
        for member in group.members:
            _add_levels(world, rows, member, group.teacher)
            _add_rest(world, rows, member, group.teacher)
            _add_own(world, rows, member, group.teacher, statements)
    features = {
        Level: "levels", ExamResult: "exams", Note: "notes", Intake: "intake", Goal: "levels", CanDo: "levels",
    }  # fmt: skip
    for model, made in rows.items():
        if world.policy.feature(features[model]):
            seal_all(model, made)
            store(model, kept(world, model, made))


def _statements(world: World) -> list[Row]:
    """Store the school's statements, those of the portal, and return the ones of A1 and A2."""
    if not world.policy.feature("levels"):
        return []
    made = [{"id": new_id(), "skill": skill, "level": level, "text": text} for skill, level, text in DEFAULTS]
    store(CanDoStatement, made)
    return [row for row in made if row["level"] in {Rung.A1, Rung.A2}]


def _add_own(
    world: World, rows: dict[type[Any], list[Row]], member: int, teacher: Colleague, statements: list[Row]
) -> None:
    """Add a goal for some, and what her teacher found and she ticked herself."""
    random, learner_id = Random(member), world.ids[member]
    if random.random() < 0.3:
        month = (world.today.replace(day=1) + timedelta(days=200)).replace(day=1)
        set_at = datetime.combine(world.today - timedelta(days=30), time(19), UTC)
        goal = {"level": random.choice((Rung.A2, Rung.B1)), "by_month": month, "set_at": set_at}
        rows[Goal].append({"learner_id": learner_id, **goal})
    for statement in random.sample(statements, 3) if statements and random.random() < 0.4 else ():
        about = {"learner_id": learner_id, "statement_id": statement["id"]}
        found_on = world.today - timedelta(days=12)
        is_able = random.random() < 0.7
        found = {"is_able": is_able, "source": CanDoSource.TEACHER, "found_on": found_on}
        rows[CanDo].append({**about, **found, **_entered(world, teacher, 12)})
        if is_able:
            own = {"is_able": True, "source": CanDoSource.LEARNER, "found_on": found_on}
            unsigned = {"entered_by": None, "entered_by_name": None}
            rows[CanDo].append({**about, **own, **_entered(world, teacher, 12), **unsigned})


def _entered(world: World, by: Colleague, days: int) -> Row:
    day = world.today - timedelta(days=days)
    return {"entered_by": by.id, "entered_by_name": by.name, "entered_at": datetime.combine(day, time(14), UTC)}


def _days_earlier(member: int) -> int:
    """Return by how many days what was found of a learner comes before what is usual: not all on one day."""
    return Random(member).randint(0, 6) * 5


def _add_levels(world: World, rows: dict[type[Any], list[Row]], member: int, teacher: Colleague) -> None:
    random = world.random
    intaker = world.of(Role.COACH)[0]
    base = random.choices((0, 1, 2), (35, 45, 20))[0]
    earlier = _days_earlier(member)
    for skill in Skill:
        rung = max(0, min(3, base + random.choice((-1, 0, 0, 1))))
        for source, days, by in (
            (LevelSource.INTAKE, 95, intaker),
            (LevelSource.TEACHER, 48 + earlier, teacher),
            (LevelSource.TEST, 9 + earlier, teacher),
        ):
            if source is not LevelSource.INTAKE and random.random() < 0.35:
                continue
            rows[Level].append(
                {
                    "learner_id": world.ids[member],
                    "skill": skill,
                    "level": _LADDER[rung],
                    "source": source,
                    "found_on": world.today - timedelta(days=days),
                    **_entered(world, by, days),
                }
            )
            rung = min(rung + (random.random() < 0.4), len(_LADDER) - 1)


def _add_rest(world: World, rows: dict[type[Any], list[Row]], member: int, teacher: Colleague) -> None:
    random, learner_id = world.random, world.ids[member]
    result = "Kan een eenvoudig gesprek voeren. Wil drie dagdelen per week leren."
    held_on = world.today - timedelta(days=95)
    rows[Intake].append({"learner_id": learner_id, "held_on": held_on, "since_on": held_on, "result": result})
    if random.random() < 0.15:
        rows[ExamResult].append(
            {
                "learner_id": learner_id,
                "part": random.choice((ExamPart.KNM, ExamPart.ONA)),
                "taken_on": world.today - timedelta(days=20 + 2 * _days_earlier(member)),
                "is_passed": random.random() < 0.8,
                "source": LevelSource.EXAM,
                **_entered(world, teacher, 15 + 2 * _days_earlier(member)),
            }
        )
    if random.random() < 0.2:
        written_at = datetime.combine(world.today - timedelta(days=random.randint(2, 60)), time(15), UTC)
        rows[Note].append(
            {
                "learner_id": learner_id,
                "body": random.choice(_NOTES),
                "written_by": teacher.id,
                "written_by_name": teacher.name,
                "written_at": written_at,
            }
        )
