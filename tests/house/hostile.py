"""What a stranger's hand may send in any parameter, and the names of all parameters that the code reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import html5lib
from flask import Flask

from portal.core.http.forms import Form
from tests.page_client import forms_in

Value = str | bytes
MEGABYTE = 1024 * 1024
VALUES: dict[str, list[Value]] = {
    "nul": ["a\0b", "\0"],
    "huge": ["99999999999", "9" * 5000],
    "negative": ["-99999999999", "--5", "-0"],
    "scripts": ["٣٤", "²①", "٩" * 30],
    "broken": [b"\xff\xfe\xc3", b"\xed\xa0\x80"],
    "lines": ["a\r\nSet-Cookie: x=1\n\x0b\x85\u2028b", "\u202e\ufeff\u0300"],
    "days": ["9999-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00", "2026-03-29T02:30", "0000-00-00"],
    "floats": ["nan", "inf", "1e999", "-1e-999"],
    "ids": [str(UUID(int=0)), "f" * 32, "{" + str(UUID(int=1)) + "}", f"9999-12-31 {UUID(int=1)}"],
    "signs": ["%s%(x)s{0}{{7*7}}\\", "'\"><script>x</script>", "//[", "http://[", "../../x"],
    "long": ["a" * (900 * 1024)],
    "nothing": ["", " "],
}
"""By kind: values that are sent in each parameter in turn."""

KINDS = [*VALUES, "many", "types"]
_READ = re.compile(
    r"\.get(?:list)?\(\s*f?\"([^\"{}]+)\"|request\.\w+\[\"([^\"]+)\"\]|\"([\w-]+)\" (?:not )?in request\."
)


def names_in_code(app: Flask) -> set[str]:
    """Return the names that addresses and forms read, in code."""
    folder, names = Path(app.root_path), set()
    for path in (*folder.rglob("routes*.py"), *folder.rglob("forms.py"), *folder.rglob("blueprint.py")):
        names |= {name for found in _READ.findall(path.read_text()) for name in found if name}
    kinds = [Form]
    for kind in kinds:
        kinds += kind.__subclasses__()
        names |= {name for name, field in vars(kind).items() if hasattr(field, "field_class")}
    return names


def forms_of(page: str, path: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield of each form on a page its method, its address, and what a browser would send of it."""
    for form, inputs in forms_in(html5lib.parse(page)):
        buttons = [each for each in form.iter() if str(each.tag).endswith("}button") and each.get("name")]
        filled = {each.get("name"): _value(each) for each in [*inputs, *buttons] if each.get("name")}
        yield (form.get("method") or "get").upper(), form.get("action") or path, filled


def _value(control: Any) -> str:
    options = [each for each in control.iter() if str(each.tag).endswith("}option")]
    chosen = [each for each in options if each.get("selected") is not None] or options
    return str((chosen[0] if chosen else control).get("value") or "")


def encoded(pairs: list[tuple[str, Value]]) -> str:
    """Return parameters as they travel, bytes that are no text included."""
    return urlencode(pairs, quote_via=quote)
