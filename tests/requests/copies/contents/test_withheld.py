"""What a copy leaves out stands there in words, each reason once, in the reader's language, and never as code."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.core.personal_data import PersonKind
from portal.requests.copies.contents.assembly import told_withheld
from portal.requests.copies.contents.withheld import withheld
from portal.schools.queries import SchoolView


@pytest.mark.parametrize("kind", list(PersonKind))
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_each_reason_stands_there_once_in_words(
    app: Flask, school: SchoolView, kind: PersonKind, language: str
) -> None:
    with app.app_context(), force_locale(language):
        told = told_withheld(kind)
        whys = {str(why) for why in withheld(kind).values()}
    assert {why for _what, why in told} == whys
    assert len(told) == len(whys)
    for what, why in told:
        assert not re.search(r"\w_\w|\(\w+\)", f"{what} {why}")
        assert (language == "ar") == bool(re.search(r"[\u0600-\u06ff]", what))
