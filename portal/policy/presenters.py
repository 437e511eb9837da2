"""What a template needs to say what a policy holds, and what changed in it, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from portal.core.http.languages import _, language
from portal.policy.labels import BASES, CHANGED_NAMES, RIGHTS, SECTIONS, labels_in, length_of
from portal.policy.schema import LocalText, Policy, Text
from portal.policy.schema.statement import StaffData


def texts_of(policy: Policy) -> Mapping[str, Any]:
    """Return what the partials of the statement ask for: texts by language, and labels for codes."""
    code = language()

    def localized(table: Text) -> LocalText:
        return policy.text(table, code)

    return {
        "localized": localized,
        "untranslated": code not in policy.languages,
        "labels_in": labels_in,
        "length_of": length_of,
        "staff_term_of": lambda each: staff_term_of(each, policy),
        "bases": BASES,
        "rights": RIGHTS,
        "sections": SECTIONS,
        "names": CHANGED_NAMES,
    }


def staff_term_of(data: StaffData, policy: Policy) -> str:
    """Return how long something is kept of the people who work at the school, in words."""
    match data.kept:
        case "staff" if policy.staff is not None:
            return _("Tot %(length)s nadat u hier stopt", length=length_of(policy.staff.term))
        case "audit":
            return length_of(policy.audit.term)
        case "activity":
            return length_of(policy.activity_term)
        case _:
            return _("Zo lang als de gegevens waar het bij hoort")
