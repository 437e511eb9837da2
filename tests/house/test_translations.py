"""Every text is translated in every language that ships, with the same blanks to fill in."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.catalogues import singular, source_texts, texts_in_f_strings

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


@pytest.mark.parametrize("language", COMPLETE)
def test_only_a_term_of_several_forms_is_translated_by_several(language: str) -> None:
    """A bar divides the forms of a term that is explained; in any other text a reader would see it."""
    odd = [
        message.id
        for message in catalogue(language)
        if "|" in "".join(said(message)) and "|" not in singular(message.id)
    ]
    assert not odd


NOT_SAID = {
    "en": {
        r"\blog(s|ged|ging)? (in|out)\b": "sign in, sign out",
        r"(?i)\btrajector": "programme",
        r"\b[0-9]{1,2} (januari|februari|maart|mei|juni|juli|augustus|oktober)\b": "the month in English",
    },
    "ar": {
        r"يُ?رجى": "an imperative, as everywhere else",
        r"(?<=[\u0600-\u06ff]),(?=\s)": "the Arabic comma",
        r"(نمسح|تُمسح|يُمسح|مُسح|تم المسح)": "حذف: مسح is scanning",
        r"آثار تسجيل": "سجلات",
        r"(?<!ب)تحصل على:": "يحصل على:",
        r"الإدارة(?! العليا)": "السكرتارية, beside الإدارة العليا",
        r"متعلّ?م": "دارس",
        r"مدرّ?س(?![ةت])": "معلّم: مدرسة is the school",
    },
}
"""By language what its texts don't say, as a pattern, and what they say: one word for one thing."""


def policy_texts(language: str) -> list[str]:
    """Return what the shipped policies say in a language."""
    said_there = re.compile(rf'\b{language} = "((?:[^"\\]|\\.)*)"')
    files = sorted((ROOT / "portal" / "policy" / "policies").glob("*.toml"))
    return [text for file in files for text in said_there.findall(file.read_text())]


@pytest.mark.parametrize("language", COMPLETE)
def test_one_thing_has_one_word(language: str) -> None:
    texts = [form for message in catalogue(language) if message.id for form in said(message)]
    texts += policy_texts(language)
    assert len(texts) > 1500
    odd = [(text, word) for text in texts for pattern, word in NOT_SAID[language].items() if re.search(pattern, text)]
    assert not odd


def test_arabic_has_words_of_its_own_for_one_and_for_two() -> None:
    odd = [
        form
        for message in catalogue("ar")
        if isinstance(message.id, tuple | list)
        for form, ending in zip(said(message)[1:3], (r"\S*", r"\S+(ان|ين)"), strict=True)
        if re.search(rf"%\(num\)s {ending}(?=[ .،:]|$)", form)
    ]
    assert not odd


TURNED = re.compile(r"(?<![A-Za-z0-9-])(\d+-\d|\+\d|0\d+ \d)")
"""A date in figures or a telephone number, which a text from right to left turns around unless it is isolated."""


def test_arabic_isolates_what_it_would_turn_around() -> None:
    texts = [form for message in catalogue("ar") if message.id for form in said(message)] + policy_texts("ar")
    assert not [text for text in texts if TURNED.search(re.sub("\u2066.*?\u2069", "", text))]
    assert any("\u2066" in text for text in texts)


def test_a_text_inside_an_f_string_is_a_text_too() -> None:
    source = 'told = f"{said} {_(\'De cursist krijgt bericht.\')}"\nleft = f\'({_n("een dag", "dagen", 2)})\'\n'
    assert set(texts_in_f_strings(source)) == {"De cursist krijgt bericht.", "een dag"}
