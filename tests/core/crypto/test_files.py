"""Files are encrypted on disk, whole or refused, and leave the disk when their row does."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from portal.core.clock import now
from portal.core.crypto import files, keys
from portal.core.crypto.files import CHUNK_BYTES, Damaged, StoredFile
from portal.core.db.scope import checkpoint, current_school_id, in_school, restart
from portal.core.db.session import session
from portal.core.errors import NotFound
from tests.seed import SCHOOLS

pytestmark = pytest.mark.usefixtures("school")


def on_disk(file_id: UUID) -> Path:
    (found,) = folder().glob(f"??/{files.get_file(file_id).name}*")
    return found


def folder() -> Path:
    return Path(os.environ["PORTAL_FILES_DIR"]) / str(current_school_id())


def read(file_id: UUID) -> bytes:
    return b"".join(files.open_file(file_id))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_is_stored_is_read_again(size: int) -> None:
    content = os.urandom(size)
    file_id = files.store([content[:10], content[10:]])
    checkpoint()
    assert read(file_id) == content
    assert files.get_file(file_id).size == size


def test_on_disk_nothing_can_be_read() -> None:
    file_id = files.store([b"Fatima, 123456782\n"] * 1000)
    checkpoint()
    assert b"Fatima" not in on_disk(file_id).read_bytes()


@pytest.mark.parametrize("harm", ["altered", "cut", "chunk dropped", "swapped", "gone"])
def test_harmed_content_is_refused(harm: str) -> None:
    content = os.urandom(3 * CHUNK_BYTES)
    file_id, other = files.store([content]), files.store([content])
    checkpoint()
    path = on_disk(file_id)
    blob = path.read_bytes()
    harmed = {
        "altered": blob[:-40] + bytes([blob[-40] ^ 1]) + blob[-39:],
        "cut": blob[: len(blob) // 2],
        "chunk dropped": blob[: 8 + 2 * (CHUNK_BYTES + 16)],
        "swapped": on_disk(other).read_bytes(),
        "gone": b"",
    }[harm]
    path.write_bytes(harmed)
    with pytest.raises(Damaged):
        read(file_id)


def test_one_about_a_learner_is_gone_with_her_key() -> None:
    learner = uuid4()
    file_id = files.store([b"copy of a passport"], about=(learner, "identity_document.file_id"))
    checkpoint()
    assert read(file_id) == b"copy of a passport"
    keys.destroy_people(learner)
    checkpoint()
    with pytest.raises(keys.KeyDestroyed):
        files.open_file(file_id)


def test_another_school_finds_nothing() -> None:
    file_id = files.store([b"x"])
    checkpoint()
    with in_school(SCHOOLS[1].id), pytest.raises(NotFound):
        files.open_file(file_id)


def test_past_its_term_it_does_not_open_and_is_swept() -> None:
    file_id = files.store([b"x"], expires_at=now() - timedelta(seconds=1))
    checkpoint()
    path = on_disk(file_id)
    with pytest.raises(NotFound):
        files.open_file(file_id)
    files.sweep()
    checkpoint()
    assert not path.exists()
    assert files.get_file(file_id).gone_at is not None


def test_removed_it_leaves_the_disk_after_the_commit() -> None:
    file_id = files.store([b"x"])
    checkpoint()
    path = on_disk(file_id)
    session.begin_nested()
    files.remove(file_id)
    restart()
    checkpoint()
    assert path.exists()
    files.remove(file_id)
    assert path.exists()
    checkpoint()
    assert not path.exists()


def test_rolled_back_its_content_is_swept_after_a_day() -> None:
    with session.begin_nested() as savepoint:
        file_id = files.store([b"x"])
        path = on_disk(file_id)
        savepoint.rollback()
    checkpoint()
    files.sweep()
    checkpoint()
    assert path.exists()
    past = (now() - timedelta(hours=25)).timestamp()
    os.utime(path, (past, past))
    files.sweep()
    checkpoint()
    assert not path.exists()


def test_a_crash_between_commit_and_last_name_loses_nothing() -> None:
    file_id = files.store([b"x"])
    checkpoint()
    path = on_disk(file_id)
    path.rename(path.with_name(path.name + ".new"))
    past = (now() - timedelta(hours=25)).timestamp()
    os.utime(path.with_name(path.name + ".new"), (past, past))
    files.sweep()
    checkpoint()
    assert read(file_id) == b"x"


def test_whose_row_was_deleted_is_swept_at_once() -> None:
    file_id = files.store([b"x"])
    checkpoint()
    path = on_disk(file_id)
    session.execute(delete(StoredFile).where(StoredFile.id == file_id))
    checkpoint()
    files.sweep()
    checkpoint()
    assert not path.exists()


def test_a_stream_that_breaks_leaves_nothing_behind() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x" * CHUNK_BYTES * 2
        raise OSError("gone")

    before = set(folder().glob("??/*"))
    with pytest.raises(OSError, match="gone"):
        files.store(breaking())
    assert set(folder().glob("??/*")) == before


def test_memory_stays_flat() -> None:
    def rows(count: int) -> Iterator[bytes]:
        return (b"2026-11-22;aanwezig;90;Groep A2\n" for _ in range(count))

    peaks = []
    for count in (10_000, 200_000):
        tracemalloc.start()
        file_id = files.store(rows(count))
        for _ in files.open_file(file_id):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 4 * CHUNK_BYTES
