"""What a template needs to say what a policy holds, and what changed in it, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from portal.core.http.languages import language
from portal.policy.labels import BASES, CHANGED_NAMES, RIGHTS, SECTIONS, labels_in, length_of
from portal.policy.schema import LocalText, Policy, Text


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
        "bases": BASES,
        "rights": RIGHTS,
        "sections": SECTIONS,
        "names": CHANGED_NAMES,
    }
