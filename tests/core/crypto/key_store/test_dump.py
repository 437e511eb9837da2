"""What a dump of the database holds: rows of every table, and nothing that opens a BSN or a file."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import text

from portal.config import settings
from portal.core.crypto import files, key_store
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_trajectory

BSN = "123456782"
SECRET = b"what only the file says"


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner with a BSN, and a file in which something stands."""
    learner = make_learner("Amina", bsn=BSN)
    make_trajectory(learner, reports_to_government=True)
    files.store(BytesIO(SECRET), about=(learner.id, "identity_document.file_id"))
    files.store(BytesIO(SECRET))
    return learner


def dumped() -> Iterator[str]:
    """Yield every row of every table of the database, as the server writes it."""
    for table in Base.metadata.sorted_tables:
        yield from session.scalars(text(f'select "{table.name}"::text from "{table.name}"'))


def test_a_dump_holds_neither_a_bsn_nor_a_key(school: SchoolView, amina: Learner) -> None:
    store = key_store.store()
    person_key = store.keys_of(school.id, [(amina.id, "bsn")], make=False)[amina.id, "bsn"]
    wanted = text("select wrapped from person_key union select wrapped from school_key")
    held = [row for copy in store.mirror.copies for row in copy.rows(wanted)]
    assert person_key is not None
    secrets = [person_key.key, store.school_key(school.id), key_store.master_key(settings())]
    secrets += [row.wrapped for row in held if row.wrapped is not None]

    dump = "\n".join(dumped())

    assert "Amina" in dump
    assert BSN not in dump
    assert BSN.encode().hex() not in dump
    assert SECRET.hex() not in dump
    assert not [key for key in secrets if key.hex() in dump]
