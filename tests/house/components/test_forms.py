"""Parts of forms: label, hint and message belong to their input, and the summary leads to the field."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template_string
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.core.http.forms import Form

CHOICES = [SelectChoice("mail", "Per e-mail"), SelectChoice("letter", "Per brief")]
NS = "{http://www.w3.org/1999/xhtml}"
USE = '{% from "components/forms.html" import field, errors, submit %}'


class Asked(Form):
    """One field of each kind that behaves in its own way."""

    class Meta:
        """No session in these tests."""

        csrf = False

    name = StringField("Naam", [InputRequired("Vul uw naam in.")], description="Zoals in uw paspoort.")
    mail = EmailField("E-mail", [Optional()])
    how = RadioField("Hoe wilt u bericht?", choices=CHOICES)
    agreed = BooleanField("Ik ga akkoord")


def render_source(app: Flask, source: str, data: dict[str, str] | None = None, **context: object) -> Element:
    with app.test_request_context("/", method="POST", data=data or {}):
        form = Asked()
        form.validate()
        text = render_template_string(USE + source, form=form, **context)
    return html5lib.parseFragment(text, namespaceHTMLElements=True)


def by_id(tree: Element, name: str) -> Element:
    found = [element for element in tree.iter() if element.get("id") == name]
    assert len(found) == 1
    return found[0]


def test_hint_and_message_are_read_with_the_input(app: Flask) -> None:
    tree = render_source(app, "{{ field(form.name) }}", {"name": ""})
    shown = by_id(tree, "name")
    assert shown.get("aria-describedby") == "name-hint name-error"
    assert shown.get("aria-invalid") == "true"
    assert "Vul uw naam in." in "".join(by_id(tree, "name-error").itertext())
    assert "Zoals in uw paspoort." in "".join(by_id(tree, "name-hint").itertext())


def test_a_right_input_says_nothing_of_errors(app: Flask) -> None:
    shown = by_id(render_source(app, "{{ field(form.name) }}", {"name": "Amina"}), "name")
    assert shown.get("aria-invalid") is None
    assert shown.get("aria-describedby") == "name-hint"


@pytest.mark.parametrize(("name", "may_be_empty"), [("name", False), ("mail", True)])
def test_what_may_stay_empty_says_so(app: Flask, name: str, may_be_empty: bool) -> None:
    text = "".join(render_source(app, "{{ field(form[name]) }}", name=name).itertext())
    assert ("mag leeg blijven" in text) is may_be_empty


def test_choices_share_one_question(app: Flask) -> None:
    tree = render_source(app, "{{ field(form.how) }}")
    group = next(tree.iter(f"{NS}fieldset"))
    assert "".join(next(group.iter(f"{NS}legend")).itertext()).strip() == "Hoe wilt u bericht?"
    assert {label.get("for") for label in group.iter(f"{NS}label")} == {"how-0", "how-1"}


def test_the_summary_leads_to_each_wrong_field(app: Flask) -> None:
    tree = render_source(app, "{{ errors(form) }}{{ field(form.name) }}{{ field(form.how) }}")
    links = [link.get("href") for link in tree.iter(f"{NS}a")]
    assert links == ["#name", "#how-0"]
    for link in links:
        by_id(tree, str(link)[1:])


def test_no_summary_over_a_right_form(app: Flask) -> None:
    tree = render_source(app, "{{ errors(form) }}", {"name": "Amina", "how": "mail"})
    assert not list(tree)


def test_a_refusal_without_a_field_stands_in_the_summary(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"name": "Amina", "how": "mail"}):
        form = Asked()
        form.validate()
        form.form_errors.append("Deze groep is vol.")
        assert "Deze groep is vol." in render_template_string(USE + "{{ errors(form) }}", form=form)


def test_other_attributes_reach_the_input(app: Flask) -> None:
    tree = render_source(
        app, '{{ field(form.name, autocomplete="name", inputmode="text") }}{{ submit("Weg", "danger", value="1") }}'
    )
    assert (by_id(tree, "name").get("autocomplete"), by_id(tree, "name").get("inputmode")) == ("name", "text")
    button = next(tree.iter(f"{NS}button"))
    assert (button.get("class"), button.get("value")) == ("danger", "1")


def test_what_a_tick_asks_about_is_said_whole_and_without_the_name_of_the_tick(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"name": "Amina", "how": "mail"}):
        form = Asked()
        form.validate()
        form.agreed.errors = ["Tess geeft dan ook les.", "Is dat de bedoeling?"]
        text = render_template_string(USE + "{{ errors(form) }}", form=form)
    assert "Tess geeft dan ook les. Is dat de bedoeling?" in text
    assert "Ik ga akkoord" not in text


def test_a_question_in_arabic_keeps_one_mark(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"how": "mail"}):
        form = Asked()
        form.name.label.text = "لماذا؟"
        form.validate()
        assert "لماذا: Vul uw naam in." in render_template_string(USE + "{{ errors(form) }}", form=form)
