"""The log: one line of JSON for each event, without personal data: where a fault happened, never what it said."""

import logging
import sys
import traceback
from pathlib import Path

import structlog

_MOST_FRAMES = 12


def places(error: BaseException) -> list[str]:
    """Return where an error happened, innermost last; its text is left out, for it may hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


class _JsonLines(logging.Handler):
    """Writes what libraries log in our form; of an error only where it happened."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line for a record."""
        error = record.exc_info[1] if record.exc_info else None
        facts = {} if error is None else {"kind": type(error).__name__, "at": places(error)}
        structlog.get_logger("portal").log(
            record.levelno, "library", logger=record.name, message=record.getMessage().strip(), **facts
        )


def take_in_libraries() -> None:
    """Let the warnings and errors of libraries be lines of JSON too, and be written once."""
    logging.captureWarnings(True)
    logging.basicConfig(level=logging.WARNING, handlers=[_JsonLines()], force=True)


def install() -> None:
    """Let every log line of the process go to stderr in this form."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
