"""Who decides on a consent where a court appointed somebody: within that, she and not the learner (UAVG art. 5)."""

from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.db.scope import in_school
from portal.core.errors import NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes.consents.services import give_consent, refuse_consent
from portal.purposes.queries import has_consent, list_purposes
from portal.purposes.withdrawals.services import withdraw_consent
from portal.representation.models import RepresentativeKind
from tests.conftest import school_id
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

CURATOR, ADMINISTRATOR, MENTOR = (
    RepresentativeKind.CURATOR,
    RepresentativeKind.ADMINISTRATOR,
    RepresentativeKind.MENTOR,
)


def acting(learner: Learner, kind: RepresentativeKind, **values: Any) -> Actor:
    """The actor whom a court appointed, as the session has her."""
    account = make_account("Kees Curator", "representative")
    row = make_representative(learner, kind=kind, account_id=account.id, **values)
    return actor_of(
        account.id,
        account.name,
        frozenset({"representative"}),
        learner_id=learner.id,
        represents=True,
        within=row.categories,
    )


def yes(learner: Learner, by: Actor) -> None:
    give_consent(learner.id, "survey", version=in_force(), language="nl", by=by)


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("kind", [CURATOR, MENTOR])
def test_a_yes_is_not_hers_to_give_and_a_no_is(kind: RepresentativeKind) -> None:
    learner = make_learner()
    by = acting(learner, kind)

    with pytest.raises(NotAllowed, match=f"decided_by_{kind.value}"):
        agree(learner)
    assert not has_consent(learner.id, "survey", SYSTEM)
    yes(learner, by)
    assert has_consent(learner.id, "survey", SYSTEM)
    withdraw_consent(learner.id, "survey", by=as_learner(learner))
    assert not has_consent(learner.id, "survey", SYSTEM)
    refuse_consent(learner.id, "survey", version=in_force(), language="nl", by=as_learner(learner))


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(("kind", "values"), [(ADMINISTRATOR, {}), (MENTOR, {"categories": ["consent", "progress"]})])
def test_what_is_beyond_her_appointment_stays_the_learners(kind: RepresentativeKind, values: dict[str, Any]) -> None:
    learner = make_learner()
    by = acting(learner, kind, **values)

    with pytest.raises(NotAllowed, match="outside_scope"):
        yes(learner, by)
    assert "survey" not in {view.purpose.key for view in list_purposes(learner.id, "nl", by.scope)}
    agree(learner)
    with pytest.raises(NotAllowed, match="outside_scope"):
        withdraw_consent(learner.id, "survey", by=by)
    assert has_consent(learner.id, "survey", SYSTEM)


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_an_authorised_person_does_not_go_round_a_curator() -> None:
    learner = make_learner()
    acting(learner, CURATOR)
    with pytest.raises(NotAllowed, match="decided_by_curator"):
        yes(learner, acting(learner, RepresentativeKind.AUTHORISED))


def test_the_page_says_who_decides_and_refuses_in_plain_words(
    client: PageClient, database: Any, sign_in: SignIn
) -> None:
    with in_school(school_id("lest-best")):
        learner, version = make_learner(), str(in_force())
        acting(learner, CURATOR)
    sign_in(client, "learner", learner=learner)
    page = client.get("/mijn/toestemmingen").get_data(as_text=True)
    assert "Uw curator beslist hierover." in page
    assert "Ja, dat mag" not in page
    answer = client.post("/mijn/toestemmingen/survey/geven", {"version": version, "language": "nl"})
    assert answer.status_code == 403
    assert "U kunt hier zelf geen ja zeggen" in answer.get_data(as_text=True)


@pytest.mark.promise("LB-11", part="representative")
def test_a_purpose_of_one_field_is_beyond_who_acts_without_its_category(
    client_at: Any, enter: Any, sign_in: SignIn
) -> None:
    """What the purpose asks and deletes is the second phone: whoever may not act in `contact` leaves it alone."""
    client = client_at("onderwijs-pro")
    with enter("onderwijs-pro"):
        learner, version = make_learner(), str(in_force())
        agree(learner, "more_about_you")
        learner.phone_other = "+31612345678"
        account = make_account("Samira Yilmaz", "representative")
        make_representative(learner, account_id=account.id, categories=["name", "consent"])
    sign_in(client, "representative", account=account)
    shown = {"version": version, "language": "nl"}

    assert "more_about_you" not in client.get("/mijn/toestemmingen").text
    assert client.get("/mijn/toestemmingen/more_about_you/intrekken").status_code == 404
    for what in ("geven", "weigeren", "intrekken"):
        assert client.post(f"/mijn/toestemmingen/more_about_you/{what}", shown).status_code in {403, 404}
    with enter("onderwijs-pro"):
        assert has_consent(learner.id, "more_about_you", SYSTEM)
