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
        "nobody_by_email": _l("Aan niemand van hen kan een e-mail worden gestuurd. Hieronder staat waarom."),
        "nobody_by_letter": _l("Voor niemand van hen kan een brief worden afgedrukt. Hieronder staat waarom."),
    }


WHY_NOT: Mapping[str, Any] = {
    "letter": _l("geen eigen e-mailadres: druk een brief af"),
    "parent": _l("jonger dan 16: leg de ouder vast als vertegenwoordiger"),
    "ended": _l("de toegang is beëindigd: laat deze cursist eerst weer inloggen"),
    "restricted": _l("afgeschermd: vraag de privacymedewerker"),
    "has_password": _l("kan al inloggen"),
    "number_taken": _l("een ander account gebruikt dit nummer al om in te loggen: geef een ander nummer"),
}
"""Why somebody who was ticked isn't reached, in words."""
