"""Who leads the school or watches over privacy reads what is kept without names."""

from datetime import date

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.retention.deidentified.models import DeidentifiedRow
from tests.conftest import school_id
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


def test_management_reads_the_sums(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        session.add(
            DeidentifiedRow(
                id=new_id(), category="attendance", year=2015, kind=None, client_id=None, people=7, minutes=6000,
                amount_cents=0, kept_until=date(2035, 6, 30),
            )
        )  # fmt: skip
    sign_in(client, "management")
    shown = client.get("/bewaren/zonder-naam").text
    assert "2015" in shown
    assert ">100<" in shown
    assert "/bewaren/zonder-naam" in client.get("/bewaren").text


def test_a_teacher_does_not(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert client.get("/bewaren/zonder-naam").status_code == 403
