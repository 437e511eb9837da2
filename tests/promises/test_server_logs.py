"""Logs of the web server tie nobody to an IP address, and go in time (LL-11)."""

import re
from pathlib import Path

import pytest

from tests.web.served import sample

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "running.md"
ADDRESS = "203.0.113.77"
WITHOUT_PERSONS = {"remote_addr", "time_iso8601", "host", "request_method", "status", "body_bytes_sent"}
"""What a proxy may write: never the path (it has ids in it), the query, a referrer, a cookie or who signed in."""
MOST_DAYS = 90


@pytest.mark.promise("LL-11")
def test_the_portals_own_log_holds_no_address_and_nothing_of_a_person(tmp_path: Path) -> None:
    with sample(tmp_path, processes=1, PORTAL_PROXIES="1") as served:
        said = {"X-Forwarded-For": ADDRESS, "Forwarded": f"for={ADDRESS}", "Cookie": "inzage=tess@example.org"}
        served.ask("/learner/12345?name=Amina&mail=tess@example.org", headers=said)
        served.ask("/nowhere/tess@example.org", headers=said)
        served.ask("/fault", headers=said)
        written = served.log_with("RuntimeError")
    assert '"event": "request"' in written
    for held in (ADDRESS, "127.0.0.1", "12345", "Amina", "tess", "example.org"):
        assert held not in written, held


@pytest.mark.promise("LL-11")
def test_the_log_of_a_proxy_holds_nothing_of_a_person_and_its_term_is_stated() -> None:
    guide = GUIDE.read_text()
    [form] = re.findall(r"log_format \w+ '([^']+)'", guide)
    assert "$remote_addr" in form
    assert set(re.findall(r"\$(\w+)", form)) <= WITHOUT_PERSONS
    [days] = re.findall(r"^\s+maxage (\d+)$", guide, re.MULTILINE)
    assert 0 < int(days) <= MOST_DAYS
    assert f"goes after **{days} days**" in guide
    assert f"rotate {days}\n" in guide
    assert f"MaxRetentionSec={days}day" in guide
