"""An objection stops a use at once: in every file, also one that was made and not fetched; marketing for good."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from portal.core.errors import Invalid
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import count_withdrawn
from portal.disclosures.models import DisclosureState
from portal.disclosures.recipients.objections import void_objected
from portal.purposes.objections.queries import list_objections
from portal.purposes.objections.services import make_objections, settle_objections
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner, is_open
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner

Enter = Callable[[str], AbstractContextManager[SchoolView]]


def test_against_a_contract_or_a_law_there_is_no_objection(school: SchoolView) -> None:
    learner = make_learner()
    for purpose in ("course", "duo", "survey"):
        with pytest.raises(Invalid):
            make_objections(learner.id, [purpose], data_request_id=None, by=as_learner(learner))
    assert list_objections(learner.id, SYSTEM) == []


def test_every_file_leaves_out_who_objects_and_one_that_waits_is_made_anew(enter: Enter) -> None:
    with enter("meester-in-nt2"):  # where reporting to a client rests on an interest of the school
        scene = make_scene()
        waits = ask(scene, "attendance_for_client")
        assert "objected" not in make(waits).left_out
        amina = scene.amina
        assert is_open("client_report", amina.id, SYSTEM)

        [objection] = make_objections(amina.id, ["client_report"], data_request_id=None, by=as_learner(amina))

        assert not is_open("client_report", amina.id, SYSTEM)
        assert count_withdrawn(waits) == 1
        assert void_objected(objection.id, by=PORTAL) == 1
        assert waits.state is DisclosureState.VOID
        assert void_objected(objection.id, by=PORTAL) == 0
        assert make(ask(scene, "attendance_for_client")).left_out["objected"] == 1


def test_a_second_objection_changes_nothing_and_a_lost_one_ends(school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    [made] = make_objections(learner.id, ["security"], data_request_id=None, by=by)
    assert make_objections(learner.id, ["security"], data_request_id=None, by=by) == []
    assert made.settled_at is None
    settle_objections(learner.id, won=(), lost=("security",), by=PORTAL)
    assert is_open("security", learner.id, SYSTEM)


def test_marketing_stops_for_good_at_once(enter: Enter) -> None:
    with enter("leren-leren"):
        learner = make_learner()
        [made] = make_objections(learner.id, ["service_news"], data_request_id=None, by=as_learner(learner))
        assert made.settled_at is not None
        assert not is_open("service_news", learner.id, SYSTEM)


def test_what_rests_on_consent_is_open_only_with_one_in_force_and_a_law_always(school: SchoolView) -> None:
    learner = make_learner()
    assert not is_open("survey", learner.id, SYSTEM)
    agree(learner)
    assert is_open("survey", learner.id, SYSTEM)
    assert is_open("duo", learner.id, SYSTEM)
    assert not is_open("research", learner.id, SYSTEM)
