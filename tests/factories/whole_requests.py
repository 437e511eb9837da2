"""The ways to open the pages of requests and complaints in the school of `whole_school`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.learners.corrections.kinds import kind_called
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.requests.complaints.notices import token_of as complaint_token
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.notices import token_of
from portal.requests.data_requests.own_routes import SLUGS
from portal.requests.data_requests.queries import Waiting
from portal.requests.public_requests.routes import PUBLIC_SLUGS
from tests.factories.requests import enter


def _letter(whole: Any) -> UUID:
    """A letter about a child, of which nobody said yet who wrote it."""
    return enter(RequestKind.RECTIFICATION, learner_id=whole.child.id, body="Het telefoonnummer klopt niet.").id


def _entries_to_correct(whole: Any, role: Any) -> list[dict[str, Any]]:
    """An entry of each kind that is corrected for who handles her request."""
    ways = []
    for slug, entry_id in whole.entries[whole.scene.amina.id].items() if role is Role.PRIVACY_STAFF else ():
        kind = kind_called(slug)
        if kind is not None and kind.kept(current_policy()):
            category = kind.fields[0].category
            at = {"request_id": whole.given["wrong_id"], "category": category}
            ways.append({**at, "slug": slug, "entry_id": entry_id})
    return ways


REQUEST_WAYS: dict[str, Callable[[Any, Any], list[dict[str, Any]]]] = {
    "requests.ask_public": lambda _, __: [{"slug": each} for each in PUBLIC_SLUGS if each != "bezwaar"],
    "requests.follow": lambda whole, _: [{"token": token_of(whole.outside)}],
    "requests.choose_person": lambda whole, _: [
        {"request_id": whole.outside.id, **more} for more in ({}, {"?zoek": "a"})
    ],
    "requests.choose_representative": lambda whole, _: [{"request_id": _letter(whole)}],
    "requests.ask": lambda _, __: [{"slug": each} for each in SLUGS],
    "requests.choose_asker": lambda whole, _: [{}, {"?zoek": "a"}, {"?cursist": whole.scene.amina.id}, {"?zonder": 1}],
    "requests.enter": lambda whole, _: (
        [{"kind": each.value, "?cursist": whole.scene.amina.id} for each in RequestKind] + [{"kind": "access"}]
    ),
    "requests.desk": lambda _, __: [{"?welke": each.value} for each in Waiting],
    "requests.handle": lambda whole, _: [{"request_id": each} for each in whole.requests[whole.scene.amina.id]],
    "requests.held": lambda whole, _: [{"request_id": whole.requests[whole.scene.amina.id][0]}],
    "requests.correct": lambda whole, role: (
        [{"request_id": whole.given["wrong_id"], "category": "contact"}] if role is Role.PRIVACY_STAFF else []
    ),
    "requests.correct_entry": _entries_to_correct,
    "requests.letter": lambda whole, _: [{"request_id": whole.answered}],
    "requests.own_document": lambda whole, role: [{"request_id": whole.requests[whole.subject(role).id][0]}],
    "requests.my_request": lambda whole, role: [
        {"request_id": each} for each in whole.requests[whole.subject(role).id]
    ],
    "requests.my_complaint": lambda whole, role: [{"complaint_id": whole.entries[whole.subject(role).id]["klachten"]}],
    "requests.choose_complainant": lambda _, __: [{}, {"?zoek": "a"}, {"?zoek": "niemand heet zo"}],
    "requests.write_complaint": lambda whole, _: [{}, {"?cursist": whole.scene.amina.id}],
    "requests.enter_complaint_of": lambda whole, _: [{}, {"?cursist": whole.scene.amina.id}],
    "requests.follow_complaint": lambda whole, _: [{"token": complaint_token(whole.complaint)}],
    "requests.choose_whose_complaint": lambda whole, _: [
        {"complaint_id": whole.complaint.id, **more} for more in ({}, {"?zoek": "a"})
    ],
    "requests.complaint_letter": lambda whole, _: [{"complaint_id": whole.answered_complaint.id}],
    "requests.complaint": lambda whole, _: [
        {"complaint_id": each} for each in (whole.entries[whole.scene.amina.id]["klachten"], whole.complaint.id)
    ],
}
