"""Who runs the portal, read from the operator's file; what isn't there is said so."""

from pathlib import Path

import pytest

from portal import config
from portal.schools.hosting.details import Hosting, HostingError, find_hosting, read_hosting
from tests.page_client import PageClient
from tests.signing_in import SignIn

WHOLE = """
name = "Voorbeeld Hosting"
email = "privacy@hosting.example"
measures = ["Sleutels staan apart"]
[[subprocessors]]
name = "Datacentrum"
does = "machines"
country = "US"
safeguard = "standard_clauses"
[agreements.lest-best]
signed_on = 2026-01-15
version = "2.1"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "hosting.toml"
    path.write_text(WHOLE)
    monkeypatch.setattr(config.settings(), "hosting_file", path)
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 1", "name"),
        ("nam = 'x'", "nam"),
        ("[[subprocessors]]\nname = 'x'\ndoes = 'y'\ncountry = 'Nederland'", "country"),
        ("name =", "hosting.toml"),
        ("[agreements.lest-best]\nsigned_on = 'ooit'", "signed_on"),
    ],
)
def test_a_mistake_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "hosting.toml"
    path.write_text(text)
    with pytest.raises(HostingError, match=said):
        read_hosting(path)


def test_a_file_that_is_wrong_or_gone_says_nothing(file: Path) -> None:
    assert find_hosting().name == "Voorbeeld Hosting"
    file.write_text("nam = 'x'")
    assert find_hosting() == Hosting()
    file.unlink()
    assert find_hosting() == Hosting()


def test_management_reads_it_on_the_settings_page(client: PageClient, sign_in: SignIn, file: Path) -> None:
    sign_in(client, "management")
    page = client.get("/instellingen").get_data(as_text=True)
    assert "Voorbeeld Hosting" in page
    assert "getekend op 15 januari 2026" in page
    assert "een vast contract van de Europese Unie" in page
    file.unlink()
    page = client.get("/instellingen").get_data(as_text=True)
    assert "nog niet vastgelegd" in page
    assert "Voorbeeld Hosting" not in page
