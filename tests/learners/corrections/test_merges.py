"""Two proposals that wait for one field, where two records become one."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.corrections.models import Correction
from portal.learners.corrections.sealed_texts import open_proposed
from portal.learners.corrections.services import propose_correction
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import merge_learners
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.parametrize("takes", [False, True])
def test_of_two_proposals_one_waits_on_and_the_other_is_read_back(
    school: SchoolView, office: Actor, takes: bool
) -> None:
    kept, other = make_learner(), make_learner("Emine")
    for learner, name in ((kept, "Aminah"), (other, "Eminé")):
        propose_correction(learner.id, "learner.given_name", name, by=as_learner(learner))
    propose_correction(other.id, "learner.birth_date", date(1990, 1, 2), by=as_learner(other))
    (choice,) = [each for each in preview_merge(kept, other, office).choices if "correction" in each.key]
    assert (choice.kept, choice.other) == ("Aminah", "Eminé")

    merge_learners(kept.id, other.id, take={choice.key} if takes else (), by=office)

    rows = session.scalars(select(Correction).order_by(Correction.proposed_at)).all()
    found = {(row.field, open_proposed(row)): (row.learner_id, row.state.value) for row in rows}
    first, second = ("withdrawn", "proposed") if takes else ("proposed", "withdrawn")
    assert found == {
        ("learner.given_name", "Aminah"): (kept.id, first),
        ("learner.given_name", "Eminé"): (kept.id, second),
        ("learner.birth_date", "1990-01-02"): (kept.id, "proposed"),
    }
    (gone,) = [row for row in rows if row.state.value == "withdrawn"]
    assert "samengevoegd" in str(gone.answer)
