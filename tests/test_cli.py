"""The `portal` command takes what its options say, else what the environment says."""

import pytest

from portal.cli import serve


@pytest.mark.parametrize(
    ("options", "threads", "access_log"), [([], 8, False), (["--threads", "2", "--access-log"], 2, True)]
)
def test_serve_takes_the_settings_of_the_environment(
    options: list[str], threads: int, access_log: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_THREADS", "8")
    monkeypatch.setenv("PORTAL_ACCESS_LOG", "false")

    given = serve.make_context("serve", options).params

    assert (given["threads"], given["access_log"]) == (threads, access_log)
