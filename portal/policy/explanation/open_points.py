"""What a policy leaves open: what only the school can say, and what its own choices lack."""

from collections.abc import Callable, Iterator
from typing import Any

from portal.core.http.languages import LANGUAGES, _, _n
from portal.policy.explanation.labels import CONTROLLER
from portal.policy.schema import Policy, Text


def list_open_points(policy: Policy, says: Callable[[Text], str]) -> list[str]:
    """Return a sentence for each thing that the policy leaves open; `says` gives the policy's texts."""
    return [
        *_dates(policy),
        *_controller(policy),
        *_agreements(policy, says),
        *_data(policy, says),
        *_languages(policy),
    ]


def _dates(policy: Policy) -> Iterator[str]:
    if policy.in_force_on is None:
        yield _("Nog niet vastgelegd: vanaf welke dag de verklaring geldt.")


def _controller(policy: Policy) -> Iterator[str]:
    for name, label in CONTROLLER.items():
        if getattr(policy.controller, name) is None:
            yield _("Nog niet vastgelegd: %(what)s.", what=label)


def _agreements(policy: Policy, says: Callable[[Text], str]) -> Iterator[str]:
    for recipient in policy.recipients:
        if not recipient.is_agreed:
            yield _("Nog niet vastgelegd: de dag van de afspraak met %(recipient)s.", recipient=says(recipient.title))
        if recipient.country is None:
            yield _("Nog niet vastgelegd: in welk land dit staat: %(recipient)s.", recipient=says(recipient.title))


def _data(policy: Policy, says: Callable[[Text], str]) -> Iterator[str]:
    if policy.category("complaint") is None:
        yield _("Klachten zijn mogelijk, maar kunnen niet bewaard worden: de categorie complaint ontbreekt.")
    used = {key for category in policy.categories for key in category.purposes}
    for purpose in policy.purposes:
        if purpose.key not in used:
            yield _("Geen enkele categorie dient dit doel: %(purpose)s.", purpose=says(purpose.title))
    if policy.cites_statement:
        for category in policy.categories:
            if category.source == "school":
                yield _("Staat niet in de verklaring, de school voegt het toe: %(what)s.", what=says(category.title))


def _languages(policy: Policy) -> Iterator[str]:
    texts = list(_texts(policy.model_dump(mode="json")))
    for code in policy.languages:
        missing = sum(text[code] is None for text in texts)
        if missing:
            yield _n(
                "%(num)s tekst is er niet in het %(language)s; de lezer ziet het Nederlands.",
                "%(num)s teksten zijn er niet in het %(language)s; de lezer ziet het Nederlands.",
                missing,
                language=LANGUAGES.get(code, code),
            )


def _texts(part: Any) -> Iterator[dict[str, str | None]]:
    if isinstance(part, dict) and "nl" in part:
        yield part
    elif isinstance(part, (dict, list)):
        for value in part.values() if isinstance(part, dict) else part:
            yield from _texts(value)
