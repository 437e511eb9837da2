"""What is kept of a form: a password is known by its field's name, so each field for one is named so."""

from collections.abc import Iterator

from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from portal import wiring
from portal.core.http.forms import Form


def _forms(base: type[Form]) -> Iterator[type[Form]]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def test_a_field_for_a_password_is_named_so() -> None:
    assert wiring.ROUTES  # with the routes of each feature its forms are known
    fields = {
        name
        for form in _forms(Form)
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField) and issubclass(field.field_class, PasswordField)
    }

    assert len(fields) >= 3
    assert all("password" in name for name in fields)
