"""A file that holds what was restricted before anybody fetched it is void, and made anew without her (ST-08)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.clock import now
from portal.core.crypto.files import open_file
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import Disclosure, DisclosureState
from portal.purposes.restrictions.services import VOID_FILES
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.restrictions import hold
from tests.jobs import do_jobs

Enter = Callable[[str], AbstractContextManager[SchoolView]]


@pytest.fixture
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, tzinfo=UTC))


@pytest.fixture
def scene(app: Flask, at_noon: None, enter: Enter) -> Scene:
    """Amina and Bereket agreed that their client gets their attendance."""
    with enter("lest-best"):
        scene = make_scene()
        agree(scene.amina, "client_report")
        agree(scene.bereket, "client_report")
    return scene


def made_of(scene: Scene, app: Flask, enter: Enter) -> Disclosure:
    with enter("lest-best"), app.app_context():
        return make(ask(scene))


def content(disclosure: Disclosure) -> str:
    assert disclosure.file_id is not None
    return b"".join(open_file(disclosure.file_id)).decode()


def given(disclosure: Disclosure, scene: Scene) -> str:
    return b"".join(give_file(disclosure.id, signed_in_at=now(), by=scene.office)[1]).decode()


@pytest.mark.promise("ST-08", part="shielded")
def test_a_file_is_made_anew_and_the_first_is_not_given(scene: Scene, app: Flask, enter: Enter) -> None:
    made = made_of(scene, app, enter)
    with enter("lest-best"), app.app_context():
        assert "Amina" in content(made)
        hold(scene.amina.id)
    with enter("lest-best"), app.app_context():
        with pytest.raises(Conflict, match="void"):
            give_file(made.id, signed_in_at=now(), by=scene.office)
        do_jobs(VOID_FILES)
        states = {each.id: each for each in session.scalars(select(Disclosure))}
        anew = make(next(each for each in states.values() if each.id != made.id))
        assert states[made.id].state is DisclosureState.VOID
        assert anew.state is DisclosureState.READY
        assert "Amina" not in content(anew)
        assert "Bereket" in content(anew)
        assert "Bereket" in given(anew, scene)


@pytest.mark.promise("ST-08", part="shielded")
def test_a_file_that_was_fetched_is_not_given_again(scene: Scene, app: Flask, enter: Enter) -> None:
    made = made_of(scene, app, enter)
    with enter("lest-best"), app.app_context():
        assert "Amina" in given(made, scene)
        hold(scene.amina.id, "attendance")
    with enter("lest-best"), app.app_context():
        do_jobs(VOID_FILES)
        with pytest.raises(Conflict, match="gone"):
            give_file(made.id, signed_in_at=now(), by=scene.office)
        assert "Amina" not in content(make(ask(scene)))


def test_a_category_that_no_file_holds_leaves_it_alone(scene: Scene, app: Flask, enter: Enter) -> None:
    made = made_of(scene, app, enter)
    with enter("lest-best"), app.app_context():
        hold(scene.amina.id, "circumstances")
    with enter("lest-best"), app.app_context():
        do_jobs(VOID_FILES)
        assert "Amina" in given(made, scene)
