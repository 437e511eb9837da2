"""The office's page of who turns 16."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.purposes.coming_of_age.models import ComingOfAge
from portal.representation.models import RepresentativeKind
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PAGE = "/cursisten/kinderen"


def test_the_office_sees_whose_letter_waits_and_notes_it(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Yara", "Haddad", birth_date=today() - timedelta(days=16 * 365))
        row = ComingOfAge(learner_id=learner.id, sixteen_on=today() + timedelta(days=4), told_at=now(), by_letter=True)
        session.add(row)
        session.flush()
        row_id = row.id
    sign_in(client, "administration")
    assert "Yara Haddad" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/{row_id}/brief").status_code == 303
    assert "brief verstuurd op" in client.get(PAGE).get_data(as_text=True)


def _waits(learner_id: UUID, **facts: Any) -> UUID:
    values = {"sixteen_on": today() + timedelta(days=4), "told_at": now(), "by_letter": True, **facts}
    row = ComingOfAge(learner_id=learner_id, **values)
    session.add(row)
    session.flush()
    return row.id


def test_the_letters_are_in_each_ones_language_and_noted_as_sent(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        child = make_learner("Yara", "Haddad", birth_date=today() - timedelta(days=16 * 365), preferred_language="ar")
        make_representative(child, kind=RepresentativeKind.PARENT, name="Layla Haddad", email=None)
        make_representative(child, kind=RepresentativeKind.PARENT, name="Omar Haddad", email="omar@example.org")
        row_id = _waits(child.id)
    sign_in(client, "administration")

    page = unescape(client.get(f"{PAGE}/{row_id}/brief").get_data(as_text=True))
    assert 'lang="ar" dir="rtl"' in page
    assert "Yara Haddad" in page
    assert "Layla Haddad" in page
    assert "Omar Haddad" not in page
    assert "U kunt dan niet meer inloggen voor" in page
    assert "2 brieven zijn verstuurd of gegeven" in page

    for _ in range(2):
        assert client.post(f"{PAGE}/{row_id}/brief").status_code == 303
    assert "brief verstuurd op" in client.get(f"{PAGE}/{row_id}/brief").get_data(as_text=True)
    with in_school(HERE):
        sent = session.scalars(select(AuditEvent).where(AuditEvent.event == "purposes.sixteen_letter_sent")).all()
        assert len(sent) == 1


def test_after_the_day_the_letter_says_what_the_mail_of_that_day_says(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Yara", "Haddad", birth_date=today() - timedelta(days=17 * 365))
        reached = _waits(learner.id, sixteen_on=today() - timedelta(days=200), reached_at=now())
        mailed = make_learner("Chen", "Wu", birth_date=today() - timedelta(days=17 * 365), email="chen@example.org")
        needless = _waits(mailed.id, reached_at=now())
    sign_in(client, "administration")
    text = client.get(f"{PAGE}/{reached}/brief").get_data(as_text=True)
    assert "U bent 16. U beslist nu zelf" in text
    assert "ja op" not in text
    assert "Er is geen brief nodig" in client.get(f"{PAGE}/{needless}/brief").get_data(as_text=True)


def test_a_teacher_has_no_such_page(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}/{new_id()}/brief").status_code in {403, 404}


@pytest.mark.promise("ST-08", part="shielded")
def test_the_day_of_who_restricted_her_birth_date_stands_nowhere(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        child = make_learner("Yara", "Haddad", birth_date=today() - timedelta(days=16 * 365))
        row_id = _waits(child.id)
        hold(child.id, "birth")
    sign_in(client, "administration")
    assert "Yara Haddad" not in client.get(PAGE).get_data(as_text=True)
    assert client.get(f"{PAGE}/{row_id}/brief").status_code == 404
    assert client.post(f"{PAGE}/{row_id}/brief").status_code == 404
