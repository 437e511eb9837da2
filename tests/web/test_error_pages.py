"""A form that comes too late: what was written in it is shown, to be copied, and nothing else of it."""

import pytest

from tests.page_client import PageClient
from tests.signing_in import SignIn

NOTE = "Zij leest nu korte berichten.\nVolgende week: <b>brieven</b>."


@pytest.mark.parametrize("origin", ["same-origin", "cross-site", None])
def test_what_was_written_in_a_stale_form_can_be_copied(
    client: PageClient, sign_in: SignIn, origin: str | None
) -> None:
    sign_in(client, "management")
    typed = {"opening_hours": NOTE, "password": "een lang wachtwoord met spaties", "csrf_token": "verlopen"}
    headers = {"Sec-Fetch-Site": origin} if origin else {}

    response = client.browser.post("/instellingen/hulp", base_url=client.base, data=typed, headers=headers)
    text = response.get_data(as_text=True)

    assert response.status_code == 422
    assert ("Volgende week: &lt;b&gt;brieven&lt;/b&gt;." in text) is (origin == "same-origin")
    assert "wachtwoord met spaties" not in text
    assert ("Kopieer het" in text) is (origin == "same-origin")
