"""`make messages ARGS="new.en.po new.ar.po"`: add or change messages, drop what no source has, say what lacks.

A file's name says its language before the last dot. The catalogues are written sorted, so that two changes seldom meet.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {kind: {"extensions": "jinja2.ext.do", "silent": "false"} for kind in ("**.html", "**.txt")}
"""As the app reads templates; one that can't be read is a fault, not a template without texts."""


def source_texts() -> set[str]:
    """Return every text in code and templates, as written; of one with a plural the singular."""
    found = set()
    for folder in ("portal", "templates"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    for path in (ROOT / "portal").rglob("*.py"):
        found.update(texts_in_f_strings(path.read_text(encoding="utf-8")))
    return found - {""}


def texts_in_f_strings(source: str) -> Iterator[str]:
    """Yield the texts that code asks for inside an f-string, where Babel doesn't look."""
    for string in ast.walk(ast.parse(source)):
        calls = ast.walk(string) if isinstance(string, ast.JoinedStr) else ()
        for call in calls:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
                yield ast.literal_eval(call.args[0])


def singular(message_id: str | list[str] | tuple[str, ...]) -> str:
    """Return the text that a message is known by."""
    return message_id if isinstance(message_id, str) else message_id[0]


def _write(path: Path, catalogue: Catalog) -> None:
    written = BytesIO()
    write_po(written, catalogue, sort_output=True, width=110, ignore_obsolete=True, no_location=True)
    path.write_bytes(written.getvalue())


def _bring_up(path: Path, texts: set[str], additions: list[str]) -> list[str]:
    """Take over what these files say, drop what no source has; return the texts that the catalogue lacks."""
    language = path.parts[-3]
    catalogue = read_po(BytesIO(path.read_bytes()), locale=language)
    for name in additions:
        if name.endswith(f".{language}.po"):
            for message in read_po(BytesIO(Path(name).read_bytes()), locale=language):
                if message.id:
                    catalogue.delete(message.id)
                    catalogue.add(message.id, message.string)
    for message in list(catalogue):
        if message.id and singular(message.id) not in texts:
            catalogue.delete(message.id)
    _write(path, catalogue)
    return sorted(texts - {singular(message.id) for message in catalogue if message.id and message.string})


def main(additions: list[str]) -> int:
    """Bring both catalogues up to the sources; exit code 1 where a text still has no translation."""
    texts, lacking = source_texts(), 0
    for path in sorted((ROOT / "portal" / "translations").glob("*/LC_MESSAGES/messages.po")):
        for text in _bring_up(path, texts, additions):
            print(f"{path.parts[-3]}: {text}")
            lacking += 1
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
