"""Many ids reach the database as one text, made once however many statements name them."""

from uuid import uuid4

import pytest
from sqlalchemy import ARRAY, Uuid, literal, select

from portal.core.db.bulk import Ids, among_ids, array_of
from portal.core.db.session import session

pytestmark = pytest.mark.usefixtures("school")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_database_reads_the_same_ids(number: int) -> None:
    ids = [uuid4() for _ in range(number)]
    for given in (ids, tuple(ids), Ids(ids), set(ids)):
        assert set(session.scalar(select(array_of(given, ARRAY(Uuid())))) or ()) == set(ids)


def test_a_column_is_one_of_them_or_isnt() -> None:
    ids, other = Ids(uuid4() for _ in range(3)), uuid4()
    said = [session.scalar(select(among_ids(literal(each, Uuid()), ids))) for each in (*ids, other)]
    assert said == [True, True, True, False]


def test_their_text_is_made_once() -> None:
    ids = Ids(uuid4() for _ in range(3))
    assert ids.as_text is ids.as_text
    assert (len(ids), ids[0] in ids, list(ids)) == (3, True, [*ids])
