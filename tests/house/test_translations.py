"""Every text is translated in every language that ships, with the same blanks to fill in."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.catalogues import singular, source_texts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "portal" / "translations"
COMPLETE = ("en", "ar")
BLANK = re.compile(r"%\(\w+\)s")


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((FOLDER / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language)


def said(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language: str) -> None:
    done = {
        singular(message.id)
        for message in catalogue(language)
        if message.id and all(said(message)) and not message.fuzzy
    }
    assert not sorted(source_texts() - done)


@pytest.mark.parametrize("language", COMPLETE)
def test_no_translation_is_left_of_a_text_that_went(language: str) -> None:
    assert not sorted({singular(message.id) for message in catalogue(language) if message.id} - source_texts())


@pytest.mark.parametrize("language", COMPLETE)
def test_a_translation_fills_in_the_same_blanks(language: str) -> None:
    odd = []
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = set(BLANK.findall(singular(message.id)))
        forms = said(message)
        strays = [form for form in forms if set(BLANK.findall(form)) - wanted - {"%(num)s"}]
        if strays or (len(forms) == 1 and set(BLANK.findall(forms[0])) != wanted):
            odd.append(singular(message.id))
    assert not odd
