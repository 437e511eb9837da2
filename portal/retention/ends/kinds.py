"""Of whom something ends by a term: people of each kind, and visitors, of whom rows have a term of their own."""

from enum import StrEnum

from portal.core.personal_data import PersonKind


class RowKind(StrEnum):
    """People of whom rows end by themselves, whatever else is held of them."""

    VISITOR = "visitor"
    """Who asked something or signed up for an intake (LL-08, LL-12): a contact person."""


EndKind = PersonKind | RowKind
VISITOR_USES = ("question", "enquiry")
"""What is held of visitors, by the policy's keys for it; such a key stands where others have a category."""


def person_kind_of(kind: EndKind) -> PersonKind:
    """Return what people of this kind are to the school."""
    return PersonKind.CONTACT_PERSON if isinstance(kind, RowKind) else kind
