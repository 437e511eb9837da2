"""The app as it is served."""

import gc

from flask import Flask

from portal.serving import served_app


def test_what_stays_is_out_of_the_collectors_way_and_templates_are_ready(app: Flask) -> None:
    thresholds = gc.get_threshold()
    try:
        served = served_app()
        assert gc.get_freeze_count() > 100_000
        assert gc.get_threshold()[0] > thresholds[0]
        assert served.jinja_env.cache is not None
        assert any("attendance/register.html" in key for key in served.jinja_env.cache.keys())  # noqa: SIM118
        assert served.url_map.is_endpoint_expecting("attendance.register", "lesson_id")
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
