"""How a page says what a recipient hears of a learner's data."""

from collections.abc import Collection

from portal.core.http.languages import _, comma, language
from portal.disclosures.labels import REASONS
from portal.disclosures.models import NoticeReason
from portal.policy.queries import current_policy


def say_change(reason: NoticeReason, categories: Collection[str]) -> str:
    """Return what happened, and to which categories where not to all of them: "gegevens verbeterd: Adres"."""
    policy, lang = current_policy(), language()
    titles = [str(policy.text(each.title, lang)) for each in policy.categories if each.key in categories]
    if not titles:
        return str(REASONS[reason])
    return _("%(what)s: %(categories)s", what=REASONS[reason], categories=comma().join(titles))
