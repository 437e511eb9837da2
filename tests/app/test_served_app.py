"""The app as it is served."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.app import served_app
from portal.core.db import session as database


@pytest.fixture
def served(app: Flask, engine: Engine) -> Iterator[Flask]:
    """The app made as each process of `portal serve` makes it, where another engine was bound before."""
    thresholds = gc.get_threshold()
    try:
        yield served_app()
    finally:
        database.engine().dispose()
        database.bind(engine)
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def test_pages_plan_their_statements_once(served: Flask, engine: Engine) -> None:
    assert database.engine() is not engine
    with database.engine().connect() as connection:
        assert connection.scalar(text("show plan_cache_mode")) == "force_generic_plan"


def test_what_stays_is_out_of_the_collectors_way_and_templates_are_ready(served: Flask) -> None:
    assert gc.get_freeze_count() > 100_000
    assert gc.get_threshold()[0] >= 20_000
    assert served.jinja_env.cache is not None
    ready = {name for _loader, name in served.jinja_env.cache}
    assert ready >= set(served.jinja_env.list_templates(extensions=["html"]))
    assert served.url_map.is_endpoint_expecting("attendance.register", "lesson_id")
