"""Where the parts of a document lie, by its kind, and whether what was blacked out fits that.

The places are those of a document that fills the picture, as far as is known; who blacks out moves them to where they
are on hers. Nothing on a server can know that a number is covered: she attests it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import get_args

from portal.core.errors import Invalid
from portal.core.images import Box
from portal.policy.queries import current_policy
from portal.policy.schema.statement import MaskPart

ALWAYS: frozenset[MaskPart] = frozenset({"bsn", "mrz", "photo"})
"""What is blacked out at every school, whatever its statement asks (UAVG art. 46)."""
PARTS: tuple[MaskPart, ...] = get_args(MaskPart)
_LEAST_AREA = 0.4  # of the part's usual area
_FARTHEST = 0.3  # of the picture, from the part's usual middle


class DocumentKind(StrEnum):
    """The kinds of documents by which somebody shows who she is."""

    PASSPORT = "passport"
    ID_CARD = "id_card"
    RESIDENCE_PERMIT = "residence_permit"
    DRIVING_LICENCE = "driving_licence"


LAYOUTS: Mapping[DocumentKind, Mapping[MaskPart, Box]] = {
    DocumentKind.PASSPORT: {
        "photo": Box(0.03, 0.18, 0.3, 0.5),
        "document_number": Box(0.66, 0.08, 0.3, 0.1),
        "bsn": Box(0.66, 0.55, 0.3, 0.1),
        "mrz": Box(0.0, 0.78, 1.0, 0.22),
    },
    DocumentKind.ID_CARD: {
        "photo": Box(0.04, 0.24, 0.3, 0.6),
        "document_number": Box(0.64, 0.06, 0.32, 0.12),
        "bsn": Box(0.64, 0.6, 0.32, 0.12),
        "mrz": Box(0.0, 0.8, 1.0, 0.2),
    },
    DocumentKind.RESIDENCE_PERMIT: {
        "photo": Box(0.04, 0.24, 0.3, 0.6),
        "document_number": Box(0.64, 0.06, 0.32, 0.12),
        "bsn": Box(0.64, 0.6, 0.32, 0.12),
        "mrz": Box(0.0, 0.8, 1.0, 0.2),
    },
    DocumentKind.DRIVING_LICENCE: {
        "photo": Box(0.04, 0.28, 0.28, 0.56),
        "document_number": Box(0.36, 0.56, 0.3, 0.1),
        "bsn": Box(0.64, 0.7, 0.32, 0.1),
        "mrz": Box(0.0, 0.84, 1.0, 0.16),
    },
}


def parts_to_mask(reason: str) -> tuple[MaskPart, ...]:
    """Return what is blacked out on a document asked for this reason (request or client): the policy only adds."""
    return tuple(part for part in PARTS if part in ALWAYS | set(current_policy().masks_for(reason)))


def check_boxes(kind: DocumentKind, boxes: Mapping[str, Box], parts: tuple[MaskPart, ...]) -> list[Box]:
    """Return the boxes of these parts; raises Invalid where one is missing, too small, or far from where it belongs."""
    return [_check(kind, part, boxes.get(part)) for part in parts]


def _check(kind: DocumentKind, part: MaskPart, box: Box | None) -> Box:
    usual = LAYOUTS[kind][part]
    if box is None or box.width <= 0 or box.height <= 0:
        raise Invalid("picture", f"no_{part}")
    inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= 1.001 and box.y + box.height <= 1.001
    is_large = box.width * box.height >= _LEAST_AREA * usual.width * usual.height
    across = abs(box.x + box.width / 2 - usual.x - usual.width / 2)
    down = abs(box.y + box.height / 2 - usual.y - usual.height / 2)
    if not inside or not is_large or max(across, down) > _FARTHEST:
        raise Invalid("picture", f"no_{part}")
    return box
