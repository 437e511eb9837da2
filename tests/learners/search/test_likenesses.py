"""Names that are written by ear, phone numbers, and people who may be there already."""

import csv
import random
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Reach, Scope
from portal.demo.names import COUNTRIES
from portal.learners.record.models import Learner
from portal.learners.search.keys import found_by
from portal.learners.search.likenesses import NamedPerson, find_alike, find_by_phone, find_duplicates, find_near
from portal.learners.search.queries import FoundLearner, Search, find_learners
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.page_client import PageClient

PAIRS = Path(__file__).with_name("misspelled_names.csv")


def store(school: SchoolView, names: list[tuple[str, str]]) -> list[Any]:
    """Store learners of these names in one statement; return their ids."""
    rows: list[dict[str, Any]] = []
    for at, (given, family) in enumerate(names):
        values = {"number": f"N{at}", "given_name": given, "family_name": family}
        row = {"school_id": school.id, "id": new_id(), "last_contact_on": today(), "version": 1, **values}
        rows.append({**row, **found_by(values)})
    session.execute(insert(Learner), rows)
    return [row["id"] for row in rows]


def is_meant(found: FoundLearner, pair: dict[str, str]) -> bool:
    """Say whether this is who was meant; of one word alone, whether she has that name: several people may."""
    name = (found.given_name, found.family_name)
    if " " in pair["typed"]:
        return name == (pair["given_name"], pair["family_name"])
    return name[0] == pair["given_name"] or name[1] == pair["family_name"]


def test_of_a_hundred_names_written_by_ear_ninety_are_among_the_first_five(school: SchoolView, office: Actor) -> None:
    with PAIRS.open() as file:
        pairs = list(csv.DictReader(file))
    drawn = random.Random(9)
    others = [drawn.choice(COUNTRIES) for _ in range(2000)]
    names = [(pair["given_name"], pair["family_name"]) for pair in pairs]
    names += [(drawn.choice(each.women + each.men), drawn.choice(each.families)) for each in others]
    store(school, names)

    missed = []
    for pair in pairs:
        found = find_learners(Search(text=pair["typed"]), office).learners
        found += find_near(pair["typed"], office.scope, besides=[each.id for each in found])
        if not any(is_meant(each, pair) for each in found[:5]):
            missed.append(pair)

    print(f"{len(pairs) - len(missed)} of {len(pairs)} found")
    assert len(pairs) == 100
    assert len(missed) <= 10, missed


def test_a_phone_number_is_found_however_it_is_written(school: SchoolView) -> None:
    there = make_learner("Rania", "Sabbagh", phone="+31612345678")
    abroad = make_learner("Elias", "Khoury", phone_other="+963944567890")
    make_learner("Bas", "Berg", phone="+31687654321")
    for typed in ("0612345678", "06-12 34 56 78", "+31 6 12345678", "0031612345678", "+31 (0)6 1234 5678", "612345"):
        assert [each.id for each in find_by_phone(typed, SYSTEM)] == [there.id], typed
    assert [each.id for each in find_by_phone("+963 944 567 890", SYSTEM)] == [abroad.id]
    assert find_by_phone("06-12", SYSTEM) == []
    assert find_by_phone("0612345678", Scope(reach=Reach.SCHOOL, sees=frozenset({"name"}))) == []


def test_the_list_asks_whom_she_means(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    make_learner("Rania", "Sabbagh", phone="+31612345678")
    sign_in(client, "administration")
    by_ear = client.get("/cursisten?zoek=Sabag").get_data(as_text=True)
    by_phone = client.get("/cursisten?zoek=06-12345678").get_data(as_text=True)
    assert "Bedoelt u" in by_ear
    assert "Sabbagh, Rania" in by_ear
    assert "Met dit telefoonnummer" in by_phone
    assert "Sabbagh, Rania" in by_phone
    assert "Niemand gevonden" in client.get("/cursisten?zoek=Wiersma").get_data(as_text=True)


def test_a_teacher_is_shown_nobody_beyond_her_groups(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    make_learner("Rania", "Sabbagh", phone="+31612345678")
    sign_in(client, "teacher")
    for typed in ("Sabag", "0612345678"):
        assert "Sabbagh" not in client.get(f"/cursisten?zoek={typed}").get_data(as_text=True)


def test_adding_warns_of_a_name_that_is_like_one_that_is_there(
    client: PageClient, sign_in: Any, school: SchoolView
) -> None:
    make_learner("Rania", "Sabbagh")
    sign_in(client, "administration")
    client.get("/cursisten/nieuw")
    given = {"given_name": "Raniya", "family_name": "Sabag", "source": "learner"}
    warned = client.post("/cursisten/nieuw", given)
    assert warned.status_code == 422
    assert "Sabbagh, Rania" in warned.get_data(as_text=True)
    assert client.post("/cursisten/nieuw", {**given, "anyway": "1"}).status_code == 303


def test_many_are_compared_in_one_statement(school: SchoolView, count_statements: Any) -> None:
    there = make_learner("Rania", "Sabbagh")
    born = there.birth_date
    assert born is not None
    people = [
        NamedPerson("alike", "Raniya", "Sabag", born),
        NamedPerson("born another day", "Rania", "Sabbagh", born.replace(year=born.year - 1)),
        NamedPerson("another given name", "Omar", "Sabbagh", born),
        *(NamedPerson(number, "Piet", f"Jansen{number}", None) for number in range(200)),
    ]
    with count_statements() as statements:
        assert find_alike(people, SYSTEM) == {"alike": [there.id]}
    assert len(statements) == 1


@pytest.mark.usefixtures("school")
def test_a_double_is_the_same_number_or_a_name_that_is_alike() -> None:
    there = make_learner("Fatima", "Berg", name_prefix="van der", bsn="999999990")
    assert there.birth_date is not None

    def doubles(given: str, family: str, born: Any, digest: bytes | None = None, **given_more: Any) -> list[Any]:
        found = find_duplicates(NamedPerson("", given, family, born), digest, SYSTEM, **given_more)
        return [each.id for each in found]

    assert doubles("Fátima", "berg", there.birth_date) == [there.id]
    assert doubles("Fatima", "Berg", None) == [there.id]
    assert doubles("Ali", "Aydin", None, there.bsn_digest) == [there.id]
    assert doubles("Fatima", "Berg", there.birth_date.replace(year=1950)) == []
    assert doubles("Fatima", "Jansen", there.birth_date) == []
    assert doubles("Fatima", "Berg", there.birth_date, besides=there.id) == []


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_officer", "management"])
def test_every_page_of_staff_has_a_search_in_its_head_for_who_may_look(
    client: PageClient, sign_in: Any, school: SchoolView, role: str
) -> None:
    sign_in(client, role)
    menu = client.get("/vandaag").get_data(as_text=True).partition('class="nav side"')[2].partition("</nav>")[0]
    paths = re.findall(r'href="([^"]+)"', menu) or ["/vandaag"]
    for path in {*paths, "/account"} - {"/cursisten"}:
        head = client.get(path).get_data(as_text=True).partition("</header>")[0]
        assert ('id="find-learner"' in head) is (role != "management"), path
    assert client.get("/cursisten").get_data(as_text=True).count('name="zoek"') == (role != "management")
