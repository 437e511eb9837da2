"""A certificate can be checked: this hosting knows its own, to the letter, whatever its database holds by then."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import cli, config
from portal.core.crypto import key_store
from tests.schools.departures.leaving import Left


def check(file: Path) -> Result:
    config.settings.cache_clear()
    key_store.forget()
    return CliRunner().invoke(cli.portal, ["school", "certificate", str(file)])


def test_what_was_certified_is_known_and_what_was_altered_is_not(
    left: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left.hand_over()
    left.destroy("--despite", "de school stopt")
    said, other = left.certificate.read_text(), tmp_path / "other.txt"

    assert check(left.certificate).exit_code == 0
    other.write_bytes(said.replace("\n", "\r\n").encode())
    assert check(other).exit_code == 0

    without, _, digest = said.rpartition("Digest: ")
    altered = (
        said.replace("de school stopt", "de school gaat door"),
        said.replace("Rows destroyed:             ", "Rows destroyed:             1"),
        f"{without}Digest: {'0' * 64}\n",
        f"{without}Digest: \n",
        f"Nog een zin.\n{said}",
        f"{said}Nog een zin.\n",
        digest,
        without,
        "",
    )
    for text in altered:
        other.write_text(text)
        refused = check(other)
        assert refused.exit_code == 1, text
        assert "is no certificate of this hosting, or was altered" in refused.stderr
    monkeypatch.setenv("PORTAL_MASTER_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    assert check(left.certificate).exit_code == 1
    assert check(tmp_path / "none.txt").exit_code == 2
