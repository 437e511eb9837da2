"""What learners read is plain Dutch: short sentences, and words that are common or explained."""

import re
from collections.abc import Callable

import pytest

from tests.house.plain_dutch import (
    is_plain,
    learner_templates,
    long_sentences,
    page_texts,
    policy_texts,
    sentences,
    tokens,
    unexplained,
)

MOST_LONG = 0.05
"""The share of sentences that may be long. It was 0.017 on pages and 0.172 in the policies when it was first taken."""
LONGEST = 16
VERB_FIRST = re.compile(
    r"^(?!(?:Als|Wie|Wat|Zolang|Tot|Zodat|Omdat|Zo|Voordat|Iemand|Neem) )"
    r"(?:[A-Z]\w+ [^?]*, (?:\w+ )?dan |[A-Z]\w*[td] (?:u|wij|er|zij|het|iemand|een)\b[^?]*, [^?]*$)"
)
"""A condition that begins with its verb: "Vervalt de reden, dan wissen wij het". Asked and answered it is two."""

SOURCES = pytest.mark.parametrize("texts", [page_texts, policy_texts])


@SOURCES
def test_at_most_one_sentence_in_twenty_is_long(texts: Callable[[], dict[str, str]]) -> None:
    found = texts()
    count = sum(len(sentences(text)) for text in found)
    long = long_sentences(found)
    assert count > 300
    assert len(long) <= count * MOST_LONG, "\n".join(map(str, long))
    assert not [each for each in long if each[0] > LONGEST]


@SOURCES
def test_a_word_is_common_or_explained(texts: Callable[[], dict[str, str]]) -> None:
    found = unexplained(texts())
    assert not found, "\n".join(f"{word}: {where}" for word, where in sorted(found.items()))


@SOURCES
def test_a_condition_does_not_begin_with_its_verb(texts: Callable[[], dict[str, str]]) -> None:
    found = [(where, each) for text, where in texts().items() for each in sentences(text) if VERB_FIRST.search(each)]
    assert not found


def test_the_pages_of_learners_are_measured() -> None:
    found = learner_templates()
    assert {"overview/my_data.html", "purposes/mine.html", "policy/_data.html", "accounts/invited.html"} <= found
    assert {"overview/help.html", "accounts/account.html", "accounts/emails/invitation.txt", "base.html"} <= found
    assert not {name for name in found if name.startswith(("courses/", "imports/", "schools/"))}


@pytest.mark.parametrize(
    "word", ["wist", "gewist", "ingelogd", "lesuur", "e-mailadres", "belastingwet", "toestemmingen"]
)
def test_a_form_or_a_compound_of_common_words_is_plain(word: str) -> None:
    assert is_plain(word)


@pytest.mark.parametrize("word", ["dispensatie", "bewaartermijn", "machtiging", "conform"])
def test_a_rare_word_is_not(word: str) -> None:
    assert unexplained({f"De {word} hier.": "x"}) or not is_plain(word)


@pytest.mark.parametrize(
    ("text", "count"),
    [("Dit is een zin.", 4), ("%(num)s dagen na 12 mei.", 5), ("Uw e-mail, en wat u stuurde.", 6)],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert len(tokens(text)) == count


def test_a_condition_that_begins_with_its_verb_is_found() -> None:
    assert VERB_FIRST.search("Vervalt de reden, dan wissen wij het meteen.")
    assert VERB_FIRST.search("Vraagt u iets per brief, stuur dan een kopie mee.")
    assert not VERB_FIRST.search("Als de reden vervalt, dan wissen wij het.")
    assert not VERB_FIRST.search("Vervalt de reden?")
