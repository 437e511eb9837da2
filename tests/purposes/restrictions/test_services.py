"""Restricting a learner's data, telling her, lifting it, and using it on a ground meanwhile (AVG art. 18)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import copy_context
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.scope import hides_anyone, is_restricted
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround, UseGround
from portal.purposes.restrictions.queries import get_restriction, list_restrictions, list_uses
from portal.purposes.restrictions.services import allow_use, lift_restriction, restrict, tell_of_lifting
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold

Enter = Callable[[str], AbstractContextManager[SchoolView]]

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.fixture
def hers(enter: Enter) -> UUID:
    """A learner of Lest Best who restricted all of hers, a transaction ago."""
    with enter("lest-best"):
        learner = make_learner("Amina", "Yilmaz", email="amina@example.org")
        hold(learner.id)
    return learner.id


def is_seen(learner_id: UUID) -> bool:
    return session.scalar(select(Learner.id).where(Learner.id == learner_id)) is not None


def test_it_is_asked_once_and_files_are_made_anew(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    one = restrict(learner.id, ground=RestrictionGround.OBJECTION, data_request_id=uuid4(), by=office)

    again = restrict(learner.id, ground=RestrictionGround.ACCURACY, by=office)
    part = restrict(learner.id, ground=RestrictionGround.CLAIM, categories=["level", "address", "level"], by=office)

    assert again is one
    assert part.categories == ["address", "level"]
    assert list(list_restrictions(learner.id, SYSTEM)) == [one, part]
    assert len(session.scalars(select(Job).where(Job.kind == "disclosures.void_restricted")).all()) == 2


def test_it_stands_in_the_ledger_by_her_id(school: SchoolView) -> None:
    learner = make_learner()
    restriction = hold(learner.id, "level")
    push_waiting()

    assert set(find_endings(Ending.RESTRICTION, [learner.id, restriction.id])) == {learner.id}


@pytest.mark.parametrize("category", ["name", "account", "nonsense"])
def test_what_cannot_be_hidden_by_itself_is_refused(school: SchoolView, category: str) -> None:
    learner = make_learner()
    with pytest.raises(Invalid, match="not_restrictable"):
        hold(learner.id, "level", category)


def test_who_does_not_reach_her_restricts_and_reads_nothing(school: SchoolView) -> None:
    learner, other = make_learner(), make_learner()
    restriction = hold(learner.id)
    by = as_learner(other)

    with pytest.raises(NotFound):
        restrict(learner.id, ground=RestrictionGround.CLAIM, by=by)
    with pytest.raises(NotFound):
        get_restriction(restriction.id, by.scope)
    assert not list_restrictions(learner.id, by.scope)


def test_what_is_restricted_already_can_be_restricted_more(enter: Enter, hers: UUID, office: Actor) -> None:
    with enter("lest-best"):
        assert not is_seen(hers)
        restrict(hers, ground=RestrictionGround.CLAIM, categories=["level"], by=office)
        assert not is_seen(hers)
        assert len(list_restrictions(hers, SYSTEM)) == 2


def test_she_is_told_before_it_is_lifted(enter: Enter, hers: UUID, office: Actor) -> None:
    with enter("lest-best"):
        restriction = list_restrictions(hers, SYSTEM)[0]
        with pytest.raises(Conflict, match="not_told"):
            lift_restriction(restriction.id, by=office)
        tell_of_lifting(restriction.id, by=office)
        tell_of_lifting(restriction.id, by=office)
        assert is_restricted(hers)
    with enter("lest-best"):
        lifted = lift_restriction(restriction.id, by=office)
        assert lift_restriction(restriction.id, by=office).lifted_at == lifted.lifted_at
        assert lifted.lifted_by == office.account_id
        with pytest.raises(Conflict, match="lifted"):
            tell_of_lifting(restriction.id, by=office)
        with pytest.raises(Conflict, match="lifted"):
            allow_use(restriction.id, ground=UseGround.CLAIM, why="x", used_for="y", by=office)
    with enter("lest-best"):
        assert is_seen(hers)
        assert not hides_anyone()
        mails = session.scalars(select(Mail).where(Mail.template == "purposes/restriction_lifting")).all()
        assert [mail.learner_id for mail in mails] == [hers]


def test_who_has_no_address_is_told_by_the_school(school: SchoolView) -> None:
    restriction = hold(make_learner(email=None).id)

    assert tell_of_lifting(restriction.id, by=PORTAL).told_at is not None
    assert not session.scalars(select(Mail).where(Mail.template == "purposes/restriction_lifting")).all()


def test_a_use_on_a_ground_is_kept_and_shows_her_in_that_transaction(
    app: Flask, enter: Enter, hers: UUID, office: Actor
) -> None:
    with enter("lest-best"):
        restriction = list_restrictions(hers, SYSTEM)[0]

        def use() -> None:
            allow_use(
                restriction.id, ground=UseGround.CLAIM, why=" De rechter vraagt het. ", used_for="zaak", by=office
            )
            assert is_seen(hers)

        copy_context().run(use)
        kept = list_uses(hers, SYSTEM)[0]
        assert (kept.why, kept.used_for, kept.ground) == ("De rechter vraagt het.", "zaak", UseGround.CLAIM)
        assert (kept.used_by, kept.used_by_name, kept.article) == (office.account_id, office.name, None)
    with enter("lest-best"):
        assert not is_seen(hers)


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("ground", "article", "why", "field"),
    [
        (UseGround.PUBLIC_INTEREST, " ", "Het moet.", "article"),
        (UseGround.CLAIM, None, " ", "why"),
        (UseGround.CLAIM, None, "x" * 2001, "why"),
    ],
)
def test_a_ground_without_words_is_none(
    office: Actor, ground: UseGround, article: str | None, why: str, field: str
) -> None:
    restriction = hold(make_learner().id)
    with pytest.raises(Invalid) as refused:
        allow_use(restriction.id, ground=ground, article=article, why=why, used_for="zaak", by=office)
    assert refused.value.field == field


def test_a_public_interest_names_its_article(school: SchoolView, office: Actor) -> None:
    restriction = hold(make_learner().id)

    def use() -> None:
        used = allow_use(
            restriction.id, ground=UseGround.PUBLIC_INTEREST, article="Wpg art. 6", why="GGD", used_for="x", by=office
        )
        assert used.article == "Wpg art. 6"

    copy_context().run(use)
