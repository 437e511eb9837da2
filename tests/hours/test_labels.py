"""Hours are said as people say them, in each language."""

import pytest
from flask import Flask

from portal.core.http.languages import COOKIE, install
from portal.hours.labels import duration


@pytest.mark.parametrize(
    ("minutes", "language", "said"),
    [
        (4176, "nl", "69 uur en 36 minuten"),
        (120, "nl", "2 uur"),
        (1, "nl", "1 minuut"),
        (0, "nl", "0 minuten"),
        (4176, "en", "69 hours and 36 minutes"),
        (61, "en", "1 hour and 1 minute"),
        (122, "ar", "ساعتان ودقيقتان"),
    ],
)
def test_hours_and_minutes_are_said_in_words(minutes: int, language: str, said: str) -> None:
    app = Flask("portal")
    install(app)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
        assert duration(minutes) == said
