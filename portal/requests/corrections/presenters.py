"""What the categories are called that are corrected on a request."""

from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.policy.queries import current_policy
from portal.requests.corrections.queries import list_correctable, list_not_correctable
from portal.requests.data_requests.models import DataRequest


def present_correctable(request: DataRequest, by: Actor) -> list[tuple[str, str]]:
    """Return the categories that may be corrected on a request, each with what it is called."""
    return [(key, title_of_category(key)) for key in list_correctable(request, by)]


def present_not_correctable(request: DataRequest, by: Actor) -> list[str]:
    """Return what the categories are called that a request names and that nobody corrects on a page."""
    return [title_of_category(key) for key in list_not_correctable(request, by)]


def title_of_category(key: str) -> str:
    """Return what the policy calls a category, in the language of the page; else its key."""
    policy = current_policy()
    kept = policy.category(key)
    return str(policy.text(kept.title, language())) if kept is not None else key
