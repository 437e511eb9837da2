"""Measures how plain the Dutch is that learners read: how long its sentences are, which of its words are hard.

Read are the texts of the pages and mails that learners open, those of the code behind them, and those of the shipped
policies. A word is plain where `wordfreq` finds it, or the word that it is a form of, often enough in the Dutch of
subtitles, newspapers, books and the web: from `COMMON` on the Zipf scale, which counts powers of ten per billion words.
3.5 is three times in a million words. That keeps "klacht", "docent" and "wissen" and leaves out "machtiging" and
"klantmanager", which is where a reader at level B1 begins to guess. A compound is plain where each of two or three
parts is, from `COMMON_PART` on: who knows "les" and "uur" reads "lesuur". `HARD` are words of offices that newspapers
made frequent.
What isn't plain is explained by the glossary (`portal.policy.glossary`) or is one of `FAMILIAR` and `NAMES`.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from jinja2 import Environment, meta
from wordfreq import zipf_frequency

from portal.policy.glossary import TERMS
from tests.catalogues import KEYWORDS, METHODS, OPTIONS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"

LONG = 12
"""A sentence of more words is long."""
COMMON = 3.5
COMMON_PART = 3.2
SHORTEST_PART = 4
SHORT_PARTS = frozenset({"les", "dag", "wet", "uur", "app", "pas", "log", "in", "uit", "aan", "af", "op", "na", "mee"})

HARD = re.compile(
    r"(privacy)?functionaris\w*|begeleider\w*|begeleiding|intakes?|opdrachtgevers?|klantmanagers?|doelgroep\w*|keurmerk\w*"
    r"|tussenvoegsels?|afgemeld|blijkt|blijken|herstelcodes?|machtig\w*|gemachtigd\w*|verwerkersovereenkomst\w*"
    r"|bewaartermijn\w*|(on)?geoorloofd|betwist|verwerking|verstrek\w*|grondslag\w*|waarborg\w*|doeleinde\w*"
    r"|betrokken(e|en)|toezichthouder|conform|middels|derhalve|indien|teneinde|ingevolge|jegens|dienen"
    r"|vertegenwoordiger\w*|traject(en)?|inburger\w*|evaluatie\w*|competenties?|factu\w+",
    re.IGNORECASE,
)
"""Words of offices: hard for a learner however often they are printed."""

FAMILIAR = frozenset(
    ["cursist", "presentie", "notitie", "vinkje", "inlezen", "loggen", "kopieer", "qr", "datums", "tabblad", "sorteren"]
)
"""Words that a learner hears at school from the first day on, and of the page before her."""
NAMES = frozenset(
    ["abna", "aegis", "fas", "authenticator", "admin", "panteia", "nt", "ideal", "step", "lest", "liechtenstein"]
)

STAFF = (
    "accounts/invitations", "accounts/members", "assurance/", "attendance/registers", "courses/", "disclosures/files",
    "disclosures/formats", "disclosures/forms", "imports/", "learners/enrolments", "learners/invitations",
    "learners/merges", "learners/search", "organisations/", "overview/audit_log", "policy/draft", "policy/explanation",
    "core/jobs", "schools/", "representation/forms",
)  # fmt: skip
"""Modules whose texts staff alone read; those of every other count."""
LEARNER_LAYOUTS = {"layouts/learner.html", "layouts/public.html", "errors/page.html", None}
"""What a learner's page extends; None is a layout that the page chooses by who asks."""
FOR_OTHERS = {"demo/mails.html", "disclosures/emails/withdrawal.txt", "accounts/confidentiality.html"}
UNREAD_IN_POLICIES = {"confidentiality"}
"""What staff sign."""


def learner_templates() -> set[str]:
    """Return the templates of learners' pages and mails, with all that they extend, include and import."""
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=True)
    uses = {
        path.relative_to(TEMPLATES).as_posix(): set(
            meta.find_referenced_templates(environment.parse(path.read_text("utf-8")))
        )
        for path in TEMPLATES.rglob("*.*")
    }
    waiting = [name for name, used in uses.items() if used & LEARNER_LAYOUTS or "/emails/" in name]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in uses and name not in found | FOR_OTHERS:
            found.add(name)
            waiting += [used for used in uses[name] if used]
    return found


def page_texts() -> dict[str, str]:
    """Return each text that learners read on pages and in mails, with where it stands."""
    mine, explained = learner_templates(), {str(term.forms) for term in TERMS}
    found: dict[str, str] = {}
    for folder in ("templates", "portal"):
        for name, line, message, _, _ in extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS):
            if name in mine if folder == "templates" else not name.startswith(STAFF):
                for text in message if isinstance(message, tuple) else (message,):
                    found.setdefault(text, f"{folder}/{name}:{line}")
    return {text: where for text, where in found.items() if text not in explained}


def _dutch_in(node: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if isinstance(node.get("nl"), str):
            yield node["nl"], name
        else:
            for key, value in node.items():
                if key not in UNREAD_IN_POLICIES:
                    yield from _dutch_in(value, f"{name}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from _dutch_in(value, name)


def policy_texts() -> dict[str, str]:
    """Return each Dutch text of the base and of the shipped policies that learners read, with its place."""
    files = sorted((ROOT / "portal" / "policy" / "policies").glob("*.toml"))
    return {text: name for file in files for text, name in _dutch_in(tomllib.loads(file.read_text("utf-8")), file.stem)}


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a blank to fill in and a number count as a word."""
    return [each for each in re.split(r"(?<=[.!?])\s+|\n+", text) if re.search(r"\w", each)]


def tokens(sentence: str) -> list[str]:
    """Return the words of a sentence, blanks and numbers among them."""
    return re.findall(r"%\(\w+\)s|[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+", sentence)


def _is_common(word: str, least: float = COMMON) -> bool:
    return word in FAMILIAR or zipf_frequency(word, "nl") >= least


def _roots(word: str) -> Iterator[str]:
    """Yield what a word may be a form of: wist and gewist of wissen, verdeel of verdelen, streepjes of streep."""
    starts = [word, word.removeprefix("ge")] if word.startswith("ge") else [word]
    for start in starts:
        for ending in ("", "t", "d", "de", "te", "den", "ten", "s", "'s", "e", "en", "je", "jes"):
            stem = start.removesuffix(ending)
            if len(stem) >= 2 and start.endswith(ending):
                shortened = re.sub(r"([aeou])\1(\w)$", r"\1\2", stem)
                yield from (stem, stem + "en", stem + stem[-1] + "en", shortened + "en")


@cache
def is_plain(word: str) -> bool:
    """Say whether a word is common, a form of a common word, or made of such words."""
    word = word.lower().replace("’", "'")
    if len(word) < 3:
        return True
    if "-" in word:
        return all(is_plain(part) for part in word.split("-"))
    return any(_is_common(root) for root in _roots(word)) or _is_compound(word, 3)


def _is_part(word: str) -> bool:
    return word in SHORT_PARTS or (
        len(word) >= SHORTEST_PART and any(_is_common(root, COMMON_PART) for root in _roots(word))
    )


def _is_compound(word: str, parts: int) -> bool:
    """Say whether a word is made of two to `parts` plain parts, with s, e or en between them or not."""
    for cut in range(2, len(word) - 1):
        if _is_part(word[:cut]):
            for link in ("", "s", "e", "en"):
                rest = word[cut:].removeprefix(link) if word[cut:].startswith(link) else ""
                if rest and (_is_part(rest) or (parts > 2 and _is_compound(rest, parts - 1))):
                    return True
    return False


def glossary_forms() -> set[str]:
    """Return every form of every term of the glossary, in small letters."""
    return {form.lower() for term in TERMS for form in str(term.forms).split("|")}


def unexplained(texts: dict[str, str]) -> dict[str, str]:
    """Return each word that is neither plain nor explained, with where it stands first."""
    explained = glossary_forms() | FAMILIAR | NAMES
    phrases = re.compile("|".join(re.escape(form) for form in explained if " " in form), re.IGNORECASE)
    found: dict[str, str] = {}
    for text, where in texts.items():
        for word in tokens(phrases.sub("", text)):
            parts = {word.lower(), *word.lower().split("-")}
            is_word = not word.startswith("%") and not word.isdigit() and not parts & explained
            if is_word and (HARD.fullmatch(word) or not is_plain(word)):
                found.setdefault(word.lower(), where)
    return found


def long_sentences(texts: dict[str, str]) -> list[tuple[int, str, str]]:
    """Return the sentences of more than `LONG` words, the longest first: number of words, sentence, place."""
    counted = [(len(tokens(each)), each, where) for text, where in texts.items() for each in sentences(text)]
    return sorted((each for each in counted if each[0] > LONG), reverse=True)
