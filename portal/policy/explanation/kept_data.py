"""Sentences about what a school keeps: of each category who sees it, who gets it and until when, and what it asks."""

from collections.abc import Iterator

from portal.core.http.languages import _
from portal.core.http.scope import Reach
from portal.permissions import REACH, Role, categories_seen
from portal.policy.explanation.labels import ANCHORS, BASES, ORIGINS, RoleNames, Says, listed
from portal.policy.labels import labels_in, labels_of_whole, length_of
from portal.policy.schema import Policy
from portal.policy.schema.categories import Category, Purpose, Stage
from portal.policy.schema.composition import shared_base


def category_sentences(policy: Policy, category: Category, says: Says, roles: RoleNames) -> Iterator[str]:
    """Yield what holds for a category: what is in it, for what, from whom, who sees and gets it, and until when."""
    labels = labels_of_whole(category.key) if category.fields == "all" else labels_in(category.entries)
    purposes = [policy.purpose(key) for key in category.purposes]
    receivers = [says(recipient.title) for recipient in policy.recipients_of(category.key)]
    yield f"{says(category.title)}: {listed(labels)}."
    yield "  " + _(
        "Waarvoor: %(purposes)s.", purposes="; ".join(f"{says(each.title)} ({BASES[each.basis]})" for each in purposes)
    )
    yield "  " + _("Waar het vandaan mag komen: %(origins)s.", origins=listed(ORIGINS[key] for key in category.origins))
    yield "  " + _(
        "Wie het ziet: de cursist zelf, %(roles)s.", roles=listed(_seen_by(category.key, roles)) or _("verder niemand")
    )
    yield "  " + _("Wie het krijgt: %(recipients)s.", recipients=listed(receivers) or _("niemand buiten de school"))
    yield "  " + _("Hoe lang: %(term)s", term=says(policy.term_for(category.key).title))
    for stage in policy.term_for(category.key).stages:
        yield "  " + _stage(stage)
    for condition in policy.conditions_in(category.key):
        yield "  " + _(
            "Voorwaarde bij %(fields)s: %(why)s", fields=listed(labels_in(condition.fields)), why=says(condition.why)
        )


def _seen_by(category: str, roles: RoleNames) -> Iterator[str]:
    for role, name in roles.items():
        held = frozenset({role.value})
        if role in (Role.LEARNER, Role.REPRESENTATIVE) or category not in categories_seen(held):
            continue
        yield _("%(role)s (van eigen groepen)", role=name) if REACH[role] is Reach.OWN_GROUPS else str(name)


def _stage(stage: Stage) -> str:
    otherwise = _("of, als dat er niet is,")
    start = f" {otherwise} ".join(str(ANCHORS[each]) for each in stage.counted_from)
    facts = {"length": length_of(stage), "start": start}
    if stage.then == "delete":
        return _("Moet gewist zijn: %(length)s na %(start)s.", **facts)
    return _("Mag daarna alleen zonder naam blijven: vanaf %(length)s na %(start)s.", **facts)


def not_kept_sentences(policy: Policy, language: str) -> Iterator[str]:
    """Yield which categories the school doesn't keep, so that what fills them is off."""
    titles = {key: part["title"] for key, part in shared_base()["categories"].items() if policy.category(key) is None}
    if titles:
        absent = listed(title.get(language, title["nl"]) for title in titles.values())
        yield _(
            "Deze gegevens kan niemand invullen of inlezen, en wat ermee werkt staat uit: %(titles)s.", titles=absent
        )


def consent_sentences(policy: Policy, purpose: Purpose, says: Says) -> Iterator[str]:
    """Yield what is asked for a purpose that rests on consent, and what stops and goes when it is withdrawn."""
    if purpose.question is None or purpose.withdrawn is None:
        return
    yield _("Het portaal vraagt: %(question)s Zonder ja gebeurt het niet.", question=says(purpose.question))
    yield "  " + _("Wie stopt, leest: %(withdrawn)s", withdrawn=says(purpose.withdrawn))
    deletes = purpose.deletes
    if deletes is not None:
        kinds = [category for key in deletes.categories if (category := policy.category(key)) is not None]
        gone = [*(says(category.title) for category in kinds), *labels_in(deletes.fields)]
        yield "  " + _("Dan wist het portaal: %(what)s.", what=listed(gone))
