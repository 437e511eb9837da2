"""What counts, ranks or reminds by member of staff stays off until the works council's consent is recorded, or that
there is none (WOR art. 27(1)(k) and (l)). No module that does so can be forgotten: they are found in the code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
ABOUT_STAFF = ("Account.", "account_id", "coach_id", "actor_id", "handled_by", "recorded_by", "givers")
REMINDS = ("requests/reminder", "requests/complaint_reminder", "attendance/open_registers", "REGISTERS_OPEN")
"""Mails and notifications that tell a member of staff what she has left undone."""

CHECKED: dict[str, tuple[str, ...]] = {
    "portal/attendance/open_registers/queries.py": (
        "portal/attendance/open_registers/routes.py",
        "portal/attendance/open_registers/services.py",
    ),
    "portal/attendance/open_registers/services.py": ("portal/attendance/open_registers/services.py",),
    "portal/overview/weeks/presenters.py": ("portal/overview/weeks/routes.py",),
}
"""Modules that count or remind by member of staff, each with those that show or send it, behind the check."""

OTHERWISE: dict[str, str] = {
    "portal/assurance/counts/looks.py": "how many of those who looked accepted the duty first: nobody by name",
    "portal/accounts/queries.py": "counts how many can keep the members, not what one of them did",
    "portal/courses/clashes/queries.py": "who is free to take over lessons; nothing that was done or left undone",
    "portal/learners/enrolments/queries.py": "puts the names of a group's teachers in a line, once each",
    "portal/notifications/daily_mails/queries.py": "tells somebody of her own notifications, and nobody else",
    "portal/oversight/access_reviews/queries.py": "how many learners each coaches, to see which roles are needed",
    "portal/overview/my_data/queries.py": "tells a learner how many looked, without who",
    "portal/notifications/labels.py": "words for a reminder that was sent behind the check",
    "portal/overview/notifications/presenters.py": "shows a reminder that was sent behind the check",
    "portal/notifications/models.py": "says which kinds there are",
    "portal/requests/complaints/reminders.py": "the day of a complaint, told to who answers it alone (LB-14)",
    "portal/requests/data_requests/reminders.py": "the day of a request, told to who answers it alone (AVG 12(3))",
}
"""Modules that are found as well and follow nobody, each with why."""


def counts_by_staff(source: str) -> bool:
    """Say whether code groups, counts or reminds by a person who works at the school."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = " ".join(ast.unparse(each) for each in node.args)
            if name in {"group_by", "Counter", "distinct", "groupby"} and any(each in given for each in ABOUT_STAFF):
                return True
        if isinstance(node, ast.Constant) and node.value in REMINDS:
            return True
        if isinstance(node, ast.Attribute) and node.attr in REMINDS:
            return True
        if isinstance(node, ast.comprehension) and ast.unparse(node.iter) == "state.givers":
            return True
    return "REGISTERS_OPEN =" in source


FOUND = sorted(
    str(path.relative_to(ROOT))
    for path in PORTAL.rglob("*.py")
    if "demo" not in path.parts and counts_by_staff(path.read_text())
)


def calls(source: str, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(ast.parse(source))
    )


def test_each_module_that_counts_or_reminds_by_staff_is_listed_by_name() -> None:
    assert [each for each in FOUND if each not in CHECKED | OTHERWISE] == []
    assert [each for each in CHECKED | OTHERWISE if each not in FOUND] == []


@pytest.mark.promise("LB-08")
@pytest.mark.parametrize("module", CHECKED)
def test_it_asks_whether_staff_may_be_followed(module: str) -> None:
    for path in CHECKED[module]:
        assert calls((ROOT / path).read_text(), "may_monitor_staff"), path


@pytest.mark.parametrize(
    "source",
    [
        "select(x).group_by(Account.id)",
        "Counter(each.account_id for each in lessons)",
        "[one for one in states for each in state.givers]",
        "mail.send(to, 'requests/reminder')",
    ],
)
def test_a_new_one_would_be_found(source: str) -> None:
    assert counts_by_staff(source)
