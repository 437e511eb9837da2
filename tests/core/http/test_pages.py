"""What the answers of every feature have in common."""

from uuid import UUID, uuid4

import pytest
from flask import Flask, url_for

from portal.core.http.pages import own_path, page_number, url_pattern, where_she_was

BASE = "https://lest-best.localhost"
GROUP = UUID(int=7)


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
        (f"/groepen/{GROUP}/samen/mailen", f"/groepen/{GROUP}"),
        (f"/medewerkers/{GROUP}/hulp?a=1", f"/medewerkers/{GROUP}"),
        ("/medewerkers/ophalen", "/medewerkers"),
        ("/uitloggen", "/"),
        ("/bestaat-niet", "/bestaat-niet"),
    ],
)
def test_a_way_back_is_a_page_of_this_host(app: Flask, wanted: str | None, path: str) -> None:
    with app.test_request_context("/", base_url=BASE):
        assert own_path(wanted) == path


@pytest.mark.parametrize(
    ("asked", "number"),
    [("3", 3), ("0", 1), ("-5", 1), ("٣", 3), ("x", 1), ("99999999999", 100_000), ("9" * 5000, 1), ("", 1)],
)
def test_a_page_of_a_list_is_one_that_can_be(app: Flask, asked: str, number: int) -> None:
    with app.test_request_context("/", query_string={"pagina": asked}):
        assert page_number() == number


@pytest.mark.parametrize("came_from", ["http://[", "//[", "http://lest-best.localhost]/"])
def test_a_page_that_says_nonsense_of_where_it_came_from_leads_to_the_start(app: Flask, came_from: str) -> None:
    with app.test_request_context("/", method="POST", base_url=BASE, headers={"Referer": came_from}):
        assert where_she_was() == "/"
