"""What every form does with what comes in: our own words for what isn't right, and nothing that can't be kept."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from wtforms import (
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.core.http.forms import DayField, Form

CHOICES = [SelectChoice("a", "Alfa")]


class Asked(Form):
    """A field of each kind."""

    class Meta(Form.Meta):
        """No session in these tests."""

        csrf = False

    name = StringField("Naam", [InputRequired(), Length(max=5)])
    day = DayField("Dag")
    hour = TimeField("Tijd")
    count = IntegerField("Aantal")
    kind = SelectField("Soort", choices=CHOICES)
    kinds = SelectMultipleField("Soorten", choices=CHOICES)
    level = SelectField("Niveau", choices=[SelectChoice("", "–"), *CHOICES], validators=[Optional()])


RIGHT = {"name": "Amina", "day": "2026-11-22", "hour": "09:00", "count": "3", "kind": "a", "kinds": "a"}


def filled(app: Flask, language: str = "nl", **data: Any) -> Asked:
    with app.test_request_context("/", method="POST", data={**RIGHT, **data}, headers={"Accept-Language": language}):
        form = Asked()
        form.validate()
        return form


def test_what_is_right_is_taken(app: Flask) -> None:
    assert not filled(app).errors


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("name", "", "Vul dit in."),
        ("name", "Amina2", "Gebruik niet meer dan 5 tekens."),
        ("day", "30-2-2026", "Dit is geen datum. Kies een dag."),
        ("day", "0026-11-22", "Deze dag ligt te ver weg. Kijk het jaar na."),
        ("day", "9999-12-31", "Deze dag ligt te ver weg. Kijk het jaar na."),
        ("hour", "negen", "Dit is geen tijd. Typ bijvoorbeeld 09:00."),
        ("count", "drie", "Vul een getal in."),
        ("count", "99999999999", "Vul een getal in."),
        ("count", "9" * 400, "Vul een getal in."),
        ("kind", "b", "Kies een van de mogelijkheden."),
        ("kinds", "b", "Kies een van de mogelijkheden."),
    ],
)
def test_what_is_wrong_is_said_in_our_words(app: Flask, name: str, typed: str, words: str) -> None:
    assert filled(app, **{name: typed}).errors == {name: [words]}


@pytest.mark.parametrize(("language", "words"), [("en", "Choose a day."), ("ar", "اختر يومًا")])
def test_and_in_the_language_of_the_page(app: Flask, language: str, words: str) -> None:
    assert words in filled(app, language, day="gisteren").errors["day"][0]


def test_a_character_that_no_column_holds_is_left_out(app: Flask) -> None:
    form = filled(app, name="A\0mi", extra=(FileStorage(), "leeg.txt"))
    assert not form.errors
    assert form.name.data == "Ami"


def test_an_input_that_can_hold_half_a_value_carries_the_words_for_it(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Asked()
        assert 'data-half="Dit is geen datum. Kies een dag."' in form.day()
        assert "data-half" not in form.name()


@pytest.mark.parametrize("zero", "٠۰০０")
def test_figures_of_any_script_fill_in_days_times_and_numbers_and_leave_text_alone(app: Flask, zero: str) -> None:
    figures = str.maketrans("0123456789", "".join(chr(ord(zero) + number) for number in range(10)))
    form = filled(app, **{name: RIGHT[name].translate(figures) for name in ("day", "hour", "count")}, name=zero)
    assert not form.errors
    same = filled(app)
    assert [form[name].data for name in ("day", "hour", "count")] == [
        same[name].data for name in ("day", "hour", "count")
    ]
    assert form.name.data == zero


@pytest.mark.parametrize("typed", ["Jan\r\nBcc", "Jan\nBcc", "Jan\u2028Bcc", "Jan\x0bBcc"])
def test_an_input_of_one_line_holds_one_line(app: Flask, typed: str) -> None:
    class Named(Asked):
        name = StringField("Naam")
        more = TextAreaField("Meer")
        hidden = HiddenField()

    with app.test_request_context("/", method="POST", data={"name": typed, "more": typed, "hidden": typed}):
        form = Named()
    assert (form.name.data, form.more.data, form.hidden.data) == ("Jan Bcc", typed, typed)


@pytest.mark.parametrize("name", ["name", "secret", "more", "hidden", "day", "count", "kind"])
def test_whatever_is_too_long_is_cut_and_refused_before_anything_is_done_with_it(app: Flask, name: str) -> None:
    looked_at: list[int] = []

    def looks(value: Any) -> Any:
        looked_at.append(len(value or ""))
        return value

    class Long(Asked):
        name = StringField("Naam", filters=[looks])
        secret = PasswordField("Geheim", filters=[looks])
        more = TextAreaField("Meer", filters=[looks])
        hidden = HiddenField(filters=[looks])

    data = {**RIGHT, name: "a." * 400_000}
    with app.test_request_context("/", method="POST", data=data):
        form = Long()
        assert not form.validate()
    assert form.errors[name]
    assert max(looked_at) <= 200_001


@pytest.mark.parametrize("typed", ["", " ", "\t "])
def test_white_space_is_no_choice(app: Flask, typed: str) -> None:
    form = filled(app, level=typed)
    assert form.level.data == ""
    assert not form.level.errors
    assert filled(app, kind=typed).kind.errors


@pytest.mark.parametrize(("typed", "kept"), [("geen-van-beide", "geen-van-beide"), ("9" * 12, "-"), ("-3", "-3")])
def test_what_is_no_number_stays_as_it_was_typed(app: Flask, typed: str, kept: str) -> None:
    assert filled(app, count=typed).count.raw_data == [kept]
