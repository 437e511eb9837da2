"""A policy that is published is what the school works by from then on."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.core.audit import AuditEvent
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.policy.models import PolicyVersion
from portal.policy.queries import current_policy, find_version, list_versions
from portal.policy.schema import PolicyMistakes
from portal.policy.schema.comparison import compare
from portal.policy.schema.composition import shared_base
from portal.policy.services import publish_shipped_policy
from portal.schools.queries import SchoolView, current_school, get_school
from tests.factories.policy import changed, publish, shipped_text, varied

NEW = ('version = "2021-01-19"', 'version = "2026"')


def test_a_published_version_is_in_force(school: SchoolView) -> None:
    version = publish(changed("lest-best", NEW), is_important=True, summary="Nieuw.")

    assert current_policy().version == "2026"
    assert current_school().policy_version_id == version.id
    assert [(line.version, line.is_current) for line in list_versions()] == [("2026", True), ("2021-01-19", False)]
    entry = session.query(AuditEvent).filter_by(event="policy.published", subject_id=version.id).one()
    assert entry.facts == {"version": "2026", "is_important": True}


def test_the_same_file_again_changes_nothing(school: SchoolView) -> None:
    before = session.query(AuditEvent).filter_by(event="policy.published").count()

    again = publish(shipped_text("lest-best"))

    assert again.id == school.policy_version_id
    assert session.query(PolicyVersion).count() == 1
    assert session.query(AuditEvent).filter_by(event="policy.published").count() == before


def test_a_version_is_never_published_with_another_text(school: SchoolView) -> None:
    with pytest.raises(Conflict) as caught:
        publish(changed("lest-best", ('city = "Utrecht"', 'city = "Zeist"')))

    assert caught.value.code == "policy_version_taken"
    assert current_policy().controller.city == "Utrecht"


def test_another_base_changes_no_school_until_it_publishes(school: SchoolView, monkeypatch: pytest.MonkeyPatch) -> None:
    other = copy.deepcopy(dict(shared_base()))
    other["purposes"]["course"]["title"]["nl"] = "Les geven"
    monkeypatch.setattr("portal.policy.schema.files.shared_base", lambda: other)

    assert current_policy().purpose("course").title.nl == "De cursus geven en erover praten"
    with pytest.raises(Conflict, match="policy_version_taken"):
        publish(shipped_text("lest-best"))
    before = current_policy()
    publish(changed("lest-best", NEW))

    assert [str(change) for change in compare(before, current_policy())] == [
        'version: "2021-01-19" → "2026"',
        'purposes.course.title.nl: "De cursus geven en erover praten" → "Les geven"',
    ]


def test_a_comment_in_a_file_is_no_other_version(school: SchoolView) -> None:
    assert publish(shipped_text("lest-best") + "\n# Bewaard op de schijf.\n").id == school.policy_version_id


def test_a_policy_is_published_on_the_day_that_it_comes_into_force(
    school: SchoolView, clock: Callable[[datetime], None]
) -> None:
    later = changed("lest-best", NEW, ("in_force_on = 2021-01-19", "in_force_on = 2026-12-01"))
    clock(datetime(2026, 11, 30, 22, 30, tzinfo=UTC))
    with pytest.raises(Conflict) as caught:
        publish(later)
    assert caught.value.code == "policy_not_yet_in_force"

    clock(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert publish(later).version == "2026"


def test_a_policy_with_a_mistake_is_not_published(school: SchoolView) -> None:
    with pytest.raises(PolicyMistakes):
        publish(varied("lest-best", {"version": "2026", "categories.name.term": "forever"}))

    assert find_version("2026") is None


def test_sign_in_rules_are_made_as_strict_as_the_policy_and_stricter_ones_stay(school: SchoolView) -> None:
    row = get_school()
    row.idle_minutes, row.second_factor_roles = 20, ["teacher"]
    rules = {"security.idle_minutes": 30, "security.second_factor": ["management"]}
    stricter = varied("lest-best", {"version": "2026", **rules})

    publish(stricter)

    assert (row.idle_minutes, row.idle_minutes_most) == (20, 30)
    assert row.second_factor_roles == ["management", "teacher"]


def test_a_published_version_cannot_be_changed_or_removed(school: SchoolView) -> None:
    for statement in ("update policy_version set version = 'x'", "delete from policy_version"):
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_only_what_ships_can_be_published_by_name(school: SchoolView) -> None:
    for slug in ("nowhere", "../policies/lest-best", "base", ""):
        with pytest.raises(NotFound):
            publish_shipped_policy(slug)


def test_another_schools_versions_are_not_seen(school: SchoolView, enter: Callable[[str], Any]) -> None:
    publish(changed("lest-best", NEW))

    with enter("step-inburgering"):
        assert find_version("2026") is None
        assert [line.version for line in list_versions()] == ["2018-09-10"]
