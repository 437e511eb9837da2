"""`portal incident`: the hosting tells each school at once, and once."""

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from portal.core import mail
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.oversight.incidents.commands import incident
from portal.oversight.incidents.models import Incident, IncidentSource
from portal.schools.models import School
from tests.conftest import school_id
from tests.seed import SCHOOLS
from tests.signing_in import make_account

TOLD = ["H-7", "--title", "Server gestolen", "--text", "Een server met een kopie is gestolen.", "--kind", "lost"]


def opened(slug: str) -> list[Incident]:
    with in_school(school_id(slug)):
        return list(session.scalars(select(Incident)))


def test_it_opens_one_at_every_school_once_and_mails_who_decides(database: Any) -> None:
    with in_school(school_id("lest-best")):
        make_account("Dina Bos", "management")
        make_account("Tess Visser", "teacher")
    first = CliRunner().invoke(incident, TOLD)
    again = CliRunner().invoke(incident, TOLD)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "lest-best: opened" in first.output
    assert "lest-best: was open already" in again.output
    for seed in SCHOOLS:
        [row] = opened(seed.slug)
        assert (row.source, row.title) == (IncidentSource.HOSTING, "Server gestolen")
    with in_school(school_id("lest-best")):
        assert session.scalars(select(Mail.template)).all() == ["oversight/incident_opened"]


def test_it_opens_one_at_the_schools_that_are_named(database: Any) -> None:
    found = CliRunner().invoke(incident, [*TOLD, "--school", "lest-best"])
    assert found.exit_code == 0
    assert len(opened("lest-best")) == 1
    assert opened("meester-in-nt2") == []


def test_where_it_fails_at_a_school_the_others_are_told_and_it_ends_with_one(database: Any) -> None:
    asked = [*TOLD, "--school", "nergens", "--school", "lest-best", "--school", "ook-nergens"]
    found = CliRunner().invoke(incident, asked)
    assert found.exit_code == 1
    assert "lest-best: opened" in found.output
    assert "not opened at nergens, ook-nergens" in found.output
    assert len(opened("lest-best")) == 1


def test_what_goes_wrong_at_a_school_keeps_it_from_none_after_it(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = SCHOOLS[0].slug, SCHOOLS[1].slug
    with in_school(school_id(first)):
        make_account("Dina Bos", "management")

    def fails(*_args: Any, **_facts: Any) -> None:
        raise OSError("the key store is full")

    monkeypatch.setattr(mail, "send", fails)
    found = CliRunner().invoke(incident, [*TOLD, "--school", first, "--school", second])
    assert (found.exit_code, opened(first), len(opened(second))) == (1, [], 1), found.output
    assert f"{first}: OSError (the key store is full)" in found.output


def test_a_school_without_a_policy_hears_it_too(database: Any) -> None:
    with in_school(school_id("lest-best")):
        session.execute(update(School).where(School.id == current_school_id()).values(policy_version_id=None))
    found = CliRunner().invoke(incident, [*TOLD, "--school", "lest-best"])
    assert found.exit_code == 0, found.output
    assert len(opened("lest-best")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x" * 61, *TOLD[1:]], "REFERENCE"),
        ([*TOLD, "--title", "x" * 201], "--title"),
        ([*TOLD, "--aware", "2150-01-01T10:00"], "--aware"),
        ([*TOLD, "--school", "nergens"], "there is no school"),
    ],
)
def test_what_makes_no_sense_is_one_line(database: Any, arguments: list[str], said: str) -> None:
    found = CliRunner().invoke(incident, arguments)
    assert found.exit_code == 1
    assert said in found.output
