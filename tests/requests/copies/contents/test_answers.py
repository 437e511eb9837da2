"""An evaluation that both fill in says what was asked beside what was answered, in a copy and in a file to take."""

import csv
import json
from io import StringIO

import pytest
from flask import Flask

from portal.core.crypto import keys
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.copies.models import CopyState
from portal.requests.copies.queries import list_flagged
from portal.requests.copies.services import decide_passages
from portal.schools.queries import SchoolView
from tests.factories.copies import archive_of, ask_copy, make, privacy_staff
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.learners import make_learner

ASKED = ["Hoe gaat het met lezen?", "Wat gaat goed?"]


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner with an evaluation that both answered."""
    learner = make_learner("Amina", "Haddad")
    make_joint_evaluation(learner, is_answered=True)
    return learner


@pytest.mark.parametrize("includes_findings", [False, True])
def test_a_file_to_take_along_says_what_was_asked(app: Flask, amina: Learner, includes_findings: bool) -> None:
    with app.app_context():
        parts = archive_of(make(ask_copy(amina, kind="portability", includes_findings=includes_findings)))
    (row,) = json.loads(parts["data.json"])["tables"]["joint_evaluation"]
    (line,) = csv.DictReader(StringIO(parts["tables/joint_evaluation.csv"].decode("utf-8-sig")))

    said = [{"question": ASKED[0], "answer": "4"}, {"question": ASKED[1], "answer": "Spreken gaat goed"}]
    assert row["learner_answers"] == said == json.loads(line["learner_answers"])
    assert row.get("teacher_answers", said) == said
    assert ("teacher_answers" in row) is includes_findings
    assert "questions" not in row


def test_the_page_of_a_copy_says_it_in_words(app: Flask, amina: Learner) -> None:
    with app.app_context():
        page = archive_of(make(ask_copy(amina)))["mijn-gegevens.html"].decode()

    assert "Wat gaat goed? Spreken gaat goed" in page
    assert "{&" not in page


def test_the_name_of_somebody_else_in_an_answer_waits_for_a_decision_and_is_blacked_out(
    app: Flask, school: SchoolView
) -> None:
    amina, staff = make_learner("Amina", "Haddad"), privacy_staff()
    make_learner("Zoë", "Berg")
    row = make_joint_evaluation(amina, is_answered=True)
    said = json.dumps(dict.fromkeys(row.questions, "Ik leer samen.\nZoë Berg helpt."), ensure_ascii=False)
    row.learner_answers = keys.seal(amina.id, "joint_evaluation.learner_answers", said)
    session.flush()
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
        flagged = list_flagged(copy, staff)
        decide_passages(copy.id, {each.row.id: (True, "Een ander") for each in flagged}, by=staff)
        make(copy)

        assert (copy.state, copy.blacked_out) == (CopyState.READY, 2)
        assert "Zoë" not in archive_of(copy)["mijn-gegevens.json"].decode()
        assert "■■■ helpt." in archive_of(copy)["mijn-gegevens.html"].decode()
