"""`python -m tests.core.worker_for_tests N`: the worker itself, with the tests' kinds of job."""

import sys

from flask import Flask

import portal.wiring  # noqa: F401
import tests.core.kinds_for_tests  # noqa: F401
from portal.core.command_setup import bind_database
from portal.core.jobs.worker import run_worker

if __name__ == "__main__":
    bind_database()
    run_worker(Flask("tests").app_context, int(sys.argv[1]))
