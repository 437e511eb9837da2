"""A form that comes too late: what was written in it is shown and can be sent again, and nothing else of it."""

import pytest
from werkzeug.test import TestResponse

from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

NOTE = "Zij leest nu korte berichten.\nVolgende week: <b>brieven</b>."
TYPED = {"opening_hours": NOTE, "password": "een lang wachtwoord met spaties", "csrf_token": "verlopen"}


def post(client: PageClient, path: str, typed: dict[str, str], origin: str | None) -> TestResponse:
    headers = {"Sec-Fetch-Site": origin, "Accept-Language": "nl"} if origin else {"Accept-Language": "nl"}
    return client.browser.post(path, base_url=client.base, data=typed, headers=headers)


@pytest.mark.parametrize("origin", ["same-origin", "same-site", "cross-site", None])
def test_a_stale_form_is_given_back_to_our_own_page_alone(
    client: PageClient, sign_in: SignIn, origin: str | None
) -> None:
    sign_in(client, "management")

    response = post(client, "/instellingen/hulp", TYPED, origin)
    text = response.get_data(as_text=True)

    assert response.status_code == 422
    assert ("Volgende week: &lt;b&gt;brieven&lt;/b&gt;." in text) is (origin == "same-origin")
    assert "wachtwoord met spaties" not in text
    assert ("Verstuur opnieuw" in text) is (origin == "same-origin")


def test_a_stale_form_sent_again_is_stored(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    stale = post(client, "/instellingen/hulp", {"opening_hours": NOTE, "csrf_token": "verlopen"}, "same-origin")
    token = stale.get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]

    again = hidden_in(stale, "/instellingen/hulp?")
    assert post(client, "/instellingen/hulp", {**again, "csrf_token": token}, "same-origin").status_code == 303

    assert "Volgende week" in client.get("/instellingen").get_data(as_text=True)


def test_a_form_whose_session_ended_is_given_back(client: PageClient) -> None:
    response = post(client, "/instellingen/hulp", TYPED, "same-origin")

    assert response.status_code == 401
    assert hidden_in(response, "/instellingen/hulp?") == {"opening_hours": NOTE}
    assert "wachtwoord met spaties" not in response.get_data(as_text=True)


@pytest.mark.parametrize("origin", ["cross-site", None])
def test_a_form_from_elsewhere_is_asked_to_sign_in(client: PageClient, origin: str | None) -> None:
    response = post(client, "/instellingen/hulp", TYPED, origin)

    assert response.status_code == 303
    assert response.headers["Location"].startswith("/aanmelden?")


def test_what_is_longer_than_a_page_is_not_given_back(client: PageClient) -> None:
    assert post(client, "/instellingen/hulp", {"opening_hours": "lang " * 50_000}, "same-origin").status_code == 303
    assert post(client, "/instellingen/hulp", {"opening_hours": "kort"}, "same-origin").status_code == 401


def test_htmx_is_told_on_top_of_its_page(client: PageClient, sign_in: SignIn) -> None:
    ended = client.post("/instellingen/hulp", {"opening_hours": NOTE}, htmx=True)
    sign_in(client, "management")
    stale = client.post("/instellingen/hulp", {"opening_hours": NOTE, "csrf_token": "verlopen"}, htmx=True)

    for response, status in ((ended, 401), (stale, 422)):
        assert response.status_code == status
        assert response.headers["HX-Retarget"] == "#signed_out"
        assert "HX-Redirect" not in response.headers
        assert "Log in op een nieuw tabblad" in response.get_data(as_text=True)
