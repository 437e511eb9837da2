"""The school's look, and the pages where its management sets it."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.permissions import OUTSIDE, Role
from portal.schools.models import SchoolHost
from portal.schools.queries import SchoolView, get_school
from tests.page_client import PageClient
from tests.signing_in import SignIn


def png(side: int = 4) -> bytes:
    written = BytesIO()
    Image.new("RGBA", (side, side)).save(written, format="PNG")
    return written.getvalue()


@pytest.fixture
def manager(client: PageClient, sign_in: SignIn) -> PageClient:
    """A browser in which the management of Lest Best is signed in."""
    sign_in(client, "management")
    return client


def test_every_page_gets_the_schools_colour(client: PageClient) -> None:
    response = client.get("/school.css?v=1")

    assert response.mimetype == "text/css"
    assert "--school-h: 155" in response.text
    assert "max-age=31536000" in response.headers["Cache-Control"]


def test_a_school_without_a_logo_has_none_to_send(client: PageClient) -> None:
    assert client.get("/school/logo").status_code == 404


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_officer"])
def test_only_the_management_sets_a_school(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)

    assert client.get("/instellingen").status_code == 403


def test_the_settings_show_name_host_and_rules(manager: PageClient) -> None:
    response = manager.get("/instellingen")

    assert response.status_code == 200
    assert "lest-best.localhost" in response.text
    assert 'value="Lest Best"' in response.text
    assert 'value="60"' in response.text


def test_the_look_is_changed_with_an_audit_entry(manager: PageClient, enter: Callable[[str], Any]) -> None:
    response = manager.post("/instellingen/uiterlijk", {"name": "Lest Best Utrecht", "hue": "20", "chroma": "0.13"})

    assert response.status_code == 303
    with enter("lest-best"):
        row = get_school()
        assert (row.name, row.hue, row.chroma, row.look_version) == ("Lest Best Utrecht", 20, 0.13, 2)
        entry = session.query(AuditEvent).filter_by(event="schools.changed").one()
        assert entry.facts["changed"]["hue"] == [155, 20]
    assert "--school-h: 20" in manager.get("/school.css").text


def test_a_name_of_spaces_is_refused_and_the_name_stays(manager: PageClient, enter: Callable[[str], Any]) -> None:
    response = manager.post("/instellingen/uiterlijk", {"name": "   ", "hue": "20", "chroma": "0.09"})

    assert response.status_code == 422
    assert "Vul dit in." in response.text
    with enter("lest-best"):
        assert get_school().name == "Lest Best"


def test_the_nearest_strength_of_the_colour_is_chosen(manager: PageClient, enter: Callable[[str], Any]) -> None:
    with enter("lest-best"):
        get_school().chroma = 0.14
    assert re.search(r'<option selected value="0.13">', manager.get("/instellingen").text)


def test_a_colour_outside_the_circle_is_refused_beside_the_field(manager: PageClient) -> None:
    response = manager.post("/instellingen/uiterlijk", {"name": "Anders", "hue": "361", "chroma": "0.09"})

    assert response.status_code == 422
    assert "Kies een getal van 0 tot en met 360." in response.text
    assert 'value="Anders"' in response.text


def test_a_logo_is_stored_shown_and_taken_away(manager: PageClient) -> None:
    stored = manager.post("/instellingen/logo", {"logo": (BytesIO(png()), "logo.png")})
    shown = manager.get("/school/logo?v=2")

    assert stored.status_code == 303
    assert shown.mimetype == "image/png"
    assert shown.data.startswith(b"\x89PNG")
    assert "/school/logo?v=2" in manager.get("/instellingen").text

    manager.post("/instellingen/logo", {"weg": "ja"})

    assert manager.get("/school/logo").status_code == 404


def test_what_is_no_png_is_refused_with_what_to_do(manager: PageClient) -> None:
    response = manager.post("/instellingen/logo", {"logo": (BytesIO(b"<svg/>"), "logo.png")})

    assert response.status_code == 422
    assert "Sla uw logo op als PNG" in response.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png(1025), "Dit logo is te groot. Kies een logo van hoogstens 1024 pixels breed en hoog."),
        (png()[:40], "Dit bestand is beschadigd."),
        (bytes(200 * 1024 + 1), "Dit bestand is te groot. Kies een PNG van hoogstens 200 kB."),
    ],
)
def test_a_picture_that_cannot_be_a_logo_is_refused_with_what_to_do(
    manager: PageClient, content: bytes, said: str
) -> None:
    response = manager.post("/instellingen/logo", {"logo": (BytesIO(content), "logo.png")})

    assert response.status_code == 422
    assert said in response.text


def test_no_file_is_refused(manager: PageClient) -> None:
    response = manager.post("/instellingen/logo", {})

    assert response.status_code == 422
    assert "Kies eerst een bestand." in response.text


def test_sign_in_rules_are_changed(manager: PageClient, enter: Callable[[str], Any]) -> None:
    response = manager.post(
        "/instellingen/inloggen", {"idle_minutes": "15", "second_factor_roles": ["administration", "management"]}
    )

    assert response.status_code == 303
    with enter("lest-best"):
        assert get_school().idle_minutes == 15
        assert get_school().second_factor_roles == ["administration", "management"]


def test_every_role_of_staff_is_offered_a_second_step_and_saving_what_is_shown_changes_nothing(
    manager: PageClient, enter: Callable[[str], Any]
) -> None:
    staff = sorted(role.value for role in set(Role) - OUTSIDE)
    asked = sorted({*staff} - {"management"})  # who is signed in here has none
    manager.post("/instellingen/inloggen", {"idle_minutes": "60", "second_factor_roles": asked})

    boxes = re.findall(r'<input[^>]*name="second_factor_roles"[^>]*>', manager.get("/instellingen").text)
    offered = {value: "checked" in box for box in boxes for value in re.findall(r'value="(\w+)"', box)}

    assert sorted(offered) == staff
    assert sorted(value for value, is_ticked in offered.items() if is_ticked) == asked
    shown = [value for value, is_ticked in offered.items() if is_ticked]
    manager.post("/instellingen/inloggen", {"idle_minutes": "60", "second_factor_roles": shown})
    with enter("lest-best"):
        assert get_school().second_factor_roles == asked


def test_levels_between_levels_are_turned_on_and_off(manager: PageClient, enter: Callable[[str], Any]) -> None:
    for sent, is_used in (({"uses_sublevels": "y"}, True), ({}, False)):
        assert manager.post("/instellingen/niveaus", sent).status_code == 303
        with enter("lest-best"):
            assert get_school().uses_sublevels is is_used


def test_sign_in_rules_weaker_than_the_policy_are_refused(manager: PageClient) -> None:
    response = manager.post("/instellingen/inloggen", {"idle_minutes": "90", "second_factor_roles": []})

    assert response.status_code == 422
    assert "belooft hoogstens 60 minuten" in response.text


def test_a_host_is_added_chosen_and_taken_away(manager: PageClient, enter: Callable[[str], Any]) -> None:
    manager.post("/instellingen/adressen", {"host": "Portaal.LestBest.nl"})
    ids = hosts_at(enter)

    manager.post(f"/instellingen/adressen/{ids['portaal.lestbest.nl']}/eerste")

    assert manager.get("/instellingen").text.count("vast adres</span>") == 1
    for host in ids.values():
        assert manager.post(f"/instellingen/adressen/{host}/weg").status_code == 409

    manager.post(f"/instellingen/adressen/{ids['lest-best.localhost']}/eerste")

    assert manager.post(f"/instellingen/adressen/{ids['portaal.lestbest.nl']}/weg").status_code == 303
    assert list(hosts_at(enter)) == ["lest-best.localhost"]


def hosts_at(enter: Callable[[str], Any]) -> dict[str, UUID]:
    """Return the ids of Lest Best's hosts by name."""
    with enter("lest-best"):
        return {row.host: row.id for row in session.query(SchoolHost)}


@pytest.mark.parametrize(
    "host", ["https://school.nl", "school.nl/pad", "school", "1.2.3.4", "step-inburgering.localhost"]
)
def test_what_is_no_free_host_is_refused(manager: PageClient, host: str) -> None:
    response = manager.post("/instellingen/adressen", {"host": host})

    assert response.status_code == 422
    assert "webadres" in response.text or "al in gebruik" in response.text


def test_another_schools_host_is_not_found(manager: PageClient, enter: Callable[[str], Any]) -> None:
    with enter("step-inburgering"):
        other = session.query(SchoolHost).one().id

    assert manager.post(f"/instellingen/adressen/{other}/eerste").status_code == 404


def test_the_first_day_says_what_comes_first(manager: PageClient) -> None:
    response = manager.get("/eerste-dag")

    assert response.text.count("<li class=") >= 5
    assert response.text.count('aria-current="step"') == 1
    assert (
        response.text.count("Dit doet iemand met de rol administratie") == 1
    )  # reading learners in, which she may not


def test_the_management_of_a_new_school_is_led_to_its_first_day(manager: PageClient) -> None:
    assert manager.get("/").headers["Location"] == "/eerste-dag"


def test_the_number_of_statements_does_not_grow_with_the_hosts(
    manager: PageClient, count_statements: Callable[[], Any], school: SchoolView
) -> None:
    with in_school(school.id):
        session.add_all(SchoolHost(host=f"h{number}.example.org") for number in range(20))
    manager.get("/instellingen")
    with count_statements() as many:
        manager.get("/instellingen")

    assert len(many) <= 6
