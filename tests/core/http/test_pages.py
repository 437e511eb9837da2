"""What the answers of every feature have in common."""

from uuid import uuid4

import pytest
from flask import Flask, url_for

from portal.core.http.pages import own_path, url_pattern

BASE = "https://lest-best.localhost"


def test_the_rows_of_a_list_have_the_address_that_flask_gives(app: Flask) -> None:
    learner_id = uuid4()
    with app.test_request_context("/", base_url=BASE):
        pattern = url_pattern("learners.record", "learner_id")
        assert pattern % learner_id == url_for("learners.record", learner_id=learner_id)


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/vandaag?dag=1", "/vandaag?dag=1"),
        ("//elders.example", "/"),
        ("/\\elders.example", "/"),
        ("https://elders.example/", "/"),
        ("/a\nb", "/"),
        (None, "/"),
    ],
)
def test_a_way_back_stays_on_this_host(wanted: str | None, path: str) -> None:
    assert own_path(wanted) == path
