"""What stands beside a form that collects personal data: the statement in force, and why each thing is asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString

from portal.core.http.languages import language
from portal.policy.labels import BASES, label_of
from portal.policy.queries import current_policy
from portal.policy.schema import LocalText, Policy
from portal.policy.schema.categories import Category


@dataclass(frozen=True)
class Reason:
    """Why fields of one category are asked: what they are called, the school's own words, and on which bases.

    `conditions` say when one of them may be kept at all, such as with her consent (OP-02).
    """

    labels: tuple[LazyString, ...]
    why: LocalText
    bases: tuple[LazyString, ...]
    conditions: tuple[LocalText, ...]


@dataclass(frozen=True)
class StatementBeside:
    """The version of the statement that a form shows, and why it asks what it asks."""

    version: str
    reasons: tuple[Reason, ...]


def statement_beside(fields: Iterable[str] = ()) -> StatementBeside:
    """Return what a form shows that asks these fields (`table.column`) of the policy; those that it hasn't stay out."""
    policy = current_policy()
    asked: dict[str, tuple[Category, list[str]]] = {}
    for field in fields:
        category = policy.category_of(field)
        if category is not None:
            asked.setdefault(category.key, (category, []))[1].append(field)
    reasons = tuple(_reason(policy, category, found) for category, found in asked.values())
    return StatementBeside(policy.version, reasons)


def objectable_uses() -> list[LocalText]:
    """Return what the school does on an interest of its own: to which a learner may object (AVG art. 21(4))."""
    policy, code = current_policy(), language()
    return [policy.text(each.title, code) for each in policy.purposes if each.may_be_objected_to]


def objectable_uses_of_form(
    *, contact_uses: Iterable[str] = (), purposes: Iterable[str] = (), fields: Iterable[str] = ()
) -> list[LocalText]:
    """Return for which interests of the school a visitor's form takes what it asks (AVG art. 21(4)).

    The form names what it feeds by keys of the policy: uses of contacts, purposes, and fields (`table.column`).
    """
    policy, code = current_policy(), language()
    held = [use for use in map(policy.contact_use, contact_uses) if use is not None and use.may_be_objected_to]
    categories = [category for category in map(policy.category_of, fields) if category is not None]
    served = {*purposes, *(key for category in categories for key in category.purposes)}
    found = [each.title for each in policy.purposes if each.key in served and each.may_be_objected_to]
    return [policy.text(text, code) for text in (*(use.why for use in held), *found)]


def _reason(policy: Policy, category: Category, fields: list[str]) -> Reason:
    code = language()
    conditions = {each.key: each for field in fields for each in policy.conditions_of(field)}
    bases = dict.fromkeys(policy.purpose(purpose).basis for purpose in category.purposes)
    return Reason(
        labels=tuple(dict.fromkeys(label_of(field) for field in fields)),
        why=policy.text(category.why, code),
        bases=tuple(BASES[basis] for basis in bases),
        conditions=tuple(policy.text(each.why, code) for each in conditions.values()),
    )
