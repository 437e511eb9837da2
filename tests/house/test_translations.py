"""Every text is translated in every language that ships, with the same blanks to fill in."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "portal" / "translations"
COMPLETE = ("en", "ar")
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
# As the app reads templates; one that can't be read is a fault, not a template without texts.
OPTIONS = {kind: {"extensions": "jinja2.ext.do", "silent": "false"} for kind in ("**.html", "**.txt")}
BLANK = re.compile(r"%\(\w+\)s")


def source_texts() -> set[str]:
    """Every text in code and templates, as written."""
    found = set()
    for folder in ("portal", "templates"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found - {""}


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((FOLDER / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language)


def said(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def asked(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language: str) -> None:
    done = {
        asked(message) for message in catalogue(language) if message.id and all(said(message)) and not message.fuzzy
    }
    assert not sorted(source_texts() - done)


@pytest.mark.parametrize("language", COMPLETE)
def test_no_translation_is_left_of_a_text_that_went(language: str) -> None:
    assert not sorted({asked(message) for message in catalogue(language) if message.id} - source_texts())


@pytest.mark.parametrize("language", COMPLETE)
def test_a_translation_fills_in_the_same_blanks(language: str) -> None:
    odd = []
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = set(BLANK.findall(asked(message)))
        forms = said(message)
        strays = [form for form in forms if set(BLANK.findall(form)) - wanted - {"%(num)s"}]
        if strays or (len(forms) == 1 and set(BLANK.findall(forms[0])) != wanted):
            odd.append(asked(message))
    assert not odd
