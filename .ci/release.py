"""Makes the archive that a hosting installs: `python .ci/release.py FOLDER`. `make release` fetches and compiles first.

The portal without its demo, templates, styles and scripts with those of others, compiled texts, migrations, locked
requirements. The same commit makes the same bytes.
"""

import gzip
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("bin", "docs", "migrations", "portal", "static", "templates", "wsgi.py", "requirements.txt")
TEXTS = ("CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md")
LEFT_OUT = ("portal/demo/", "templates/demo/")
SOURCES = {".po"}  # of which the compiled texts go along


def _git(*words: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True, text=True).stdout


def paths() -> Iterator[Path]:
    """Yield what goes along: what git knows, and what was fetched or compiled."""
    for name in _git("ls-files", "-z", *PARTS, *TEXTS).split("\0"):
        if name and not name.startswith(LEFT_OUT) and Path(name).suffix not in SOURCES:
            yield Path(name)
    for pattern in ("static/vendor/[!.]*", "portal/translations/*/LC_MESSAGES/*.mo"):
        yield from (path.relative_to(ROOT) for path in ROOT.glob(pattern))


def make(folder: Path) -> Path:
    """Write the archive into a folder and return where it is."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    name = f"inzage-{version}"
    moment = int(_git("log", "-1", "--format=%ct"))

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.mode = moment, 0o755 if entry.mode & 0o100 else 0o644
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        return entry

    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{name}.tar.gz"
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(paths()):
            tar.add(ROOT / path, arcname=f"{name}/{path}", filter=plain)
    return archive


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
