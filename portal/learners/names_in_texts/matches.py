"""Finding names of people in a text by whole words, folded (decision 0011): whose they are is given by who asks."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from portal.core.crypto import keys
from portal.learners.search.plain_text import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’`\-][^\W\d_]+)*")
_SHORTEST = 3
Phrase = tuple[str, ...]


class Found(NamedTuple):
    """A name in a text: where it begins and ends, and the keyed digest by which it is decided on."""

    start: int
    end: int
    digest: bytes


class Names(NamedTuple):
    """How somebody is called."""

    given: str
    prefix: str
    family: str


class OtherPeople:
    """The names that one looks for in texts about one learner."""

    def __init__(self, own: Iterable[Names], others: Iterable[tuple[Names, bool]], persons: Iterable[str]) -> None:
        self._needs_capital: dict[Phrase, bool] = {}
        self._longest = 0
        self._digests: dict[Phrase, bytes] = {}
        hers = {phrase for names in own for phrase in (*_whole(names), *_alone(names, is_close=True))}
        for names, is_close in others:
            for phrase in _whole(names):
                self._add(phrase, hers, needs_capital=False)
            for phrase in _alone(names, is_close=is_close):
                self._add(phrase, hers, needs_capital=True)
        for name in persons:
            phrase = parts_of(name)
            if len(phrase) > 1:
                self._add(phrase, hers, needs_capital=False)

    def _add(self, phrase: Phrase, hers: set[Phrase], *, needs_capital: bool) -> None:
        if phrase and phrase not in hers:
            self._needs_capital[phrase] = self._needs_capital.get(phrase, True) and needs_capital
            self._longest = max(self._longest, len(phrase))

    def find(self, text: str) -> Iterator[Found]:
        """Yield the names in a text, from its beginning, the longest at each place."""
        words = [(match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            phrase = self._name_at(text, words, at)
            if phrase is None:
                at += 1
                continue
            yield Found(words[at][0], words[at + len(phrase) - 1][1], self._digest(phrase))
            at += len(phrase)

    def _name_at(self, text: str, words: list[tuple[int, int, str]], at: int) -> Phrase | None:
        is_small = text[words[at][0]].islower()
        for length in range(min(self._longest, len(words) - at), 0, -1):
            phrase = tuple(word for __, __, word in words[at : at + length])
            needs_capital = self._needs_capital.get(phrase)
            if needs_capital is False or (needs_capital and not is_small):
                return phrase
        return None

    def _digest(self, phrase: Phrase) -> bytes:
        if phrase not in self._digests:
            self._digests[phrase] = keys.digest(" ".join(phrase), "copy_passage")
        return self._digests[phrase]


def parts_of(text: str | None) -> Phrase:
    """Return the words of a text, folded."""
    return tuple(fold(word) for word in _WORD.findall(text or ""))


def _whole(names: Names) -> list[Phrase]:
    given, prefix, family = (parts_of(each) for each in names)
    if not given or not family:
        return [given + family] if len(given + family) > 1 else []
    first = given[:1]
    forms = [given + prefix + family, given + family, prefix + family + given, family + given, first + prefix + family]
    return list(dict.fromkeys([*forms, first + family, family + first]))


def _alone(names: Names, *, is_close: bool) -> list[Phrase]:
    """Return the names by which one may be called alone: the family name, and nearby the given name."""
    given, prefix, family = (parts_of(each) for each in names)
    forms = [family, prefix + family] if family else [given]
    if is_close:
        forms += [given, given[:1]]
    return [phrase for phrase in dict.fromkeys(forms) if phrase and len("".join(phrase)) >= _SHORTEST]
