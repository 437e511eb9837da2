"""`portal school list` on the shell."""

from click.testing import CliRunner
from sqlalchemy import Engine

from portal import cli

cli._load()


def test_list_shows_each_school_in_a_line(database: Engine) -> None:
    result = CliRunner().invoke(cli.portal, ["school", "list"])

    assert "lest-best\tLest Best\tlest-best.localhost" in result.output.splitlines()
    assert len(result.output.splitlines()) == 5
