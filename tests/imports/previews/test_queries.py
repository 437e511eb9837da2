"""Who restricted her data since a preview was worked out stands in it no more: not her name, not what it would do."""

import io
import re
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from portal.core.db.scope import checkpoint
from portal.core.http.access import Actor
from portal.imports.mappings.services import decide_row
from portal.imports.models import ImportRun, Listing, Outcome
from portal.imports.plans.rules import row_key
from portal.imports.queries import get_rows, list_refused
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.imports import chosen, handed_in, make_office, results_checked, results_in, sheet_bytes
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.jobs import do_jobs
from tests.page_client import PageClient, hidden_in

pytestmark = pytest.mark.usefixtures("in_dutch")

HEADER = ("Nummer", "Voornaam", "Achternaam", "Telefoon", "Straat", "Geboortedatum")
SAYS_SO = "Deze persoon is afgeschermd. Vraag de privacymedewerker."
_TEXTS = ("Kwikstaart", "Oudestraat", "Nieuwestraat", "87654321")
BORN = date(1990, 5, 4)


@pytest.fixture
def office(school: SchoolView) -> Actor:
    """Somebody of administration."""
    return make_office()


@pytest.fixture
def hers(office: Actor) -> Learner:
    """Whose street and phone number a sheet would change."""
    return make_learner(
        "Amina", "Kwikstaart", number="H4711", street="Oudestraat", birth_place="Oudedorp", birth_date=BORN
    )


def _checked(office: Actor, *rows: tuple[str, ...]) -> ImportRun:
    checkpoint()
    return chosen(handed_in(sheet_bytes(HEADER, *rows), office), office)


def _texts_on(client: PageClient, run_id: UUID, listing: Listing) -> list[str]:
    text = client.get(f"/inlezen/{run_id}?soort={listing.value}").get_data(as_text=True)
    return [each for each in (*_TEXTS, SAYS_SO) if each in text]


def _texts_in(content: bytes) -> list[str]:
    """Return what stands in a workbook of what was looked for."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    return [each for each in (*_TEXTS, SAYS_SO) if each in text]


@pytest.mark.promise("ST-08", part="shielded")
def test_a_row_about_her_says_no_more_than_that_she_is_restricted(
    client: PageClient, sign_in: Any, office: Actor, hers: Learner
) -> None:
    run = _checked(office, ("H4711", "Amina", "Kwikstaart", "0687654321", "Nieuwestraat", "4-5-1990"))
    sign_in(client, "administration")
    assert len(_texts_on(client, run.id, Listing.CHANGED)) == len(_TEXTS)
    hold(hers.id)
    checkpoint()

    assert _texts_on(client, run.id, Listing.CHANGED) == [SAYS_SO]


@pytest.mark.promise("ST-08", part="shielded")
def test_of_a_category_the_values_alone_are_left_out(
    client: PageClient, sign_in: Any, office: Actor, hers: Learner
) -> None:
    run = _checked(office, ("H4711", "Amina", "Kwikstaart", "0687654321", "Nieuwestraat", "4-5-1990"))
    hold(hers.id, "address")
    checkpoint()
    sign_in(client, "administration")

    assert _texts_on(client, run.id, Listing.CHANGED) == ["Kwikstaart", "87654321", SAYS_SO]


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("address",)])
def test_nor_is_she_in_a_refused_row_nor_the_workbook_of_those(
    client: PageClient, sign_in: Any, office: Actor, hers: Learner, categories: tuple[str, ...]
) -> None:
    run = _checked(office, ("H4711", "Amina", "Kwikstaart", "", "Nieuwestraat", "geen dag"))
    assert run.counts["refused"] == 1
    hold(hers.id, *categories)
    checkpoint()
    sign_in(client, "administration")
    path, back = f"/inlezen/{run.id}?soort=refused", f"/inlezen/{run.id}/geweigerd"

    assert SAYS_SO in _texts_on(client, run.id, Listing.REFUSED)
    assert "Nieuwestraat" not in client.get(path).get_data(as_text=True)
    given = client.post(back, hidden_in(client.get(path), back))
    assert _texts_in(given.get_data()) == [SAYS_SO]


@pytest.mark.promise("ST-08", part="shielded")
def test_she_is_nobody_to_choose_for_a_row_that_looks_like_hers(
    client: PageClient, sign_in: Any, office: Actor, hers: Learner
) -> None:
    run = _checked(office, ("", "Amina", "Kwikstaart", "", "Nieuwestraat", ""))
    assert [each["candidates"][0][0] for each in list_refused(run)] == [str(hers.id)]
    hold(hers.id)
    checkpoint()
    sign_in(client, "administration")

    text = client.get(f"/inlezen/{run.id}?soort=refused").get_data(as_text=True)
    assert SAYS_SO in text
    assert not re.search(f"Kwikstaart|H4711|{hers.id}", text)


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("is_restricted", [False, True])
def test_who_was_chosen_for_a_row_keeps_what_she_restricted(
    office: Actor, hers: Learner, *, is_restricted: bool
) -> None:
    run = _checked(office, ("", "Amina", "Kwikstaart", "", "Nieuwestraat", ""))
    if is_restricted:
        hold(hers.id, "address")
        checkpoint()
    [row] = get_rows(run, Listing.REFUSED, 1).rows
    decide_row(run.id, row_key(row["sheet"], row["row"]), str(hers.id), by=office)
    do_jobs("imports.check")

    listing = Listing.REFUSED if is_restricted else Listing.CHANGED
    [after] = get_rows(run, listing, 1).rows
    assert [code for _column, code, _facts in after["problems"]] == (["restricted"] if is_restricted else [])
    assert ("Oudestraat" in str(after)) is not is_restricted


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize(("category", "expected"), [("level", Outcome.REFUSED), ("contact", Outcome.CHANGED)])
def test_results_of_who_restricted_her_levels_are_refused(
    office: Actor, hers: Learner, category: str, expected: Outcome
) -> None:
    hold(hers.id, category)
    checkpoint()
    sheet = sheet_bytes(("Nummer", "Achternaam", "Niveau"), ("H4711", "Kwikstaart", "A2"))
    run = results_checked(results_in(sheet, office), office, skill="skill.reading", day=date(2026, 3, 2), test="test")

    assert {key: count for key, count in run.counts.items() if count and key in set(Outcome)} == {expected.value: 1}
