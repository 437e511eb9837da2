"""Names are found by whole words, folded; one's own never counts, and a name alone only with a capital."""

from portal.core.crypto import keys
from portal.learners.names_in_texts.matches import Names, OtherPeople, parts_of
from portal.schools.queries import SchoolView


def test_names_are_found_in_either_order_and_folded(school: SchoolView) -> None:
    assert keys.digest("x", "copy_passage")
    people = OtherPeople(
        own=[Names("Amina", "", "Haddad")], others=[(Names("Søren", "", "Bjørk"), True)], persons=["Samira Benali"]
    )
    text = "Soren Bjork, Bjørk en samira benali kwamen; Amina Haddad niet"
    assert [text[each.start : each.end] for each in people.find(text)] == ["Soren Bjork", "Bjørk", "samira benali"]
    assert parts_of("Van 't Hof-Jansen") == ("van", "t", "hof jansen")
