"""Other people's names in texts about a learner: who is found, who isn't, and in which sentence."""

import pytest

from portal.learners.names_in_texts.matches import Names, OtherPeople
from portal.requests.copies.contents.other_people import list_other_people, sentence_of
from portal.requests.copies.contents.subjects import learner_subject
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner, make_representative


@pytest.fixture
def people(school: SchoolView) -> OtherPeople:
    """Amina Haddad's texts, at a school with Yusuf van der Berg, who is in her group, and Chen Li, who isn't."""
    amina, yusuf = make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg", name_prefix="van der")
    make_learner("Chen", "Lindström")
    make_learner("Nour", "Haddad")
    group = make_group()
    for learner in (amina, yusuf):
        enrol(learner, group)
    make_representative(yusuf, name="Samira Benali")
    make_representative(amina, name="Moeder Haddad")
    return list_other_people(learner_subject(amina.id))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Amina werkt samen met Yusuf van der Berg.", ["Yusuf van der Berg"]),
        ("Berg, Yusuf was er ook", ["Berg, Yusuf"]),
        ("YUSUF VAN DER BERG", ["YUSUF VAN DER BERG"]),
        ("Yusuf helpt haar.", ["Yusuf"]),
        ("Meneer Lindstrom zei niets", ["Lindstrom"]),
        ("Chen zei niets", []),  # in no group of hers: a given name alone tells nothing
        ("zij loopt op een berg", []),
        ("Zij gaat naar de Berg", ["Berg"]),
        ("Haddad komt", []),  # her own name, though another bears it too
        ("Nour Haddad komt", ["Nour Haddad"]),
        ("Samira Benali belde; Moeder Haddad niet", ["Samira Benali"]),
        ("Bergen op Zoom", []),
        ("", []),
    ],
)
def test_names_are_found_by_whole_words(people: OtherPeople, text: str, names: list[str]) -> None:
    assert [text[each.start : each.end] for each in people.find(text)] == names


def test_the_same_name_has_the_same_digest_however_it_is_written(people: OtherPeople) -> None:
    digests = {each.digest for each in people.find("Lindström en LINDSTROM")}
    assert len(digests) == 1


def test_a_passage_stands_in_its_sentence(people: OtherPeople) -> None:
    text = "Het gaat goed. Yusuf helpt haar vaak! Klaar."
    found = next(people.find(text))
    assert sentence_of(text, found) == ("", "Yusuf", " helpt haar vaak!")


def test_who_has_one_name_is_found_by_it(school: SchoolView) -> None:
    people = OtherPeople([Names("Amina", "", "Haddad")], [(Names("Suryani", "", "-"), False)], ["Jo"])
    assert [each.start for each in people.find("Met Suryani en Jo")] == [4]
