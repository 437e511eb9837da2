"""What the register of the hosting says of the school in scope, read from its policy."""

from collections.abc import Mapping
from typing import Any

from portal.core.http.languages import language
from portal.policy.queries import find_policy
from portal.policy.schema.recipients import EEA
from portal.schools.hosting.details import Hosting
from portal.schools.queries import current_school


def register_of_school(hosting: Hosting) -> dict[str, Any]:
    """Return one controller with the categories of processing that the hosting carries out for it."""
    school, policy = current_school(), find_policy()
    agreement = hosting.agreements.get(school.slug)
    entry: dict[str, Any] = {
        "school": school.slug,
        "controller": {"name": school.name, "address": None, "email": None, "has_privacy_officer": None},
        "agreement_signed_on": agreement.signed_on.isoformat() if agreement is not None else None,
        "processing": [],
    }
    if policy is not None:
        controller = policy.controller
        entry["controller"] = {
            "name": controller.name,
            "address": controller.address or None,
            "email": controller.questions_email,
            "has_privacy_officer": controller.has_privacy_officer,
        }
        entry["processing"] = [
            {
                "purpose": str(policy.text(purpose.title, language())),
                "categories": [
                    str(policy.text(each.title, language()))
                    for each in policy.categories
                    if purpose.key in each.purposes
                ],
            }
            for purpose in policy.purposes
        ]
    return entry


def transfers_of(hosting: Hosting) -> list[Mapping[str, str | None]]:
    """Return the subprocessors outside the European Economic Area, each with the ground for that."""
    return [
        {"name": each.name, "country": each.country, "safeguard": each.safeguard}
        for each in hosting.subprocessors
        if each.country not in EEA
    ]
