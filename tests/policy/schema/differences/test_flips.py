"""Every field of the schema, changed in turn, shows in the comparison of two versions."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from portal.policy.labels import SECTIONS
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, reread_policy
from portal.policy.schema.differences import differences
from portal.policy.schema.references import dangling_keys
from tests.factories.policy import SLUGS, shipped

AT_THE_HEAD = {"version", "in_force_on", "updated_on"}
WORDS = {"nl": "Anders."}
PLAIN: tuple[Any, ...] = (
    True, False, 7, 400, "2001-02-03", "9", "BE", "XX-99", "1111 AA", "11111111", "zzz", "learner.zzz", "zzz.*",
    WORDS, {"number": 9, "unit": "weeks"}, {"kind": "law"}, {"categories": ["name"]},
    {"fields": ["learner.iban"], "why": WORDS}, {"natures": ["research"]},
)  # fmt: skip


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from models_in(each)


def is_table(annotation: Any) -> bool:
    """Say whether a field always holds one table, so that it is changed by what stands in it."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def fields_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    """Yield each field of a model and of those in it, by the model's name and its own."""
    if model not in seen:
        seen.add(model)
        for name, field in model.model_fields.items():
            if not is_table(field.annotation) and name not in {"key", "source"}:
                yield model.__name__, name
            for inner in models_in(field.annotation):
                yield from fields_of(inner, seen)


def steps_in(part: BaseModel, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Yield each field in a part that was read, with the path to its value."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        yield type(part).__name__, name, (*path, name)
        parts = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for place, each in parts:
            if isinstance(each, BaseModel):
                yield from steps_in(each, (*path, name) if place is None else (*path, name, place))


def choices() -> tuple[Any, ...]:
    definitions = [*Policy.model_json_schema()["$defs"].values(), Policy.model_json_schema()]
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(part.get("enum", ()))
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(definitions)
    return (*PLAIN, *dict.fromkeys(found))


def flips(value: Any, others: tuple[Any, ...]) -> Iterator[Any]:
    """Yield other values: for a list with one more or one less, else whatever might be accepted there."""
    if isinstance(value, list):
        if value and isinstance(value[0], dict) and "key" in value[0]:
            yield [*value, {**value[0], "key": "zzz"}]
        yield from (value[:place] + value[place + 1 :] for place in range(len(value)))
        yield from ([*value, other] for other in others)
    yield from others
    yield None


def flipped(raw: dict[str, Any], path: tuple[Any, ...], others: tuple[Any, ...], original: Policy) -> Policy | None:
    """Return the policy with another value at a path, or None where nothing else is accepted there."""
    table: Any = raw
    for step in path[:-1]:
        table = table[step]
    kept = table.get(path[-1])
    try:
        for other in flips(kept, others):
            table[path[-1]] = other
            try:
                found = reread_policy(raw, known_fields())
            except ValidationError:
                continue
            is_other = found.model_dump(mode="json") != original.model_dump(mode="json")
            if is_other and not list(dangling_keys(found)):
                return found
    finally:
        table[path[-1]] = kept
    return None


def test_each_field_of_the_schema_shows_when_it_changes() -> None:
    wanted = set(fields_of(Policy, set()))
    others, tried, unseen = choices(), set[tuple[str, str]](), list[str]()
    for slug in SLUGS:
        policy = shipped(slug)
        raw = policy.model_dump(mode="json")
        keys = [part.key for part in (*policy.terms, *policy.purposes, *policy.recipients)]
        for model, name, path in steps_in(policy):
            if (model, name) not in wanted - tried or path[0] in AT_THE_HEAD:
                continue
            other = flipped(raw, path, (*keys, *others), policy)
            if other is None:
                continue
            tried.add((model, name))
            if not differences(policy, other):
                unseen.append(f"{slug}: {path}")

    assert not unseen
    assert wanted - tried == {("Policy", name) for name in AT_THE_HEAD}
    print(f"{len(tried)} fields flipped")


def test_each_part_of_the_file_has_words_for_its_change() -> None:
    assert set(SECTIONS) == set(Policy.model_fields) - AT_THE_HEAD
