"""A release is an archive that a hosting installs without Node and without the demo, and that serves a school."""

import base64
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from portal.demo import databases
from portal.demo.processes import wait_until
from portal.demo.services import owned

ROOT = Path(__file__).resolve().parents[2]
HOST = "school.localhost"


def make_archive(folder: Path) -> Path:
    ran = subprocess.run(
        [sys.executable, ROOT / ".ci" / "release.py", folder], cwd=folder, capture_output=True, text=True, check=True
    )
    return Path(ran.stdout.strip())


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The archive, unpacked."""
    with tarfile.open(make_archive(tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    [unpacked] = tmp_path.glob("inzage-*/")
    return unpacked


def test_it_holds_what_is_served_and_neither_demo_nor_sources_nor_tests(release: Path) -> None:
    names = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
    wanted = {"wsgi.py", "requirements.txt", "LICENSE", "bin/portal", "templates/base.html", "static/js/app.js"}
    wanted |= {"static/vendor/htmx.min.js", "static/vendor/pico.classless.min.css"}
    wanted |= {f"portal/translations/{language}/LC_MESSAGES/messages.mo" for language in ("en", "ar")}
    assert not wanted - names
    unwanted = [name for name in names if "demo" in Path(name).parts or Path(name).suffix in {".po", ".pyc"}]
    assert not unwanted
    assert not [name for name in names if name.startswith(("tests/", ".ci/")) or "axe" in name]


def test_as_a_demo_it_stops_with_one_line(release: Path) -> None:
    settings = {"PYTHONPATH": str(release), "PORTAL_DEMO": "1"} | {
        name: value for name, value in os.environ.items() if name == "DATABASE_URL" or name.startswith("PORTAL_")
    }
    ran = run(release, settings, sys.executable, "-c", "from portal.config import settings_or_exit as s; s()")

    assert ran.returncode == 2
    assert ran.stderr == "portal: PORTAL_DEMO: Value error, a release has no demo; leave this setting out\n"


def test_the_same_commit_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second = (make_archive(tmp_path / name) for name in ("first", "second") if not (tmp_path / name).mkdir())
    assert first.read_bytes() == second.read_bytes()


@pytest.fixture
def hosting(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a hosting with empty databases, on a path without Node."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "dirname", "env"):
        (programs / name).symlink_to(shutil.which(name) or name)
    with owned(tmp_path / "services") as services:
        arranged = databases.arrange(services.addresses.database, "geheim", given=False)
        yield {
            "PATH": str(programs),
            "DATABASE_URL": arranged.application,
            "PORTAL_MIGRATE_DATABASE_URL": arranged.owner,
            "PORTAL_KEYS_URL": arranged.keys,
            "PORTAL_MIGRATE_KEYS_URL": arranged.keys_owner,
            "REDIS_URL": services.addresses.redis,
            "PORTAL_SECRET_KEY": "release-" + "x" * 40,
            "PORTAL_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
            "PORTAL_FILES_DIR": str(tmp_path / "files"),
            "PORTAL_MAIL_DIR": str(tmp_path / "mail"),
        }


def install(release: Path) -> None:
    """Install the locked packages beside the release, with wheels alone."""
    uv, python = Path(sys.executable).with_name("uv"), release / ".venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, release / ".venv"], check=True)
    words = ["--quiet", "--require-hashes", "--only-binary", ":all:", "-r", release / "requirements.txt"]
    subprocess.run([uv, "pip", "install", "--python", python, *words], check=True, env={**os.environ, "PATH": ""})


def run(release: Path, environment: dict[str, str], *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=release, env=environment, capture_output=True, text=True, check=False)


def get(port: int, path: str, language: str = "nl") -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": f"{HOST}:{port}", "Accept-Language": language})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


def answers(port: int) -> bool:
    try:
        return get(port, "/privacy")[0] == 200
    except OSError:
        return False


@contextmanager
def serving(release: Path, environment: dict[str, str], log: Path) -> Iterator[int]:
    """The web server of the release for as long as the block runs, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [release / "bin" / "portal", "serve", "--port", str(port), "--processes", "1"]
    with log.open("wb") as out, subprocess.Popen(command, cwd="/", env=environment, stdout=out, stderr=out) as process:
        try:
            assert wait_until(lambda: answers(port), seconds=90), log.read_text()
            yield port
        finally:
            process.terminate()


def test_it_is_installed_without_node_and_serves_a_school(
    release: Path, hosting: dict[str, str], tmp_path: Path
) -> None:
    install(release)
    portal = release / "bin" / "portal"
    migrated = run(release, hosting, portal, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    policy = release / "portal" / "policy" / "policies" / "lest-best.toml"
    words = ["--name", "Een School", "--policy", policy, "--manager", "directie@school.example", "--host", HOST]
    added = run(release, hosting, portal, "school", "add", "een-school", *words)
    assert added.returncode == 0, added.stderr
    with serving(release, hosting, tmp_path / "serve.log") as port:
        assert "Een School" in get(port, "/privacy")[1]
        assert 'Privacy at <bdi translate="no">Een School</bdi>' in get(port, "/privacy", "en")[1]
        assert get(port, "/static/vendor/htmx.min.js")[0] == 200
        assert get(port, "/post")[0] == 404
    loaded = run(release, hosting, release / ".venv" / "bin" / "python", "-c", "import wsgi; print(wsgi.app.name)")
    assert loaded.stdout == "portal\n", loaded.stderr
