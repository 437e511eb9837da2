"""Lists as offices hand them in, and what a careful clerk writes down of each (`expected.toml`)."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
EXPECTED: list[dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))["workbook"]
