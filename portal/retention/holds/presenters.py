"""Where the holds of somebody are shown, by what she is to the school."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from portal.core.http.pages import url_pattern
from portal.core.personal_data import PersonKind
from portal.retention.ends.kinds import EndKind, RowKind, person_kind_of

NAMED_BY: Mapping[PersonKind, str] = {
    PersonKind.LEARNER: "learner_id",
    PersonKind.CONTACT_PERSON: "person_id",
    PersonKind.STAFF: "account_id",
}
"""What names somebody in the address of her holds."""


def address_of_holds(kind: PersonKind, person_id: UUID) -> str:
    """Return where the holds of somebody are shown."""
    values: dict[str, Any] = {NAMED_BY[kind]: person_id}
    return url_for("retention.holds", **values)


def patterns_of_holds() -> dict[EndKind, str]:
    """Return by kind where the holds of people are shown, with `%s` in the place of the id."""
    kinds: tuple[EndKind, ...] = (*NAMED_BY, *RowKind)
    return {kind: url_pattern("retention.holds", NAMED_BY[person_kind_of(kind)]) for kind in kinds}
