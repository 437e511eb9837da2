"""The name that is proposed for a copied group."""

from datetime import date

import pytest
from flask import Flask

from portal.courses.copies.forms import name_for


@pytest.mark.parametrize(
    ("name", "starts_on", "proposed"),
    [
        ("A2 ochtend", date(2027, 2, 1), "A2 ochtend, februari 2027"),
        ("A2 ochtend, februari 2027", date(2027, 8, 30), "A2 ochtend, augustus 2027"),
        ("A2 maandag, dinsdag", date(2027, 2, 1), "A2 maandag, dinsdag, februari 2027"),
        ("A2 ochtend", None, "A2 ochtend"),
        ("x" * 119, date(2027, 2, 1), "x" * 119 + ","),
    ],
)
def test_a_new_name_says_when_the_group_begins(app: Flask, name: str, starts_on: date | None, proposed: str) -> None:
    with app.test_request_context("/"):
        assert name_for(name, starts_on) == proposed
