"""The app as `portal serve` runs it: made, warmed and out of the garbage collector's way before the first request."""

import gc

from flask import Flask

from portal.app import create_app
from portal.config import settings
from portal.core.db import session as database

_THRESHOLDS = (20_000, 20, 50)  # so many new objects before the collector looks; a page makes some thousands


def served_app() -> Flask:
    """Make the app, compile its templates, and let the collector pass over all that stays (`gc.freeze`).

    Without this the longest pages wait for a walk over every template, table and setting in memory. The engine is its
    own, whatever the process was forked from had bound: pages plan their statements once.
    """
    database.bind(database.plans_once(database.make_engine(settings().database_url)))
    app = create_app()
    app.jinja_env.auto_reload = False
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    return app
