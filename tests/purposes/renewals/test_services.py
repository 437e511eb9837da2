"""A new version ends consents to what it changes, deletes nothing, and a no after it is a withdrawal."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit.queries import list_of_learner
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import Disclosure, DisclosureLearner, DisclosureState
from portal.disclosures.queries import count_learners
from portal.learners.record.models import Learner
from portal.purposes import queries
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Withdrawal
from portal.purposes.renewals.services import refuse_anew
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.courses import enrol
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner
from tests.factories.policy import in_force, publish, varied
from tests.jobs import do_jobs

AGREED = {"country": "NL", "agreement": {"kind": "sharing", "recorded_on": date(2026, 1, 31)}}
Enter = Callable[[str], AbstractContextManager[SchoolView]]


def asks(slug: str, purpose: str, values: Mapping[str, object] = MappingProxyType({})) -> None:
    """Publish a version that asks consent to a purpose in other words, with these values too."""
    question = {"nl": "Mag het nu anders?", "en": "May it be otherwise?"}
    publish(varied(slug, {"version": "2026", f"purposes.{purpose}.question": question, **values}))


@pytest.mark.promise("LL-01", part="consents lapse")
def test_a_consent_to_what_changes_lapses_until_it_is_given_again(enter: Enter) -> None:
    with enter("leren-leren"):
        learner = make_learner("Amina")
        child = make_learner("Yara", birth_date=date(today().year - 10, 1, 1))
        kept, consent = agree(learner, "newsletter"), agree(child, "child_exchange", represents=True)

        asks("leren-leren", "child_exchange")

        assert not queries.has_consent(child.id, "child_exchange", SYSTEM)
        assert queries.has_consent(learner.id, "newsletter", SYSTEM)
        session.refresh(consent)
        assert (consent.has_lapsed, kept.has_lapsed) == (True, False)
        events = [entry.event for entry in list_of_learner(child.id)]
        assert events.count("purposes.consents_lapsed") == 1

        agree(child, "child_exchange", represents=True)
        assert queries.has_consent(child.id, "child_exchange", SYSTEM)


def test_it_is_an_ending_that_a_backup_is_brought_up_to(school: SchoolView) -> None:
    consent = agree(make_learner())

    asks("lest-best", "survey")
    push_waiting()

    assert list(find_endings(Ending.LAPSE, [consent.id])) == [consent.id]


@pytest.mark.promise("LL-01", part="nothing shared")
def test_a_file_made_under_the_old_consent_is_void_and_made_anew(enter: Enter, app: Flask) -> None:
    with enter("leren-leren"), app.app_context():
        agreed = {f"recipients.other_school.{key}": value for key, value in AGREED.items()}
        publish(varied("leren-leren", {"version": "2025", **agreed}))
        scene = make_scene()
        children = [make_learner(f"Kind {name}", birth_date=date(today().year - 10, 1, 1)) for name in "AB"]
        for child in children:
            agree(child, "child_exchange", represents=True)
            enrol(child, scene.group, starts_on=today() - timedelta(days=30))
        made = make(ask(scene, "children_for_school"))
        assert count_learners(made) == 2

        asks("leren-leren", "child_exchange", agreed)
        agree(children[0], "child_exchange", represents=True)

        session.refresh(made)
        assert (made.state, made.file_id) == (DisclosureState.VOID, None)

        with pytest.raises(Conflict, match="void"):
            give_file(made.id, signed_in_at=now(), by=scene.office)
        anew = session.scalars(select(Disclosure).where(Disclosure.state == DisclosureState.WAITING)).one()
        make(anew)
        inside = select(DisclosureLearner.learner_id).where(DisclosureLearner.disclosure_id == anew.id)
        assert session.scalars(inside).all() == [children[0].id]
        assert anew.policy_version_id != made.policy_version_id


def test_one_that_was_fetched_is_not_given_again(school: SchoolView, app: Flask) -> None:

    scene = make_scene()
    for learner in (scene.amina, scene.bereket):
        agree(learner, "client_report")
    with app.app_context():
        made = make(ask(scene))
        _, content = give_file(made.id, signed_in_at=now(), by=scene.office)
        assert b"Amina" in b"".join(content)

        asks("lest-best", "client_report")
        agree(scene.amina, "client_report")
        agree(scene.bereket, "client_report")

        with pytest.raises(Conflict, match="gone"):
            give_file(made.id, signed_in_at=now(), by=scene.office)


def test_nothing_is_deleted_until_she_says_no(enter: Enter) -> None:
    with enter("leren-leren"):
        child = make_learner(birth_date=date(today().year - 10, 1, 1))
        parent = as_learner(child, represents=True)
        agree(child, "child_guidance", represents=True)
        child.special_notes = keys.seal(child.id, "learner.special_notes", "leest moeizaam")
        session.flush()

        asks("leren-leren", "child_guidance")
        kept = select(Learner.special_notes).where(Learner.id == child.id)
        assert session.scalar(kept) is not None

        for _ in range(2):
            refuse_anew(child.id, "child_guidance", version=in_force(), language="nl", by=parent)
        do_jobs()

        assert session.scalar(kept) is None
        assert len(session.scalars(select(Withdrawal)).all()) == 1


def test_a_no_without_an_earlier_yes_withdraws_nothing(school: SchoolView) -> None:
    learner = make_learner()

    refuse_anew(learner.id, "survey", version=in_force(), language="nl", by=as_learner(learner))

    assert not session.scalars(select(Withdrawal)).all()


def test_a_yes_to_the_text_before_is_refused(school: SchoolView) -> None:
    learner, before = make_learner(), in_force()

    asks("lest-best", "survey")

    with pytest.raises(Conflict, match="another_text"):
        give_consent(learner.id, "survey", version=before, language="nl", by=as_learner(learner))
