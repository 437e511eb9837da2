"""Dates are written in one order: day, month, year, in whatever language and length."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from portal.core.http.languages import COOKIE, _, in_language, install, unreviewed_note, written

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("language", "day", "moment", "weekday"),
    [
        ("nl", "27 november 2026", "27 november 2026 13:05", "vrijdag 27 november"),
        ("en", "27 November 2026", "27 November 2026 13:05", "Friday 27 November"),
        ("ar", "27 نوفمبر 2026", "27 نوفمبر 2026 13:05", "الجمعة 27 نوفمبر"),
    ],
)
def test_a_date_has_one_order(language: str, day: str, moment: str, weekday: str) -> None:
    app = Flask(__name__)
    install(app)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
        assert written("date", DAY) == day
        assert written("datetime", datetime(2026, 11, 27, 12, 5, tzinfo=UTC)) == moment
        assert written("weekday", DAY) == weekday
        assert app.jinja_env.filters["date"](DAY, "medium").split()[0] == "27"


@pytest.mark.parametrize("page", ["nl", "en", "ar"])
def test_what_stands_under_a_language_is_said_in_that_language(page: str) -> None:
    app = Flask("portal")
    install(app)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={page}"}):
        assert unreviewed_note("en") == "Nobody who speaks this language has read it yet"
        assert "لم" in unreviewed_note("ar")


def test_a_letter_in_another_language_leaves_the_page_in_its_own(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "nl"}):
        with in_language("ar"):
            arabic = _("Met vriendelijke groet,")
            with in_language("en"):
                english = _("Met vriendelijke groet,")
        assert len({arabic, english, _("Met vriendelijke groet,")}) == 3
        assert _("Met vriendelijke groet,") == "Met vriendelijke groet,"
