"""The list of who works at the school: sorted by a column, and as a file."""

from typing import Any

from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.schools.queries import SchoolView
from tests.page_client import PageClient
from tests.signing_in import make_account


def test_the_list_of_staff_sorts_and_goes_out_as_it_stands(
    client: PageClient, sign_in: Any, school: SchoolView
) -> None:
    for name, role in (("=Tess", "teacher"), ("Daan Smit", "coach")):
        make_account(name, role)
    checkpoint()
    sign_in(client, "management")
    text = client.get("/medewerkers?volgorde=-name").get_data(as_text=True)
    assert 'aria-sort="descending"' in text
    assert text.index("Daan Smit") < text.index("=Tess")

    answer = client.post("/medewerkers/ophalen?volgorde=name", {"vorm": "csv"})
    rows = [line.split(";") for line in answer.get_data(as_text=True).lstrip("\ufeff").splitlines()]
    names = [row[0] for row in rows]
    assert names[:3] == ["Naam", "'=Tess", "Daan Smit"]
    assert rows[2][2] == "begeleider"
    [entry] = session.scalars(select(AuditEvent).where(AuditEvent.event == "accounts.list_taken"))
    assert entry.facts == {"count": len(rows) - 1, "format": "csv"}


def test_who_keeps_no_members_takes_no_list(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    assert client.post("/medewerkers/ophalen", {"vorm": "csv"}).status_code == 403
    assert client.get("/medewerkers?volgorde=name").status_code == 403
