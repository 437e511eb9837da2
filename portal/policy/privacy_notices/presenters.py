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
