"""A figure is one on every keyboard: what reads a number, a date, a phone or a code reads those of any script."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import values
from portal.core.digits import latin_digits, latin_number
from portal.learners.record.fields import FIELDS
from portal.learners.search.plain_text import fold

SCRIPTS = {"arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹", "bengali": "০১২৩৪৫৬৭৮৯", "wide": "０１２３４５６７８９"}
# A value for each reader of `portal.core.values`, of which none may be forgotten.
TYPED: dict[str, list[str]] = {
    "parse_date": ["4-5-1990", "4 mei 1990", "1990-05-04"],
    "parse_past_date": ["4/5/90"],
    "parse_moment": ["4-5-1990 14:30", "1990-05-04T14:30"],
    "parse_bsn": ["123456782", "12345672"],
    "parse_phone": ["06 12345678", "+32 470 12 34 56"],
    "parse_email": [],
    "parse_postcode": ["1234 AB"],
    "parse_iban": ["NL91 ABNA 0417 1643 00"],
    "parse_kvk": ["12345678"],
    "parse_money": ["1.250,50", "-12,5"],
    "parse_hours": ["12", "12,5", "12:30"],
    "parse_whole": ["123"],
    "parse_choice": [],
}


def in_script(text: str, script: str) -> str:
    return text.translate(str.maketrans("0123456789", SCRIPTS[script]))


@given(st.text(max_size=30))
def test_only_figures_change_and_each_becomes_one(text: str) -> None:
    found = latin_digits(text)
    assert len(found) == len(text)
    for before, after in zip(text, found, strict=True):
        assert after == (str(int(before)) if before.isdecimal() else before)


def test_an_arabic_keyboard_has_its_own_signs_in_a_number() -> None:
    assert latin_number("١٬٢٥٠٫٥٠") == "1.250,50"


def test_no_reader_of_values_is_forgotten() -> None:
    readers = {name for name, _ in inspect.getmembers(values, inspect.isfunction) if name.startswith("parse_")}
    assert readers == set(TYPED)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("reader", "typed"), [(name, typed) for name, each in TYPED.items() for typed in each])
def test_a_value_is_the_same_in_figures_of_any_script(reader: str, typed: str, script: str) -> None:
    parse = getattr(values, reader)
    assert parse(in_script(typed, script)) == parse(typed)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("key", sorted(key for key, field in FIELDS.items() if "number" in key and not field.choices))
def test_a_number_of_the_record_is_kept_in_our_figures(key: str, script: str) -> None:
    typed = "12345678" if key.endswith("kvk_number") else "12"
    assert FIELDS[key].clean(in_script(typed, script)) == FIELDS[key].clean(typed) == typed


@pytest.mark.parametrize("sign", ["²", "①", "½", "Ⅷ"])
def test_what_looks_like_a_figure_but_is_none_is_refused_and_breaks_nothing(sign: str) -> None:
    for reader in TYPED:
        if reader in {"parse_choice", "parse_postcode"}:
            continue
        for text in (sign, sign * 4, f"{sign}{sign}-{sign}-{sign * 4}"):
            with pytest.raises(values.Unusable):
                getattr(values, reader)(text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_number_is_found_however_it_is_typed(script: str) -> None:
    assert fold(in_script("10023", script)) == "10023"


def test_a_wish_for_text_keeps_its_figures() -> None:
    assert values.tidy("٣ مرات") == "٣ مرات"
