"""Slow sweeps in part: a test that is marked `sample(share)` runs that share of its cases, chosen by the run's seed.

`--whole` (`make test ARGS=--whole`) runs all of them, and what is marked `whole`, and so does `--promises`.
"""

import math
import random
from collections import defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="run every case of the slow sweeps, not a sample of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the seed doesn't choose; each process of a run chooses the same."""
    if config.getoption("--whole") or config.getoption("--promises"):
        return
    sweeps: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sample") is not None:
            sweeps[item.nodeid.partition("[")[0]].append(item)
    left_out = {item for item in items if item.get_closest_marker("whole") is not None}
    for name, cases in sweeps.items():
        share = cases[0].get_closest_marker("sample").args[0]
        cases.sort(key=lambda item: item.nodeid)
        chosen = random.Random(f"{config.getoption('randomly_seed')} {name}").sample(
            cases, math.ceil(len(cases) * share)
        )
        left_out |= set(cases) - set(chosen)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
