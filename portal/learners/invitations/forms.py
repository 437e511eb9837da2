"""The form for inviting learners."""

from collections.abc import Mapping
from typing import Any, ClassVar

from portal.core.http.forms import Form
from portal.core.http.languages import _l


class InviteLearnersForm(Form):
    """Learners are ticked in the list itself; this holds what is said of a refused one."""

    messages: ClassVar[Mapping[str, Any]] = {
        "nobody": _l("Zet een vinkje bij wie u wilt uitnodigen."),
        "too_many": _l("Nodig ten hoogste %(most)s cursisten tegelijk uit."),
        "ask_the_parent": _l(
            "%(name)s is jonger dan 16 en krijgt geen eigen account. Leg de ouder vast als vertegenwoordiger."
        ),
        "no_own_email": _l("%(name)s heeft geen eigen e-mailadres. Druk voor deze cursist een brief af."),
    }
