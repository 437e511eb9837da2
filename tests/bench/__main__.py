"""`make bench`: measures every row and prints the table; ends with 1 where a bar isn't reached. Names choose rows."""

import base64
import os
import signal
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn

from portal.demo.services import HOW_THEY_END
from tests.bench import backups, browser, copies, files, growth, memory, pages, retention, signing, work, workbooks
from tests.bench.rows import Line
from tests.bench.setting import Setting, prepared

PARTS: dict[str, Callable[[Setting], Iterator[Line]]] = {
    "pages": pages.lines,
    "signing": signing.lines,
    "work": work.lines,
    "files": files.lines,
    "copies": copies.lines,
    "backups": backups.lines,
    "retention": retention.lines,
    "workbooks": workbooks.lines,
    "memory": memory.lines,
    "browser": browser.lines,
    "growth": growth.lines,
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by the way of every `finally`: servers, browser, databases go. A later signal doesn't cut that short."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _measured(chosen: list[str]) -> int:
    """Print the lines of the parts; return how many fall short."""
    short = 0
    with prepared() as setting:
        for name in chosen:
            for line in PARTS[name](setting):
                print(line.as_line(), flush=True)
                short += not line.holds
    return short


def main() -> int:
    """Run the parts that were named, or all; return the exit code."""
    unknown = [name for name in sys.argv[1:] if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for each in SIGNALS:
        signal.signal(each, _stop)
    with TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL="postgresql://nobody@localhost/none",
            PORTAL_KEYS_URL="postgresql://nobody@localhost/none",
            PORTAL_SECRET_KEY="bench-" + "x" * 40,
            PORTAL_MASTER_KEY=base64.b64encode(b"k" * 32).decode(),
            PORTAL_FILES_DIR=folder,
            PORTAL_MAIL_DIR=folder,
        )
        short = _measured(sys.argv[1:] or list(PARTS))
    print(f"{short} fall short" if short else "none falls short")
    print(HOW_THEY_END)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
