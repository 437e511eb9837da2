"""What a row of a list says: a level or the result of an exam, whichever way a school writes it."""

from datetime import date
from typing import Any

import pytest

from portal.imports.results.findings import Finding, ForAll, Reader
from portal.imports.workbooks.records import Record
from portal.progress.models import ExamPart, LevelSource, Rung, Skill

TODAY, DAY = date(2026, 11, 29), date(2026, 11, 3)
LABELS = {"result.level": "Niveau", "result.score": "Score", "result.skill": "Vaardigheid", "skill.reading": "Lezen"}


def found(
    values: dict[str, object], *, skill: Any = None, day: date | None = DAY, has_sublevels: bool = False
) -> tuple[list[Finding], Record]:
    reader = Reader(LABELS, ForAll(LevelSource.TEST, skill, day), TODAY, has_sublevels)
    record = Record("", 2, dict(values), [])
    return reader.findings(record), record


def said(finding: Finding) -> tuple[Any, ...]:
    return (finding.table, finding.subject, finding.level, finding.is_passed, finding.score)


WAYS: list[tuple[dict[str, object], tuple[Any, ...]]] = [
    ({"skill.reading": "A2"}, ("level", Skill.READING, Rung.A2, None, None)),
    ({"skill.reading": "a2+"}, ("level", Skill.READING, Rung.A2, None, None)),
    ({"skill.reading": "geslaagd"}, ("exam_result", ExamPart.READING, None, True, None)),
    ({"skill.reading": "54 %"}, ("exam_result", ExamPart.READING, None, None, "54 %")),
    ({"outcome.knm": "gezakt"}, ("exam_result", ExamPart.KNM, None, False, None)),
    ({"outcome.knm": "12/20"}, ("exam_result", ExamPart.KNM, None, None, "12/20")),
    ({"outcome.writing": "B1"}, ("exam_result", ExamPart.WRITING, Rung.B1, True, None)),
    ({"result.skill": "leesvaardigheid", "result.level": "B1"}, ("level", Skill.READING, Rung.B1, None, None)),
    (
        {"result.skill": "Lezen", "result.level": "B1", "result.outcome": "behaald", "result.score": "61"},
        ("exam_result", ExamPart.READING, Rung.B1, True, "61"),
    ),
    ({"result.skill": "KNM", "result.outcome": "voldoende"}, ("exam_result", ExamPart.KNM, None, True, None)),
    ({"result.skill": "Examen spreken", "result.score": "33"}, ("exam_result", ExamPart.SPEAKING, None, None, "33")),
]


@pytest.mark.parametrize(("values", "wanted"), WAYS)
def test_each_way_of_writing_a_result(values: dict[str, object], wanted: tuple[Any, ...]) -> None:
    findings, record = found(values)
    assert record.problems == []
    assert [said(each) for each in findings] == [wanted]
    assert (findings[0].found_on, findings[0].source) == (DAY, LevelSource.TEST)


def test_the_day_and_the_test_of_a_row_go_before_those_of_all_rows() -> None:
    findings, _ = found({"skill.reading": "A2", "result.day": date(2026, 1, 2), "result.test": "Plaatsingstoets"})
    assert (findings[0].found_on, findings[0].source) == (date(2026, 1, 2), LevelSource.INTAKE)
    findings, _ = found({"outcome.knm": "geslaagd 5-1-2026", "result.day": date(2026, 1, 2)})
    assert findings[0].found_on == date(2026, 1, 5)


def test_a_score_beside_a_level_is_told_and_not_stored() -> None:
    findings, record = found({"result.skill": "lezen", "result.level": "A2", "result.score": "61"})
    assert said(findings[0]) == ("level", Skill.READING, Rung.A2, None, None)
    assert [(each.code, each.facts) for each in record.notes] == [("not_taken", {"value": "61"})]


def test_the_skill_of_all_rows() -> None:
    assert said(found({"result.level": "A2"}, skill=Skill.WRITING)[0][0])[1] is Skill.WRITING
    assert [each.code for each in found({"result.level": "A2"})[1].problems] == ["no_skill"]


def test_the_name_of_a_sheet_may_be_the_skill() -> None:
    reader = Reader(LABELS, ForAll(LevelSource.TEST, day=DAY), TODAY, has_sublevels=False, sheet="Luisteren")
    assert reader.findings(Record("Luisteren", 2, {"result.level": "A2"}, []))[0].subject is Skill.LISTENING


def test_levels_between_levels_where_the_school_has_them() -> None:
    assert found({"skill.reading": "A2+"}, has_sublevels=True)[0][0].level is Rung.A2_PLUS


WRONG: list[tuple[dict[str, object], str]] = [
    ({"skill.reading": "B7"}, "result_unreadable"),
    ({"skill.reading": "A2-"}, "level_unknown"),
    ({"skill.conversation": "geslaagd"}, "no_exam_of_skill"),
    ({"result.skill": "breien", "result.level": "A2"}, "skill_unknown"),
    ({"result.skill": "lezen", "result.score": "6" * 30}, "too_long"),
    ({"skill.reading": "A2", "result.test": "horoscoop"}, "test_unknown"),
    ({"skill.reading": "geslaagd 1-1-2099"}, "date_in_future"),
    ({"skill.reading": "A2", "result.day": date(1950, 1, 1)}, "day_too_long_ago"),
    ({}, "no_result"),
]


@pytest.mark.parametrize(("values", "code"), WRONG)
def test_what_cant_be_used(values: dict[str, object], code: str) -> None:
    findings, record = found(values)
    assert code in [each.code for each in record.problems]
    assert findings == []
