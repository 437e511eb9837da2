"""A first policy file for a school: what the base has, as a choice with its words above it, and what only it knows."""

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal.core.http.languages import _
from portal.policy.draft_texts import CHOICES, HEADINGS, QUESTIONS
from portal.policy.labels import BASES, labels_in, labels_of_whole
from portal.policy.schema.composition import KEYED, SINGLE, Table, entries_of, shared_base

_WIDTH = 110
# What a first file sets itself of a part that it takes, though the base has it: choices that a school looks at.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "terms.default": ("title", "stages"),
    "deadlines": ("within", "extension"),
    "masks": ("parts",),
    "recipients": ("country",),
}
_WORDS = ("text", "why", "fields", "version", "data")


def file_name(name: str) -> str:
    """Return the file name that a school's first policy gets: `Taal aan Zee` is `taal-aan-zee.toml`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ("-".join(re.findall(r"[a-z0-9]+", plain)) or "school") + ".toml"


def draft_policy(name: str, *, day: date, language: str) -> str:
    """Return the text of a first policy file for the school of this name, in force from `day`.

    Its comments are in the language in hand, and quote the base in `language`. It has no mistake as it is.
    """
    base = shared_base()
    lines = [*_head(name, day), *_controller(name)]
    for kind in (*KEYED, *SINGLE):
        lines += ["", *_comment(HEADINGS[kind], mark="# ─── "), f"[{kind}]"]
        if kind in SINGLE:
            lines += _single(kind, base[kind], language)
        for key in base[kind] if kind in KEYED else ():
            lines += _part(kind, key, base, language)
    return "\n".join([*lines, ""])


def _head(name: str, day: date) -> Iterator[str]:
    yield from _comment(_("Privacybeleid van %(name)s.", name=name))
    yield "#"
    for text in HEADINGS["head"]:
        yield from _comment(text)
    yield from ("", 'version = "1"', f"in_force_on = {day.isoformat()}", 'languages = ["nl", "en", "ar"]', "")


def _controller(name: str) -> Iterator[str]:
    yield from _comment(HEADINGS["controller"], mark="# ─── ")
    yield from ("[controller]", f"name = {_written(name)}")
    yield from _question("controller.has_privacy_officer")
    yield "has_privacy_officer = false"
    for key, example in (
        ("street", "Dorpsstraat 1"),
        ("postcode", "1234 AB"),
        ("city", "Utrecht"),
        ("email", "info@school.nl"),
        ("privacy_email", "privacy@school.nl"),
        ("phone", "030-1234567"),
        ("website", "https://school.nl"),
        ("chamber_of_commerce", "12345678"),
    ):
        yield from _question(f"controller.{key}")
        yield f"# {key} = {_written(example)}"


def _part(kind: str, key: str, base: Table, language: str) -> Iterator[str]:
    part = base[kind][key]
    yield ""
    yield from _comment(_about(kind, key, part, language))
    yield from _question(f"{kind}.{key}")
    if kind == "sections" and "text" not in part:
        yield from (f'# {key}.text.nl = "…"',)
        return
    taken = key in base["new"].get(kind, ())
    shown = _SHOWN.get(f"{kind}.{key}") or _SHOWN.get(kind, ())
    lines = [f"{key}.{name} = {_written(part[name])}" for name in shown if name in part]
    if kind == "categories" and "added" in part:
        lines.append(f"{key}.fields = {_written(list(entries_of(part)))}")
    if kind == "recipients" and not lines:
        lines = [f"{key}.kind = {_written(part['kind'])}"]
    for line in lines or [f"{key} = {{}}"]:
        yield line if taken else f"# {line}"
    if kind == "recipients" and "country" not in part:
        yield f'# {key}.country = "NL"'
    if "agreement" in part and part["agreement"]["kind"] != "law":
        yield from _question("agreement" if taken else "")
        yield f"# {key}.agreement = {{ kind = {_written(part['agreement']['kind'])}, recorded_on = 2026-01-31 }}"


def _single(kind: str, part: Table, language: str) -> Iterator[str]:
    yield from _comment(_about(kind, "", part, language))
    for name, value in part.items():
        if name not in _WORDS:
            yield from _comment(CHOICES.get(f"{kind}.{name}", ""))
            yield f"{name} = {_written(value)}"
    yield from _question(kind)


def _about(kind: str, key: str, part: Table, language: str) -> str:
    """Return what a part of the base says: its title, why it is kept and what is in it, or its text."""
    said = [str(part[name].get(language, part[name]["nl"])) for name in ("title", "why", "text") if name in part]
    if kind == "categories":
        labels = labels_of_whole(key) if part["fields"] == "all" else labels_in(tuple(entries_of(part)))
        said.append(", ".join(str(label) for label in labels))
    if kind == "purposes":
        said.append(str(BASES[part["basis"]]))
    if kind == "rights" or not said:
        said.append(str(CHOICES.get(f"{kind}.{key}", "")))
    return " · ".join(text for text in said if text)


def _question(path: str) -> Iterator[str]:
    if path in QUESTIONS:
        yield from _comment(" ".join([_("VRAAG:"), str(QUESTIONS[path])]))


def _comment(text: object, *, mark: str = "# ") -> Iterator[str]:
    for number, line in enumerate(textwrap.wrap(str(text), _WIDTH)):
        yield f"{mark if number == 0 else '# '}{line}"


def _written(value: Any) -> str:
    """Write a value as TOML does in a line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
