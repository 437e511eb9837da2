"""The demo's schools are filled by processes of their own, which know every feature's tables without the app."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from portal.demo import databases, environment, population
from portal.demo.services import owned
from portal.demo.world.plan import PLANS

ROOT = Path(__file__).resolve().parents[2]


def test_a_process_of_its_own_fills_a_school(tmp_path: Path) -> None:
    smallest = min(PLANS, key=lambda plan: plan.learners)
    with owned(tmp_path) as services:
        password = environment.kept_secrets(tmp_path)["password"]
        arranged = databases.arrange(services.addresses.database, password, given=False)
        population.migrate(arranged, password)
        settings = environment.settings_of(tmp_path, arranged, services.addresses.redis, 8000)
        command = [sys.executable, "-m", "portal.demo.population", smallest.slug]
        ran = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
        with psycopg.connect(arranged.application) as connection:
            assert connection.execute("select slug from list_schools()").fetchall() == [(smallest.slug,)]
