"""What a school's statement doesn't list, tried at each of the three doors: storing, bringing in, giving out."""

from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.imports.mappings.services import choose_columns
from portal.imports.workbooks.targets import LEARNER_TARGETS
from portal.learners.conditions.queries import category_name
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.services import add_entry
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS, RecordField
from portal.learners.record.models import Source
from portal.learners.record.services import change_learner
from portal.policy.queries import current_policy, known_fields
from tests.factories.imports import handed_in, make_office, sheet_bytes
from tests.factories.learners import make_learner
from tests.factories.policy import mistakes_in, varied
from tests.signing_in import make_account

_TYPED: dict[str, Any] = {
    "date": "1-2-2026", "past_date": "1-2-2020", "moment": "1-2-2026 10:00", "bsn": "999999990",
    "phone": "0612345678", "email": "amina@example.org", "postcode": "1234 AB", "iban": "NL91ABNA0417164300",
    "kvk": "69599084", "money": "12,50", "hours": "10", "whole": "10", "language": "ar", "link": "",
}  # fmt: skip


def typed(field: RecordField) -> Any:
    """Return something that can be typed into a field."""
    if field.choices:
        return next(iter(field.choices)).value
    return True if field.kind in {"yes_no", "bool"} else _TYPED.get(field.kind, "Iets")


def hands() -> Actor:
    """Return somebody whose roles change every category, so that only the policy can refuse."""
    account = make_account("Eva Mol", "administration", "coach", "privacy_officer")
    changes = frozenset(field.category for field in FIELDS.values())
    actor = actor_of(account.id, account.name, frozenset({"administration", "coach", "privacy_officer"}))
    return replace(actor, scope=replace(actor.scope, sees=changes, changes=changes))


def check_storing() -> set[str]:
    """Force every field of the record that the school doesn't list; each is refused with its category. Return them."""
    policy, by, learner = current_policy(), hands(), make_learner()
    tried: set[str] = set()
    for field in LEARNER_FIELDS:
        if policy.allows(field.key):
            continue
        with pytest.raises(Invalid, match="not_in_policy") as refused:
            change_learner(learner.id, {field.key: typed(field)}, source=Source.SCHOOL, by=by)
        assert refused.value.facts["category"] == category_name(policy, field.key)
        tried.add(field.key)
    for kind in KINDS.values():
        fields = [field for field in FIELDS.values() if field.table == kind.name and field.kind != "link"]
        unkept = [field for field in fields if not policy.allows(field.key)]
        for field in unkept:
            wanted = {each.key: typed(each) for each in fields if each.is_required} | {field.key: typed(field)}
            with pytest.raises(Invalid, match="not_in_policy") as refused:
                add_entry(kind, learner.id, wanted, by=by)
            assert refused.value.facts["category"] == category_name(policy, refused.value.field)
            tried.add(field.key)
    return tried


def check_importing() -> set[str]:
    """Point a workbook's column at every place that the school doesn't list; each is refused. Return the places."""
    policy, by = current_policy(), make_office()
    run = handed_in(sheet_bytes(["Nummer", "Voornaam", "Achternaam", "Iets"], ["1", "A", "B", "x"]), by)
    names = {0: "learner.number", 1: "learner.given_name", 2: "learner.family_name"}
    tried: set[str] = set()
    for target in LEARNER_TARGETS.values():
        outside = [field for field in target.fields if not policy.allows(field)]
        if not outside:
            continue
        with pytest.raises(Invalid, match="not_in_policy") as refused:
            choose_columns(run.id, [{**names, 3: target.key}], used=[True], options={}, by=by)
        assert refused.value.field == "s0c3"
        assert refused.value.facts["category"] == category_name(policy, outside[0])
        tried.add(target.key)
    return tried


def check_giving(slug: str, template: str) -> set[str]:
    """Put every field that the school doesn't list in one of its files, made by this template; return them."""
    policy = current_policy()
    fields = list(policy.template(template).fields)
    tried: set[str] = set()
    for key, category in known_fields().items():
        if policy.allows(key):
            continue
        found = mistakes_in(varied(slug, {f"templates.{template}.fields": [*fields, key]}))
        refused = f'"{key}" stands in no category, so the school doesn\'t keep it (it belongs to "{category}")'
        assert any(mistake.endswith(refused) for mistake in found), (key, found)
        tried.add(key)
    assert mistakes_in(varied(slug, {f"templates.{template}.fields": fields})) == []
    return tried
