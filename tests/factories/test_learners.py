"""The factories of the record make rows that the database accepts."""

from portal.core.crypto import keys
from portal.schools.queries import SchoolView
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_trajectory


def test_factories_make_a_learner_with_what_belongs_to_her(school: SchoolView) -> None:
    learner = make_learner("Fatima", "Berg", name_prefix="van der", bsn="999999990", phone="+31612345678")
    assert learner.bsn is not None
    assert keys.unseal(learner.id, "learner.bsn", learner.bsn) == "999999990"
    assert learner.sort_name == "berg  fatima van der"
    client = make_organisation()
    assert make_trajectory(learner, client_id=client.id).client_id == client.id
    assert make_contact_person(client).organisation_id == client.id
