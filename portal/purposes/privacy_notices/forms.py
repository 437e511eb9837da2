"""The form by which people are told: who, is ticked in the list itself."""

from collections.abc import Mapping
from typing import Any, ClassVar

from portal.core.http.forms import Form
from portal.core.http.languages import _l


class TellForm(Form):
    """People are ticked in the list itself; this holds what is said of a refused one."""

    messages: ClassVar[Mapping[str, Any]] = {
        "nobody": _l("Zet een vinkje bij wie u het wilt vertellen."),
        "too_many": _l("Vertel het aan ten hoogste %(most)s mensen tegelijk."),
        "nobody_by_email": _l("Van niemand van hen is er een e-mailadres. Druk brieven af."),
        "told_already": _l("Dit is hun al verteld."),
    }
