"""`wsgi.py` is what a web server of a hosting's own choice loads."""

import importlib

from sqlalchemy import Engine


def test_the_app_that_a_web_server_loads_serves_a_school(database: Engine) -> None:
    loaded = importlib.import_module("wsgi")
    answer = loaded.app.test_client().get("/privacy", base_url="https://lest-best.localhost")
    assert answer.status_code == 200
    assert "Lest Best" in answer.text
