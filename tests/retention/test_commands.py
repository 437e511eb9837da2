"""`portal retention preview` on the shell: counts by kind and month, no name, nothing erased."""

from datetime import date

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal import cli
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from tests.conftest import school_id
from tests.factories.learners import make_learner

cli._load()


def run(*words: str) -> Result:
    """Run `portal retention preview` with these words."""
    return CliRunner().invoke(cli.portal, ["retention", "preview", *words])


def test_it_counts_who_is_past_a_term_and_who_will_be(database: Engine) -> None:
    with in_school(school_id("lest-best")):
        learner_ids = [
            make_learner("Zelda", "Quispel", last_contact_on=day).id for day in (date(1990, 1, 1), date(2000, 3, 5))
        ]
        restrict(learner_ids[0], ground=RestrictionGround.CLAIM, by=PORTAL)

    result = run("--school", "lest-best", "--on", "2004-02-01", "--months", "3")

    assert result.exit_code == 0, result.output
    line, month, *_ = result.output.splitlines()
    assert line.startswith("learner: ")
    assert "past a term on 2004-02-01: 1 (" in line
    assert "contact 1" in line
    assert line.endswith("; kept by a hold: 1")
    assert month.startswith("  2004-03: 1 (")
    assert "Zelda" not in result.output
    with in_school(school_id("lest-best")):
        assert session.get(Learner, (school_id("lest-best"), learner_ids[1])) is not None


def test_it_says_what_is_wrong_in_a_line(database: Engine) -> None:
    for words in (
        ["--school", "nergens"],
        ["--school", "lest-best", "--on", "31-12-2026"],
        ["--school", "lest-best", "--on", "9999-12-31"],
    ):
        result = run("--school", *words)
        assert result.exit_code != 0
        assert "Traceback" not in result.output
