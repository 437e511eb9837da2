"""What her page says of an objection: that the use is stopped only where something asks before it is used."""

from portal.core.http.scope import SYSTEM
from portal.purposes.objections.services import make_objections
from portal.purposes.queries import list_purposes
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner


def test_only_what_is_asked_before_it_is_made_stops_by_itself(school: SchoolView) -> None:
    learner = make_learner()
    make_objections(learner.id, ["security", "improvement"], data_request_id=None, by=as_learner(learner))

    views = {each.purpose.key: each for each in list_purposes(learner.id, "nl", SYSTEM)}

    assert views["security"].objection
    assert not views["security"].stops_by_itself
    assert views["improvement"].stops_by_itself, "figures ask"
    assert views["client_report"].stops_by_itself, "files ask"
