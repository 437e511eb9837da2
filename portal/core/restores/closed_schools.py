"""Schools that left since a backup: what it holds of them goes again, before anybody is served."""

import shutil

from portal.core.crypto.closed_schools import list_closed
from portal.core.db import closures
from portal.core.db.base import Base
from portal.core.restores.target import Target


def clear_closed(target: Target) -> int:
    """Delete rows and files of the schools whose key was destroyed; return of how many there was something left."""
    met = 0
    for school_id in sorted(list_closed()):
        with target.said() as connection:
            closures.begin(connection, school_id)
            rows = closures.delete_rows(connection, school_id, Base.metadata)
        folder = target.files / str(school_id)
        met += bool(rows or folder.is_dir())
        shutil.rmtree(folder, ignore_errors=True)
    return met
