"""Which state of the keys a restore goes by: the newest that there is, of every copy and file that can be read.

What one of them says was destroyed stays destroyed, and each ending that one of them has counts.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from portal.config import Settings
from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.key_exports import NAME, exported_at, read_export, read_to_its_end
from portal.core.crypto import key_store
from portal.core.crypto.ciphers import KeysError
from portal.core.crypto.comparison import compare
from portal.core.crypto.store_tables import SEAL_HEAD, STORE
from portal.core.crypto.streams import Damaged


def bring_up(settings: Settings, *, accepts_lost_endings: bool) -> list[str]:
    """Let both copies hold the newest state of the keys, and return what there is to say of it; raises BackupError.

    Copies that were lost are made anew from the files beside the backups, where it is accepted that what ended since
    those were written isn't known. Both must be reachable and whole then.
    """
    said = []
    try:
        key_store.prepare(settings)
    except OperationalError:
        raise BackupError("keys: a database of PORTAL_KEYS_URL or PORTAL_KEYS_COPY_URL can't be reached") from None
    store = key_store.store()
    try:
        store.check_master()
        is_empty = not any(copy.schools() for copy in store.mirror.copies)
        if is_empty and not accepts_lost_endings:
            raise BackupError(
                f"keys: both copies were lost, and their newest file is of {_newest_said(settings)}; what ended after"
                " that isn't known. --accept-lost-endings goes on without it"
            )
        known: set[bytes] = set()
        moments = [_take(settings, path, known, is_empty=is_empty) for path in _exports(settings)]
        found = compare(store, mend=True)
    except KeysError as error:
        raise BackupError(f"keys: {error}") from error
    lost = [each for each in found.differences if each.good is None]
    if lost:
        raise BackupError(f"keys: {lost[0]}; `portal keys verify` lists what differs ({len(lost)})")
    if found.mended:
        said.append(f"keys: {found.mended} rows of one copy were mended from the other")
    if is_empty:
        newest = max((each for each in moments if each is not None), default=None)
        if newest is None:
            raise BackupError("keys: both copies are empty, and no whole file of them is in PORTAL_BACKUP_KEYS_DIR")
        said.append(f"keys: both copies were lost; made anew as they were at {newest:%Y-%m-%d %H:%M} UTC")
        said.append("what ended after that moment is not known, and is not applied again")
    return said


def _newest_said(settings: Settings) -> str:
    """Return when the newest file that can be read was written; raises BackupError where there is none."""
    moments = []
    for path in _exports(settings):
        try:
            with told_in_a_line("keys", path):
                moments.append(exported_at(key_store.store(), path))
        except BackupError:
            continue
    if not moments:
        raise BackupError("keys: both copies are empty, and no whole file of them is in PORTAL_BACKUP_KEYS_DIR")
    return f"{max(moments):%Y-%m-%d %H:%M} UTC"


def _exports(settings: Settings) -> list[Path]:
    folders = (settings.backup_keys_dir, settings.backup_keys_copy_dir)
    return [folder / NAME for folder in folders if folder is not None and (folder / NAME).is_file()]


def _take(settings: Settings, path: Path, known: set[bytes], *, is_empty: bool) -> datetime | None:
    """Store in both copies what a file has newer, and return when it was written; None for a damaged one.

    The newest seal of a chain is the copies' own to say, where they have any.
    """
    store = key_store.store()
    try:
        with told_in_a_line("keys", path):
            moment = exported_at(store, path)
            read_to_its_end(store, path)
            for table, school_id, rows in read_export(store, path, known):
                if STORE.tables[table] is not SEAL_HEAD or is_empty:
                    for copy in store.mirror.copies:
                        copy.put(STORE.tables[table], school_id, rows)
    except BackupError as error:
        if isinstance(error.__cause__, Damaged) and is_empty and len(_exports(settings)) > 1:
            return None
        raise
    return moment
