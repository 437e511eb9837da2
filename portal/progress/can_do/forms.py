"""What may be submitted about the school's statements."""

from wtforms import SelectField, StringField
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.progress.labels import WORDS
from portal.progress.models import Rung, Skill


class TextForm(Form):
    """The words of a statement."""

    text = StringField(
        _l("Zin"), filters=[stripped], validators=[InputRequired(_l("Schrijf eerst iets.")), Length(max=200)]
    )


class StatementForm(TextForm):
    """A new statement: of which skill and level."""

    skill = SelectField(_l("Waarvoor?"), choices=choices((skill.value, WORDS[skill]) for skill in Skill))
    level = SelectField(
        _l("Niveau"), choices=choices((rung.value, rung.value) for rung in Rung if not rung.is_sublevel)
    )
