"""Reading a policy file: one plain sentence for every mistake, naming the file, the key and what is wanted."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from portal.policy.schema.checks import mistakes_in
from portal.policy.schema.composition import compose, shared_base
from portal.policy.schema.mistakes import nearest
from portal.policy.schema.placement import misplaced_in
from portal.policy.schema.policy import Policy

LARGEST = 1_000_000
_MOST_TOLD = 200
_MOST_STEPS = 10
_STEP = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_STEP}\.[ \t]*+){{{_MOST_STEPS}}}{_STEP}")
"""A key of more steps than a policy has; reading one takes the square of its length."""


class PolicyMistakes(Exception):
    """A policy file that can't be used; `mistakes` has a sentence for each thing to put right, `found` its parts."""

    def __init__(self, name: str, mistakes: list[tuple[str, str]]) -> None:
        self.found = mistakes
        self.mistakes = [f"{name}: {path}: {what}" if path else f"{name}: {what}" for path, what in mistakes]
        super().__init__("\n".join(self.mistakes))


def read_policy_file(path: Path, known_fields: Mapping[str, str]) -> Policy:
    """Read and check a policy file; raises PolicyMistakes. `known_fields` is each column's category by its key."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PolicyMistakes(path.name, [("", f"can't be read: {error.strerror}")]) from None
    if len(raw) > LARGEST:
        raise PolicyMistakes(path.name, [("", f"is {len(raw)} bytes; at most {LARGEST} are wanted")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyMistakes(path.name, [("", f"isn't UTF-8 at byte {error.start}; save it as UTF-8")]) from None
    return read_policy(text, known_fields, name=path.name)


def read_policy(text: str, known_fields: Mapping[str, str], *, name: str = "policy") -> Policy:
    """Read and check the text of a policy file; raises PolicyMistakes with every mistake found."""
    try:
        return _read(text, known_fields, name)
    except RecursionError:
        raise PolicyMistakes(name, [("", "holds tables or lists in each other too deeply")]) from None


def _read(text: str, known_fields: Mapping[str, str], name: str) -> Policy:
    deep = _DEEP.search(text)
    if deep is not None:
        line = text.count("\n", 0, deep.start()) + 1
        raise PolicyMistakes(name, [("", f"line {line} has a key of more than {_MOST_STEPS} steps; that is too deep")])
    try:
        raw = tomllib.loads(text)
    except ValueError as error:  # also for a number that is longer than any is read
        raise PolicyMistakes(name, [("", f"isn't TOML: {error}")]) from None
    found = misplaced_in(raw, shared_base())
    if found:
        raise PolicyMistakes(name, found)
    composed = compose(raw, shared_base())
    try:
        policy = Policy.model_validate(composed).with_known_fields(known_fields)
    except ValidationError as error:
        details = _first_each(error)
        told = [_mistake(detail, composed) for detail in details[:_MOST_TOLD]]
        left = len(details) - len(told)
        raise PolicyMistakes(name, told + [("", f"has {left} more mistakes")] * bool(left)) from None
    found = mistakes_in(policy, known_fields)
    if found:
        raise PolicyMistakes(name, found)
    return policy


def reread_policy(parsed: Mapping[str, Any], known_fields: Mapping[str, str]) -> Policy:
    """Return a policy that was checked before it was stored; what the portal lost since then just isn't there."""
    return Policy.model_validate(parsed).with_known_fields(known_fields)


def _first_each(error: ValidationError) -> list[ErrorDetails]:
    """Return one mistake for each key: a union of types gives one for each type."""
    found: dict[tuple[Any, ...], ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        steps = [step for step in detail["loc"] if isinstance(step, int) or not _is_type_step(step)]
        found.setdefault(tuple(steps), {**detail, "loc": tuple(steps)})
    return list(found.values())


def _is_type_step(step: str) -> bool:
    return "[" in step or step.startswith(("tuple", "literal"))


def _mistake(detail: ErrorDetails, raw: Mapping[str, Any]) -> tuple[str, str]:
    steps = detail["loc"]
    model, wanted = _followed(steps)
    last = str(steps[-1]) if steps else ""
    if detail["type"] == "missing":
        what = f"is missing; wanted: {wanted}"
    elif detail["type"] == "extra_forbidden":
        known = set(model.model_fields)
        guess = nearest(last, known) or f"; known here: {', '.join(sorted(known))}"
        what = f"is not a key that belongs here{guess}"
    elif detail["type"] == "literal_error":
        choices = detail["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        guess = nearest(str(detail["input"]), choices.split(", "))
        what = f"is {_quoted(detail['input'])}; wanted: one of {choices}{guess}"
    else:
        what = f"is {_quoted(detail['input'])}; wanted: {wanted}"
    return _path(steps, raw), what


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return f'"{value[:60]}"' if value else "empty"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "an empty list" if not value else "a list"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _path(steps: tuple[int | str, ...], raw: Any) -> str:
    """Write where a mistake is, a part by its key and an entry of a list from 1: `terms.default.stages[2].unit`."""
    written = ""
    for step in steps:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        if isinstance(step, int):
            named = raw.get("key") if isinstance(raw, dict) else None
            written += f".{named}" if isinstance(named, str) else f"[{step + 1}]"
        else:
            written += f".{step}" if written else step
    return written


def _followed(steps: tuple[int | str, ...]) -> tuple[type[BaseModel], str]:
    """Follow a path through the models: the model in which it ends, and what its last key wants."""
    model: type[BaseModel] = Policy
    wanted = "a table"
    for step in steps:
        if isinstance(step, int) or step not in model.model_fields:
            continue
        field = model.model_fields[step]
        wanted = field.description or wanted
        inner = _model_in(field.annotation)
        if inner is not None and step != steps[-1]:
            model = inner
    return model, wanted


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType):
        for part in get_args(annotation):
            inner = _model_in(part)
            if inner is not None:
                return inner
    return None
