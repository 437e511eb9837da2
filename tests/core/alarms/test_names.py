"""Each alarm stands in the guide for who runs the portal, and the guide names no other."""

import re
from pathlib import Path

from portal.core.alarms.names import WHAT_TO_DO, AlarmName

ROOT = Path(__file__).resolve().parents[3]


def test_each_alarm_says_what_to_do() -> None:
    assert set(WHAT_TO_DO) == set(AlarmName)


def test_each_alarm_stands_in_the_guide_with_its_cause_and_what_to_do() -> None:
    guide = (ROOT / "docs" / "running.md").read_text()
    section = guide.partition("## Alarms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_]+)` \| (.+) \| (.+) \|$", section, re.MULTILINE)
    assert [name for name, _, _ in rows] == [each.value for each in AlarmName]
