"""Rules that the parts of a policy may break together; names that point nowhere come first."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from portal.policy.schema.categories import Category, Purpose
from portal.policy.schema.mistakes import Mistake
from portal.policy.schema.policy import Policy
from portal.policy.schema.recipients import FILE_TABLES, TOTALS, Recipient, Template
from portal.policy.schema.references import dangling_keys, unkept_fields, unknown_fields


def mistakes_in(policy: Policy, known_fields: Mapping[str, str]) -> list[Mistake]:
    """Return every mistake across the parts; `known_fields` is the category of each column that the portal has."""
    found = [mistake for check in _REFERENCES for mistake in check(policy)]
    found += [*unkept_fields(policy, known_fields), *unknown_fields(policy, known_fields)]
    if not found:
        found = [mistake for check in _RULES for mistake in check(policy)]
    return found


def _purposes(policy: Policy) -> Iterator[Mistake]:
    never = {nature: rule for rule in policy.sharing.never for nature in rule.natures}
    for purpose in policy.purposes:
        path = f"purposes.{purpose.key}"
        if purpose.nature in never:
            cited = ", ".join(never[purpose.nature].promises) or "the policy's own rule"
            yield f"{path}.nature", f'"{purpose.nature}" is a purpose that this school never has ({cited})'
        yield from _basis(path, purpose)


def _basis(path: str, purpose: Purpose) -> Iterator[Mistake]:
    if purpose.asks_consent:
        for name in ("question", "withdrawn"):
            if getattr(purpose, name) is None:
                yield f"{path}.{name}", "is missing; a purpose that rests on consent wants it, as a text by language"
    elif purpose.question is not None or purpose.deletes is not None or purpose.concerns is not None:
        yield (
            f"{path}.basis",
            f'is "{purpose.basis}", which asks nobody; question, deletes and concerns are for consent alone',
        )
    if purpose.is_statutory and purpose.law is None:
        yield f"{path}.law", "is missing; a legal obligation wants the law that asks it"


def _recipients(policy: Policy) -> Iterator[Mistake]:
    for recipient in policy.recipients:
        yield from _abroad(policy, recipient)
        if policy.sharing.consent_unless_statutory and not recipient.is_processor:
            yield from _needs_consent(policy, recipient)
        for category in recipient.categories:
            if not set(_purposes_of(policy, category)) & set(recipient.purposes):
                yield (
                    f"recipients.{recipient.key}.categories",
                    f'"{category}" serves none of the purposes {_listed(recipient.purposes)} of this recipient',
                )


def _abroad(policy: Policy, recipient: Recipient) -> Iterator[Mistake]:
    path = f"recipients.{recipient.key}"
    if recipient.country is None and policy.sharing.outside_eea == "never" and policy.sharing.promises:
        cited = ", ".join(policy.sharing.promises)
        yield f"{path}.country", f"is missing; this school sends nothing outside the EEA ({cited})"
    if recipient.is_in_eea or recipient.country is None:
        return
    if policy.sharing.outside_eea == "never":
        cited = ", ".join(policy.sharing.promises)
        yield f"{path}.country", f'"{recipient.country}" is outside the EEA, where this school sends nothing ({cited})'
    elif recipient.safeguard is None:
        yield (
            f"{path}.safeguard",
            f'is missing; "{recipient.country}" is outside the EEA and wants adequacy or standard_clauses',
        )


def _needs_consent(policy: Policy, recipient: Recipient) -> Iterator[Mistake]:
    for key in recipient.purposes:
        purpose = policy.purpose(key)
        if not (purpose.asks_consent or purpose.is_statutory):
            yield (
                f"recipients.{recipient.key}.purposes",
                f'"{key}" rests on {purpose.basis}; this school shares only with consent or where a law asks it',
            )


def _templates(policy: Policy) -> Iterator[Mistake]:
    for template in policy.templates:
        path = f"templates.{template.key}"
        recipient = policy.recipient(template.recipient)
        if template.purpose not in recipient.purposes:
            yield f"{path}.purpose", f'"{template.purpose}" is no purpose of the recipient "{recipient.key}"'
        for field in template.fields:
            if not {field, field.partition(".")[0]} & FILE_TABLES[template.shape]:
                yield f"{path}.fields", f'"{field}" can\'t stand in a file of the shape "{template.shape}"'
        if template.shape == "attendance" and not set(TOTALS) <= set(template.fields):
            lacking = ", ".join(field for field in TOTALS if field not in template.fields)
            yield f"{path}.fields", f"lacks {lacking}, which the totals of a file of lessons hold"
        if (template.shape == "course_figures") == bool(template.fields):
            yield f"{path}.fields", "wants at least one field, and none in a file of the shape course_figures"
        for key in policy.categories_in(template):
            yield from _held(policy, template, recipient, key)


def _held(policy: Policy, template: Template, recipient: Recipient, key: str) -> Iterator[Mistake]:
    path = f"templates.{template.key}.fields"
    if key not in recipient.categories:
        yield path, f'holds fields of "{key}", which the recipient "{recipient.key}" doesn\'t get'
    purposes = _purposes_of(policy, key)
    if template.purpose not in purposes:
        yield path, f'holds fields of "{key}", which is kept for {_listed(purposes)} and not for "{template.purpose}"'
    is_by_law = template.shape == "hours" and "reported_by_law" in template.only
    if key == "attendance" and recipient.kind == "government" and not is_by_law:
        yield path, f'holds fields of "{key}", which a government gets only by the shape hours with reported_by_law'


def _requests(policy: Policy) -> Iterator[Mistake]:
    timed = {kind for deadline in policy.deadlines for kind in deadline.kinds}
    asked = {right.key for right in policy.rights} | {"complaint"}
    for kind in sorted(asked - timed):
        yield "deadlines", f'none is set for "{kind}"; each right and complaints want one'


def _conditions(policy: Policy) -> Iterator[Mistake]:
    for condition in policy.conditions:
        if condition.kind != "consent":
            continue
        purpose = condition.purpose
        if purpose is None or not policy.purpose(purpose).asks_consent:
            yield (
                f"conditions.{condition.key}.purpose",
                "is missing or asks nobody; wanted: a purpose that rests on consent",
            )


def _audit(policy: Policy) -> Iterator[Mistake]:
    if policy.category("activity") is not None:
        term = policy.term_for("activity")
        if [(stage.counted_from, stage.then) for stage in term.stages] != [(("recorded",), "delete")]:
            yield f"terms.{term.key}.stages", 'sign-in traces want one step that deletes, counted from "recorded" alone'
    day = policy.in_force_on or date(2026, 1, 1)
    if policy.audit.term.added_to(day) < policy.activity_term.added_to(day):
        yield "audit.term", "is shorter than the term of sign-in traces, which are a part of the audit"
    if policy.audit.term.number == 0:
        yield "audit.term.number", "is 0; a log that goes at once can't say who looked"


_KEPT_IN = {
    "end_of_guidance": ("trajectory.guidance_ended_on",),
    "end_of_contract": ("trajectory.ends_on", "enrolment.ends_on"),
}
"""The fields of which one gives the day from which a term counts."""


def _anchors(policy: Policy) -> Iterator[Mistake]:
    used = {category.term for category in policy.categories}
    for term in policy.terms:
        for anchor in dict.fromkeys(each for stage in term.stages for each in stage.counted_from):
            fields = _KEPT_IN.get(anchor, ())
            if term.key in used and fields and not any(policy.allows(field) for field in fields):
                yield f"terms.{term.key}.stages", f'count from "{anchor}", and no category keeps {" or ".join(fields)}'


def _languages(policy: Policy) -> Iterator[Mistake]:
    if "nl" not in policy.languages:
        yield "languages", 'lack "nl"; Dutch is required'


def _purposes_of(policy: Policy, key: str) -> tuple[str, ...]:
    category: Category | None = policy.category(key)
    return category.purposes if category is not None else ()


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


Check = Callable[[Policy], Iterator[Mistake]]
_REFERENCES: tuple[Check, ...] = (dangling_keys, _languages)
_RULES: tuple[Check, ...] = (_purposes, _recipients, _templates, _requests, _conditions, _audit, _anchors)
