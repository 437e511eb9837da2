"""Figures of recipients, which the policy breaks, and of the log, which only somebody with the owner's rights does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from portal.assurance.counts.files import (
    count_agreed_recipients,
    count_files_with_consent,
    count_kept_objections,
    count_kept_restrictions,
    count_recipients_in_country,
)
from portal.assurance.counts.security import count_whole_trail
from portal.assurance.figures.keys import Count
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.learners.trajectories.models import Act, Funding, TargetGroup, Trajectory
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.purposes.models import Consent
from portal.purposes.objections.models import Objection
from portal.purposes.restrictions.models import Restriction, RestrictionGround, RestrictionUse, UseGround
from portal.schools.queries import SchoolView
from tests.assurance.counts.broken_data import DAY, add, given_file, set_row
from tests.core.audit.conftest import Tamper, audited_school, chain, tamper
from tests.factories.disclosures import Scene
from tests.factories.policy import SLUGS, shipped

__all__ = ["audited_school", "chain", "tamper"]
POLICY = shipped("lest-best")
Enter = Callable[[str], Any]


def with_client(**values: Any) -> Policy:
    """Return the school's policy with other values for its client."""
    policy = current_policy()
    recipients = tuple(each.model_copy(update=values) if each.key == "client" else each for each in policy.recipients)
    sharing = policy.sharing.model_copy(update={"agreement_needed": True})
    changed = policy.model_copy(update={"recipients": recipients, "sharing": sharing})
    changed.__dict__.pop("_recipients", None)
    return changed


@pytest.mark.parametrize(
    ("values", "agreed", "in_country"),
    [({"agreement": None}, False, True), ({"country": "US"}, True, False), ({"country": None}, False, False)],
)
def test_who_got_a_file_must_be_agreed_with_and_near(
    values: dict[str, Any], agreed: bool, in_country: bool, school: SchoolView
) -> None:
    assert count_agreed_recipients(current_policy(), "").total == 0
    given_file()
    assert count_recipients_in_country(with_client(country="NL"), "") == Count(1, 1)
    policy = with_client(**values)
    assert count_agreed_recipients(policy, "").is_kept is agreed
    assert count_recipients_in_country(policy, "").is_kept is in_country


@pytest.mark.parametrize("slug", SLUGS)
def test_in_every_school_a_recipient_in_no_known_country_turns_its_figures_red(slug: str, enter: Enter) -> None:
    with enter(slug):
        _, disclosure = given_file()
        policy = current_policy()
        nowhere = [each.model_copy(update={"country": None}) for each in policy.recipients]
        changed = policy.model_copy(update={"recipients": tuple(nowhere)})
        assert count_agreed_recipients(changed, "") == Count(0, 1)
        assert count_recipients_in_country(changed, "") == Count(0, 1)
        assert disclosure.recipient in {each.key for each in nowhere}


ASYLUM = {"target_group": TargetGroup.ASYLUM, "funding": Funding.MUNICIPALITY}
REQUESTED = {"target_group": TargetGroup.FAMILY, "municipality_asked_on": today(), "municipality_request": "Brief G-7"}


@pytest.mark.parametrize(
    ("values", "is_kept"),
    [
        (ASYLUM, True),
        (REQUESTED, True),
        ({**REQUESTED, "municipality_request_ended_on": today()}, True),
        ({**REQUESTED, "municipality_asked_on": today() + DAY}, False),
        (
            {**REQUESTED, "municipality_asked_on": today() - 9 * DAY, "municipality_request_ended_on": today() - DAY},
            False,
        ),
        ({**ASYLUM, "act": Act.WI2013}, False),
    ],
)
def test_what_a_law_has_a_municipality_hear_needs_no_yes_and_breaks_no_objection(
    values: dict[str, Any], is_kept: bool, school: SchoolView
) -> None:
    scene, disclosure = given_file()
    policy = current_policy()
    session.execute(delete(Consent).where(Consent.learner_id == scene.amina.id))
    add(Objection(learner_id=scene.amina.id, purpose=disclosure.purpose, made_at=disclosure.made_at - DAY))
    assert count_files_with_consent(policy, "") == Count(1, 2)
    assert not count_kept_objections(policy, "").is_kept

    hers = update(Trajectory).where(Trajectory.learner_id == scene.amina.id)
    session.execute(hers.values(**values))

    assert count_files_with_consent(policy, "").is_kept is is_kept
    assert count_kept_objections(policy, "").is_kept is is_kept


def test_an_altered_entry_makes_the_log_red(chain: list[UUID], tamper: Tamper) -> None:
    assert count_whole_trail(POLICY, "").is_kept
    tamper("update audit_event set facts = '{\"x\": 1}' where id = :id", id=chain[4])
    assert not count_whole_trail(POLICY, "").is_kept


def restrict(scene: Scene, **values: Any) -> Restriction:
    """Restrict Amina's attendance since the day before the file."""
    return add(
        Restriction(
            learner_id=scene.amina.id, categories=["attendance"], ground=RestrictionGround.ACCURACY,
            started_at=now() - 2 * DAY, **values,
        )
    )  # fmt: skip


def use(restriction: Restriction, by: UUID | None, at: datetime) -> None:
    """Record that restricted data was used."""
    add(
        RestrictionUse(
            restriction_id=restriction.id, learner_id=restriction.learner_id, ground=UseGround.CLAIM, why="Rechtszaak",
            used_for="Dossier", used_at=at, used_by=by, used_by_name="Ans",
        )
    )  # fmt: skip


def test_only_a_use_for_that_file_excuses_it(school: SchoolView) -> None:
    scene, disclosure = given_file()
    maker = new_id()
    set_row(disclosure, made_by=maker)
    restriction = restrict(scene)
    assert count_kept_restrictions(POLICY, "") == Count(0, 1)
    for by, at in ((maker, disclosure.made_at - DAY), (new_id(), disclosure.made_at), (maker, now() + DAY)):
        use(restriction, by, at)
        assert count_kept_restrictions(POLICY, "") == Count(0, 1), (by, at)
    use(restriction, maker, disclosure.made_at)
    assert count_kept_restrictions(POLICY, "") == Count(1, 1)


def test_a_file_stays_red_once_the_restriction_is_lifted(school: SchoolView) -> None:
    scene, disclosure = given_file()
    restrict(scene, told_at=now(), lifted_at=now() + DAY)
    assert count_kept_restrictions(POLICY, "") == Count(0, 1)
    session.execute(update(Restriction).values(lifted_at=disclosure.first_downloaded_at - timedelta(hours=1)))
    assert count_kept_restrictions(POLICY, "") == Count(1, 1)
