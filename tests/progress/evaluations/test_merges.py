"""Two open evaluations of one kind, where two records become one: which one stays is asked."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import merge_learners
from portal.progress.evaluations.models import JointEvaluation
from portal.schools.queries import SchoolView
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.parametrize("takes", [False, True])
def test_of_two_open_evaluations_of_a_kind_one_is_chosen(school: SchoolView, office: Actor, takes: bool) -> None:
    kept, other = make_learner(), make_learner("Emine")
    mine, theirs = make_joint_evaluation(kept).id, make_joint_evaluation(other, is_answered=True).id
    (choice,) = [each for each in preview_merge(kept, other, office).choices if "evaluation" in each.key]
    assert choice.label == "Tussentijdse evaluatie"
    assert choice.kept.endswith("nog niet ingevuld")
    assert choice.other.endswith("ingevuld door: docent, cursist")

    merge_learners(kept.id, other.id, take={choice.key} if takes else (), by=office)

    (stays,) = session.scalars(select(JointEvaluation))
    assert (stays.id, stays.learner_id) == (theirs if takes else mine, kept.id)


def test_an_agreed_one_stays_beside_an_open_one(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine")
    make_joint_evaluation(kept)
    agreed = make_joint_evaluation(other, is_answered=True)
    agreed.teacher_agreed_at = agreed.learner_agreed_at = now()
    session.flush()
    assert not [each for each in preview_merge(kept, other, office).choices if "evaluation" in each.key]

    merge_learners(kept.id, other.id, take=(), by=office)

    assert len(session.scalars(select(JointEvaluation)).all()) == 2


def test_who_does_not_see_progress_is_not_asked_and_changes_nothing_by_asking(
    school: SchoolView, office: Actor
) -> None:
    kept, other = make_learner(), make_learner("Emine")
    mine = make_joint_evaluation(kept).id
    make_joint_evaluation(other)
    blind = replace(office, scope=replace(office.scope, sees=office.sees - {"progress"}))
    assert not [each for each in preview_merge(kept, other, blind).choices if "evaluation" in each.key]

    merge_learners(kept.id, other.id, take={"joint_evaluation.progress"}, by=blind)

    assert session.scalars(select(JointEvaluation.id)).all() == [mine]
