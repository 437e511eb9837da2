"""What a learner may submit as a goal of hers."""

from datetime import date
from typing import Any

from flask_babel import format_date
from wtforms import SelectField

from portal.core.clock import today
from portal.core.http.forms import Form, InputRequired, choices
from portal.core.http.languages import _, _l
from portal.progress.labels import WORDS
from portal.progress.levels.queries import list_rungs
from portal.progress.models import Skill

_MONTHS_OFFERED = 24


class GoalForm(Form):
    """A level, in what, and by when."""

    level = SelectField(_l("Welk niveau wilt u?"), validators=[InputRequired(_l("Kies een niveau."))])
    skill = SelectField(_l("Waarvoor?"))
    by_month = SelectField(_l("Wanneer?"), validators=[InputRequired(_l("Kies een maand."))])

    messages = {"month_out_of_reach": _l("Kies een maand die nog komt.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the levels of the school, the skills, and the months to come."""
        super().__init__(*args, **kwargs)
        unchosen = ("", _("kies …"))
        self.level.choices = choices([unchosen, *((rung.value, rung.value) for rung in list_rungs())])
        self.skill.choices = choices([("", _("alles")), *((skill.value, WORDS[skill]) for skill in Skill)])
        first = today().replace(day=1)
        months = (_later(first, count) for count in range(_MONTHS_OFFERED + 1))
        named = ((month.isoformat(), format_date(month, "LLLL y")) for month in months)
        self.by_month.choices = choices([unchosen, *named])

    @property
    def chosen_skill(self) -> Skill | None:
        """The skill that was chosen; None for all."""
        return Skill(self.skill.data) if self.skill.data else None

    @property
    def chosen_month(self) -> date:
        """The first day of the month that was chosen."""
        return date.fromisoformat(self.by_month.data)


def _later(month: date, count: int) -> date:
    """Return the first day of the month so many months later."""
    years, months = divmod(month.month - 1 + count, 12)
    return date(month.year + years, months + 1, 1)
