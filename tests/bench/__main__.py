"""`make bench`: measures every row and prints the table; ends with 1 where a bar isn't reached. Names choose rows."""

import base64
import os
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory

from tests.bench import files, pages, signing, work, workbooks
from tests.bench.rows import Line
from tests.bench.setting import Setting, prepared

PARTS: dict[str, Callable[[Setting], Iterator[Line]]] = {
    "pages": pages.lines,
    "signing": signing.lines,
    "work": work.lines,
    "files": files.lines,
    "workbooks": workbooks.lines,
}


def main() -> int:
    """Run the parts that were named, or all; return the exit code."""
    chosen = [name for name in sys.argv[1:] if name in PARTS] or list(PARTS)
    short = 0
    with TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL="postgresql://nobody@localhost/none",
            PORTAL_KEYS_URL="postgresql://nobody@localhost/none",
            PORTAL_SECRET_KEY="bench-" + "x" * 40,
            PORTAL_MASTER_KEY=base64.b64encode(b"k" * 32).decode(),
            PORTAL_FILES_DIR=folder,
            PORTAL_MAIL_DIR=folder,
        )
        with prepared() as setting:
            for name in chosen:
                for line in PARTS[name](setting):
                    print(line.shown(), flush=True)
                    short += not line.holds
    print(f"{short} fall short" if short else "none falls short")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
