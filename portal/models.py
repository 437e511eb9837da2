"""Imports every feature's tables, so that the registry of tables is whole for migrations and house tests."""

import importlib
from pathlib import Path

_HERE = Path(__file__).parent


def model_modules() -> list[str]:
    """Return the names of all modules that hold tables, by folder."""
    found = [
        *_HERE.glob("*/models.py"),
        *_HERE.glob("*/models/__init__.py"),
        *_HERE.glob("core/*/tables.py"),
        _HERE / "core" / "files.py",
        _HERE / "core" / "mail.py",
    ]
    found = [path for path in found if path.exists()]
    names = []
    for path in sorted(found):
        parts = path.relative_to(_HERE.parent).with_suffix("").parts
        names.append(".".join(part for part in parts if part != "__init__"))
    return names


for _name in model_modules():
    importlib.import_module(_name)
