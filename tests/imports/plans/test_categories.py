"""A row about somebody who restricted her data is refused, and tells no more than that (ST-08)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.imports import make_office, sheet_bytes, stored
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold

HERE = school_id("lest-best")


pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("Nummer", "Voornaam", "Achternaam"), ("H4711", "Amina", "Kwikstaart")),
        (("Voornaam", "Achternaam", "Geboortedatum"), ("Amina", "Kwikstaart", "4-5-1990")),
        (("Voornaam", "Achternaam", "Geboortedatum"), ("Aminah", "Kwikstaert", "4-5-1990")),
    ],
)
def test_she_is_not_made_again_nor_changed(database: object, header: tuple[str, ...], row: tuple[str, ...]) -> None:
    with in_school(HERE):
        hers = make_learner("Amina", "Kwikstaart", number="H4711", birth_date=date(1990, 5, 4))
        hold(hers.id)
    with in_school(HERE):
        learners = session.scalar(select(func.count()).select_from(Learner))
        with pytest.raises(Conflict, match="nothing_to_store"):
            stored(sheet_bytes(header, row), make_office())
        assert session.scalar(select(func.count()).select_from(Learner)) == learners


@pytest.mark.promise("ST-08", part="shielded")
def test_a_category_that_she_restricted_is_not_changed(database: object) -> None:
    header = ("Nummer", "Voornaam", "Achternaam", "Woonplaats")
    with in_school(HERE):
        hers = make_learner("Amina", "Kwikstaart", number="H4711", city="Verwegdam")
        hold(hers.id, "address")
    with in_school(HERE):
        with pytest.raises(Conflict, match="nothing_to_store"):
            stored(sheet_bytes(header, ("H4711", "Amina", "Kwikstaart", "Zeist")), make_office())
        city = select(Learner.city).where(Learner.id == hers.id)
        assert session.scalar(city) == "Verwegdam"


def test_others_come_in_as_ever(database: object) -> None:
    with in_school(HERE):
        hold(make_learner("Amina", "Kwikstaart", number="H4711").id)
    with in_school(HERE):
        stored(sheet_bytes(("Voornaam", "Achternaam"), ("Berhane", "Woldu")), make_office())
        assert session.scalar(select(Learner.id).where(Learner.family_name == "Woldu")) is not None
