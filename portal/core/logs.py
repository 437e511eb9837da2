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
