"""What a learner restricted is neither shown in a list nor found by (ST-08)."""

from datetime import date, timedelta

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.http.access import Actor
from portal.learners.search.keys import bsn_digest
from portal.learners.search.likenesses import NamedPerson, find_by_phone, find_duplicates, find_near, meets_restricted
from portal.learners.search.queries import Search, find_learners
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold

HERE = school_id("lest-best")
BSN = "999999990"

pytestmark = pytest.mark.usefixtures("database", "in_dutch")


def restricted(*categories: str) -> None:
    with in_school(HERE):
        hers = make_learner(
            "Amina", "Kwikstaart", birth_date=date(1990, 5, 4), email="vogel@example.org", phone="0612345678"
        )
        make_learner("Berhane", "Woldu", birth_date=date(1990, 5, 4), email="vogeltje@example.org")
        hold(hers.id, *categories)


def names(text: str, by: Actor) -> list[str]:
    return [each.family_name for each in find_learners(Search(text=text), by).learners]


@pytest.mark.promise("ST-08", part="shielded")
def test_who_restricted_all_of_hers_is_found_by_nothing(office: Actor) -> None:
    restricted()
    with in_school(HERE):
        for text in ("Kwikstaart", "4-5-1990", "vogel", "Kwikstaert"):
            assert "Kwikstaart" not in names(text, office)
        assert not find_near("Kwikstaert", office.scope)
        assert not find_by_phone("0612345678", office.scope)


@pytest.mark.promise("ST-08", part="shielded")
def test_a_restricted_birth_date_is_not_shown_nor_found_by(office: Actor) -> None:
    restricted("birth")
    with in_school(HERE):
        assert names("4-5-1990", office) == ["Woldu"]
        assert find_learners(Search(text="4-5-1990"), office).total == 1
        assert [each.birth_date for each in find_learners(Search(text="Kwikstaart"), office).learners] == [None]
        assert names("vogel", office) == ["Kwikstaart", "Woldu"]


def test_restricted_ways_to_reach_her_find_nobody(office: Actor) -> None:
    restricted("contact")
    with in_school(HERE):
        assert names("vogel", office) == ["Woldu"]
        assert names("amina kwik", office) == ["Kwikstaart"]
        assert not find_by_phone("0612345678", office.scope)


def test_who_may_be_her_is_known_without_a_name(office: Actor) -> None:
    restricted()
    with in_school(HERE):
        assert meets_restricted(NamedPerson("", "Aminah", "Kwikstaart", date(1990, 5, 4)), None)
        assert not meets_restricted(NamedPerson("", "Amina", "Kwikstaart", date(1991, 5, 4)), None)
        assert not meets_restricted(NamedPerson("", "Berhane", "Woldu"), None)


def test_an_address_finds_nobody_for_who_does_not_see_how_to_reach_learners(office: Actor) -> None:
    with in_school(HERE):
        make_learner("Amina", "Kwikstaart", email="vogel@example.org", number="2026-077")
        blind = office.without({"contact"})
        assert names("vogel", office) == ["Kwikstaart"]
        for text in ("vogel", "vogel@example.org", "amina vogel", "org"):
            assert not names(text, blind)
            assert find_learners(Search(text=text), blind).total == 0
        for text in ("kwik", "Amina Kwikstaart", "2026-077"):
            assert names(text, blind) == ["Kwikstaart"]


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("sort", ["birth", "-birth"])
def test_a_restricted_birth_date_neither_narrows_nor_sorts(office: Actor, sort: str) -> None:
    restricted("birth")
    with in_school(HERE):
        for family, year in (("Ouder", 1970), ("Jonger", 2000)):
            make_learner("Chen", family, birth_date=date(year, 1, 1))
        young = make_learner("Dina", "Kind", birth_date=today() - timedelta(days=12 * 365))
        make_learner("Emre", "Kleuter", birth_date=today() - timedelta(days=11 * 365))
        hold(young.id, "birth")
    with in_school(HERE):
        under_16, in_order = find_learners(Search(is_under_16=True), office), find_learners(Search(sort=sort), office)
        assert ([each.family_name for each in under_16.learners], under_16.total) == (["Kleuter"], 1)
        assert {each.family_name for each in in_order.learners[-2:]} == {"Kwikstaart", "Kind"}
        assert in_order.total == 6


def test_of_many_on_more_pages_she_is_counted_on_none(office: Actor) -> None:
    restricted("contact")
    with in_school(HERE):
        for at in range(3):
            make_learner("Chen", f"Aap{at}", email=f"vogel{at}@example.org")
        first = find_learners(Search(text="vogel"), office, most=2)
        assert ([each.family_name for each in first.learners], first.total) == (["Aap0", "Aap1"], 4)


def test_a_restricted_birth_date_or_bsn_tells_no_two_people_apart(office: Actor) -> None:
    with in_school(HERE):
        hers = make_learner("Amina", "Kwikstaart", birth_date=date(1990, 5, 4), bsn=BSN).id
        hold(hers, "birth", "bsn")
    with in_school(HERE):
        other = NamedPerson("", "Amina", "Kwikstaart", date(1991, 5, 4))
        assert [each.id for each in find_duplicates(other, None, office.scope)] == [hers]
        stranger = NamedPerson("", "Yusuf", "Haile")
        assert not find_duplicates(stranger, bsn_digest(BSN), office.scope)
        assert meets_restricted(stranger, bsn_digest(BSN))
        assert not meets_restricted(stranger, bsn_digest("123456782"))
