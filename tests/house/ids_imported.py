"""Forms about workbooks that carry an id, as `ids_sent` has the others."""

import io

from tests.factories.imports import sheet_bytes
from tests.house.ids_sent import Sent

_RESULTS = sheet_bytes(["Nummer", "Lezen", "Datum"], ["1", "A2", "3-11-2026"])

IMPORTED: dict[str, Sent] = {
    "whom a row of a workbook is about": Sent(
        "administration",
        lambda place: f"/inlezen/{place.run_id}/rij",
        lambda _, learner_id: {"row": "Blad1!2", "decision": str(learner_id)},
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
    ),
    "the group that a list of results is of": Sent(
        "teacher",
        lambda _: "/inlezen/uitslagen",
        lambda _, group_id: {"workbook": (io.BytesIO(_RESULTS), "toets.xlsx"), "groep": str(group_id)},
        "learner_group",
        lambda place: place.scene.group.id,
        lambda place: place.elsewhere.id,
    ),
}
