"""The list of what records lack: counted on *Vandaag*, each with its form, sorted, and taken as a file."""

import csv
import io
import re
from typing import Any

import html5lib

from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient, forms_in

URL = "/cursisten/onvolledig"


def test_each_is_filled_in_on_the_form_that_it_leads_to(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    amina = make_learner("Amina", birth_date=None, phone="+31612345678")
    enrol(amina, make_group("A2 ochtend"))
    trajectory = make_trajectory(
        amina, act=Act.WI2013, reports_to_government=True, target_group=TargetGroup.FAMILY, route=Route.OTHER,
        funding=Funding.DUO_LOAN, agreement_on=today(), hours_bought=300,
    )  # fmt: skip
    checkpoint()
    sign_in(client, "administration")

    assert re.search(rf'href="{URL}".*?<span class="big">1</span>', client.get("/vandaag").text, re.DOTALL)
    text = client.get(URL).text
    assert "A2 ochtend" in text
    forms = {
        "Geboortedatum": f"/cursisten/{amina.id}/wijzig/birth?lijst=onvolledig",
        "BSN": f"/cursisten/{amina.id}/wijzig/bsn?lijst=onvolledig",
        "Contractnummer": f"/cursisten/{amina.id}/dossier/trajecten/{trajectory.id}?lijst=onvolledig",
    }
    links = re.findall(r'<a href="([^"]*)">([A-Z][\w ]*)</a>', text.partition("<tbody>")[2].partition("</tbody>")[0])
    assert {label: href for href, label in links} == forms
    for form in forms.values():
        assert client.get(form).status_code == 200


def test_it_is_sorted_and_goes_out_as_it_stands(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    make_learner("Amina", "Zand", number="1", birth_date=None, phone="+31612345678")
    make_learner("Bereket", "Abay", number="20")
    checkpoint()
    sign_in(client, "administration")

    def places(order: str) -> list[str]:
        return re.findall(r"(Zand|Abay),", client.get(f"{URL}?volgorde={order}").text)

    assert (places("name"), places("-number"), places("number")) == (
        ["Abay", "Zand"], ["Abay", "Zand"], ["Zand", "Abay"],
    )  # fmt: skip
    assert client.get(f"{URL}?volgorde=bsn").status_code in {400, 404, 422}
    asked = f"{URL}/ophalen?volgorde=number"
    purpose = re.search(r'name="purpose"[^>]*value="([^"]*)"', client.get(asked).text)
    assert purpose is not None
    answer = client.post(asked, {"vorm": "csv", "purpose": purpose[1]})
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Nummer", "Naam", "Groep", "Ontbreekt"],
        ["1", "Zand, Amina", "", "Geboortedatum"],
        ["20", "Abay, Bereket", "", "E-mail of telefoon"],
    ]


def test_where_nothing_is_lacking_it_says_so(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    make_learner("Amina", phone="+31612345678")
    checkpoint()
    sign_in(client, "administration")

    assert URL not in client.get("/vandaag").text
    assert "Er ontbreekt niets" in client.get(URL).text


def test_what_was_filled_in_leads_back_to_the_list(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    amina = make_learner("Amina", "Berg", birth_date=None, phone="+31612345678")
    trajectory = make_trajectory(amina, act=Act.WI2021, route=Route.B1, reports_to_government=True)
    checkpoint()
    sign_in(client, "administration")
    for url in (f"/cursisten/{amina.id}/wijzig/birth", f"/cursisten/{amina.id}/dossier/trajecten/{trajectory.id}"):
        from_list = f"{url}?lijst=onvolledig"
        text = client.get(from_list).text
        assert text.count(f'href="{URL}"') >= 2, "both ways out lead back"
        answer = client.post(from_list, {**typed_in(text, from_list), "birth_date": "1-2-1990"})
        assert (answer.status_code, answer.headers["Location"]) == (303, URL)
        assert "Opgeslagen." in client.get(URL).text
        assert f'action="{url}"' in client.get(f"{url}?lijst=https://elders.example").text


def typed_in(text: str, action: str) -> dict[str, str]:
    """Return what stands in the form of a page that is sent to this address."""
    forms = forms_in(html5lib.parse(text))
    controls = next(controls for form, controls in forms if form.get("action") == action)
    chosen = {
        each.get("name"): option.get("value")
        for each in controls
        for option in each.iter()
        if option.get("selected") is not None
    }
    typed = {each.get("name"): each.get("value", "") for each in controls if each.get("type") != "checkbox"}
    return {name: value for name, value in (typed | chosen).items() if name and name != "csrf_token"}
