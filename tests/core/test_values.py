"""What people type, made into values."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn as bsns

from portal.core import values as v
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.learners.record.fields import FIELDS, as_text

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
MONTHS = ["jan.", "feb", "mrt", "apr", "mei", "juni", "juli", "aug.", "sept.", "oktober", "nov", "december"]


@given(DAYS)
def test_a_date_is_read_in_every_form_it_is_written_in(day: date) -> None:
    for text in (
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d/%m/%Y}",
        f" {day.day}.{day.month}.{day.year} ",
        f"{day:%d %m %Y}",
        day.isoformat(),
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day.day}{MONTHS[day.month - 1].upper()}{day.year}",
    ):
        assert v.parse_date(text) == day


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 1, 1)))
def test_two_figures_of_a_year_mean_the_last_such_year_of_what_is_past(day: date) -> None:
    for found in (v.parse_past_date(f"{day:%d-%m-%y}"), v.parse_date(f"{day:%d-%m-%y}", years_ahead=0)):
        assert (found.day, found.month) == (day.day, day.month)
        assert today().year - 100 < found.year <= today().year


def test_what_ends_or_happens_in_some_years_is_not_read_as_of_a_century_ago() -> None:
    coming = today().replace(day=1, year=today().year + 3)
    assert v.parse_date(f"{coming:%d-%m-%y}") == coming
    assert v.parse_moment(f"{coming:%d-%m-%y} 9:30").date() == coming
    assert v.parse_date(f"1-9-{(today().year + 11) % 100}").year == today().year - 89


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_unusable(text: str) -> None:
    with suppress(v.Unusable):
        assert v.EARLIEST <= v.parse_date(text) <= date(2100, 12, 31)


@pytest.mark.parametrize("text", ["31-2-2020", "29-2-2021", "1-13-2000", "4-5-1899", "0-1-2000", "1-1-2101"])
def test_a_date_that_can_not_be_is_refused(text: str) -> None:
    with pytest.raises(v.Unusable, match="date_impossible"):
        v.parse_date(text)


def test_a_birth_date_is_not_in_the_future() -> None:
    field = FIELDS["learner.birth_date"]
    assert field.clean(today().isoformat()) == today()
    for value in ((today() + timedelta(days=1)).isoformat(), today() + timedelta(days=1)):
        with pytest.raises(Invalid, match="date_in_future"):
            field.clean(value)


@given(st.integers(min_value=1_000_000, max_value=999_999_999))
def test_a_bsn_passes_when_and_only_when_it_passes_the_eleven_test(number: int) -> None:
    figures = f"{number:09d}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    passes = sum(int(figure) * weight for figure, weight in zip(figures, weights, strict=True)) % 11 == 0
    try:
        assert v.parse_bsn(figures) == figures
        assert passes
    except v.Unusable:
        assert not passes


@pytest.mark.parametrize(
    ("typed", "kept"), [("12345672", "012345672"), ("1234.56.782", "123456782"), (" 999 999 990 ", "999999990")]
)
def test_a_bsn_is_read_as_typed_and_gets_its_zero_back(typed: str, kept: str) -> None:
    assert v.parse_bsn(typed) == kept
    assert bsns.is_valid(kept)


@pytest.mark.parametrize("typed", ["000000000", "123456789", "12345", "1234567890", "12345678X", "①②③④⑤⑥⑦⑧②", ""])
def test_what_is_no_bsn_is_refused(typed: str) -> None:
    with pytest.raises(v.Unusable, match="bsn_invalid"):
        v.parse_bsn(typed)


@given(st.integers(min_value=10_000_000, max_value=99_999_999))
def test_a_mobile_number_is_the_same_however_it_is_written(number: int) -> None:
    figures = str(number)
    forms = (f"06{figures}", f"06 {figures[:4]} {figures[4:]}", f"06-{figures}", f"+316{figures}", f"00316{figures}")
    found = set()
    for form in (*forms, f"+31 (0)6 {figures}"):
        try:
            found.add(v.parse_phone(form))
        except v.Unusable:
            found.add("unusable")
    assert found in ({f"+316{figures}"}, {"unusable"})


def test_a_phone_number_is_shown_as_people_write_it() -> None:
    assert v.show_phone("+31612345678") == "06 12345678"
    assert v.show_phone("+31302345678") == "030 234 5678"
    assert v.show_phone(v.parse_phone("+32 470 12 34 56")) == "+32 470 12 34 56"


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("learner.postcode", "1234ab", "1234 AB"),
        ("learner.postcode", "B-1000", "B-1000"),
        ("learner.email", " Amina@Example.ORG ", "amina@example.org"),
        ("learner.iban", "NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ("learner.kvk_number", "1234 5678", "12345678"),
        ("learner.city", "  Den \u200b Haag ", "Den Haag"),
        ("learner.diplomas", "mbo\r\n hbo ", "mbo\n hbo"),
        ("invoice_line.amount_cents", "€ 1.250,50", 125050),
        ("invoice_line.amount_cents", "-12,5", -1250),
        ("trajectory.minutes_before", "12,5", 750),
        ("trajectory.minutes_before", "12:20", 740),
        ("learner.phone", "", None),
    ],
)
def test_a_value_is_kept_in_one_form(key: str, typed: str, kept: object) -> None:
    assert FIELDS[key].clean(typed) == kept


@pytest.mark.promise("LL-03", part="kvk")
@pytest.mark.promise("OP-03", part="iban")
@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("learner.kvk_number", "1234567", "kvk_invalid"),
        ("learner.kvk_number", "00000000", "kvk_invalid"),
        ("learner.iban", "NL91ABNA0417164301", "iban_invalid"),
        ("learner.email", "amina@", "email_invalid"),
        ("learner.phone", "0612", "phone_invalid"),
        ("learner.postcode", "1234", "postcode_invalid"),
        ("learner.gender", "onbekend", "choice_unknown"),
        ("learner.preferred_language", "xx", "choice_unknown"),
        ("learner.city", "x" * 81, "too_long"),
        ("invoice_line.amount_cents", "12 euro", "money_unreadable"),
    ],
)
def test_what_can_not_be_kept_is_refused(key: str, typed: str, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refused:
        FIELDS[key].clean(typed)
    assert refused.value.field == key


SAMPLES = {
    "date": "1-9-2020",
    "past_date": "1-9-2020",
    "bsn": "999999990",
    "phone": "0612345678",
    "email": "a@example.org",
    "postcode": "1234 AB",
    "language": "nl",
    "iban": "NL91ABNA0417164300",
    "kvk": "12345678",
    "moment": "1-9-2020 14:30",
    "money": "12,50",
    "hours": "12,5",
    "whole": "40",
    "yes_no": "ja",
}


@pytest.mark.parametrize("key", sorted(FIELDS))
def test_a_value_comes_back_from_its_text(key: str) -> None:
    field = FIELDS[key]
    typed = next(iter(field.choices)).value if field.choices else SAMPLES.get(field.kind, "tekst")
    value = field.clean(typed)
    if field.kind in {"money", "hours", "whole", "moment"}:
        assert field.clean(field.typed(value)) == value
    else:
        assert field.read(as_text(value)) == value
    assert field.label


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Fati\u00adma", "Fatima"),
        ("\u2067Hodan\u2069 \u200bAli", "Hodan Ali"),
        ("\u202bسارة\u202c", "سارة"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200cReza\u200c", "Reza"),
        ("Sam\ufeff \U000e0061de Vries", "Sam de Vries"),
    ],
)
def test_signs_that_nobody_sees_go_and_those_that_a_script_needs_stay(typed: str, kept: str) -> None:
    assert v.tidy(typed) == v.tidy_lines(typed) == kept


@given(
    st.text(st.characters(categories=["Cf", "Cc"], exclude_characters="\n\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\r"), max_size=8)
)
def test_what_nobody_sees_is_nothing_but_for_signs_of_arabic_figures(typed: str) -> None:
    shown = "".join(sign for sign in v.tidy(typed) if not 0x600 <= ord(sign) <= 0x8E2 and ord(sign) < 0x10000)
    assert shown == ""
