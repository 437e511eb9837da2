"""The audit of dependencies (LL-17): a known hole in a pinned package turns it red, and nobody to ask is no pass."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = f"jinja2==2.4.1 --hash=sha256:{'ab' * 32}\n"
# As OSV publishes it: a template could leave its sandbox.
HOLE = {
    "id": "GHSA-462w-v97r-4m45",
    "summary": "Jinja2 sandbox escape via string formatting",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]}],
        }
    ],
}
NOWHERE = "http://127.0.0.1:9/v1/query"


@dataclass
class Advisories:
    """A service of known holes that answers as OSV does, and what it was asked."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    knows: dict[str, Any] = field(default_factory=lambda: {"jinja2==2.4.1": HOLE})


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    """Start a service that knows of one hole."""
    service = Advisories()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            pin = f"{query['package']['name']}=={query['version']}"
            service.asked.append(pin)
            known = service.knows.get(pin)
            body = json.dumps({"vulns": [known]} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            """Write nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    service.url = f"http://127.0.0.1:{server.server_port}/v1/query"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


def audited(file: Path | str, **environment: str) -> tuple[int, str]:
    """Run the audit on a list of pinned packages; return with what it ended, and what it said."""
    ran = subprocess.run(
        [sys.executable, ".ci/audit.py", str(file)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.promise("LL-17", part="audit")
def test_a_known_hole_in_a_pinned_package_turns_it_red(advisories: Advisories, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(PINNED)
    ended, said = audited(file, AUDIT_OSV_URL=advisories.url)
    assert (ended, "known holes\njinja2 2.4.1: GHSA-462w-v97r-4m45" in said) == (1, True)
    file.write_text(PINNED.replace("2.4.1", "3.1.6"))
    ended, said = audited(file, AUDIT_OSV_URL=advisories.url)
    assert (ended, "no known holes" in said) == (0, True)


@pytest.mark.promise("LL-17", part="audit")
def test_each_package_that_is_pinned_is_asked_about(advisories: Advisories) -> None:
    locked = (ROOT / "requirements-dev.txt").read_text()
    pins = re.findall(r"^([\w.-]+==[\w.]+) ?(;?)", locked, re.MULTILINE)
    ended, said = audited("requirements-dev.txt", AUDIT_OSV_URL=advisories.url)
    assert ended == 0, said
    assert {pin for pin, condition in pins if not condition} <= set(advisories.asked)
    assert len(advisories.asked) > 100


@pytest.mark.promise("LL-17", part="audit")
def test_where_nobody_can_be_asked_it_says_so_and_does_not_pass(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(PINNED)
    ended, said = audited(file, AUDIT_OSV_URL=NOWHERE)
    assert (ended, "NOT AUDITED, the service can't be reached" in said) == (2, True)
    makefile = (ROOT / "Makefile").read_text()
    assert '.ci/audit.py || { [ $$? = 2 ] && [ -z "$$MUST_AUDIT" ]; }' in makefile
    assert "MUST_AUDIT" in (ROOT / ".github" / "workflows" / "ci.yml").read_text()


@pytest.mark.promise("LL-17", part="audit")
def test_the_registrys_own_answer_on_an_old_package_is_red_or_none_at_all(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(PINNED)
    ended, said = audited(file)
    assert (ended, "known holes\njinja2 2.4.1" in said) == (1, True) or (ended, "NOT AUDITED" in said) == (2, True)
