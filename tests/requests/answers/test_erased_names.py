"""Who was erased stands nowhere any more, by name or by account, in a request that was hers or that she made."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select, text

from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.erasure import erase_people
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind, people_of
from portal.requests.answers.services import decide_request
from portal.requests.copies.models import DataCopy
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestKind
from portal.retention.erasures.services import Why
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
NAME = "Amina Zonderling"
LEAVES = {"mail", "job", "key_outbox"}
"""What is on its way: the worker sends or destroys it, and lets it go."""


def tables_with(*texts: str) -> set[str]:
    """Return the tables of which a row holds one of these texts, in whatever column; proof has its own term."""
    session.flush()
    return {
        table.name
        for table in Base.metadata.sorted_tables
        if "school_id" in table.columns and not people_of(table).kept_because
        for row in session.scalars(text(f"select to_jsonb(each)::text from {table.name} as each"))
        if any(each in row for each in texts)
    }


def code_mailed() -> str:
    rows = session.scalars(select(Mail).where(Mail.template == "requests/code")).all()
    return str(json.loads(keys.unseal_for_school(rows[-1].sealed or b"", "mail"))["context"]["code"])


@pytest.mark.promise("MN-15")
@pytest.mark.parametrize("check", [IdentityCheck.SIGN_IN, IdentityCheck.KNOWN_MAIL])
def test_nothing_names_who_had_all_erased_however_it_was_known_who_asked(
    client: PageClient, sign_in: SignIn, check: IdentityCheck
) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Zonderling")
    by = sign_in(client, "learner", learner=amina, name=NAME, has_second_factor=check is IdentityCheck.SIGN_IN)
    asked = client.post("/mijn/rechten/vragen/wissen", {"body": "Alles weg."})
    request_id = UUID(asked.location.rpartition("/")[2])
    if check is IdentityCheck.KNOWN_MAIL:
        with in_school(HERE):
            code = code_mailed()
        client.post(f"/mijn/rechten/{request_id}/code", {"code": code})
    with in_school(HERE):
        assert session.get_one(DataRequest, (HERE, request_id)).identity_check is check
        decide_request(request_id, {}, reply="Wij wissen alles.", by=as_staff())
    with in_school(HERE):
        assert tables_with("Zonderling", str(amina.id), str(by.account_id)) <= LEAVES
        assert session.get(DataRequest, (HERE, request_id)) is not None


@pytest.mark.parametrize("check", list(IdentityCheck))
def test_of_a_request_from_before_it_stays_who_of_the_school_checked_and_no_name_of_hers(
    school: SchoolView, check: IdentityCheck
) -> None:
    request = ask(make_learner("Amina", "Zonderling"), RequestKind.ERASURE, is_certain=False, body="Alles weg.")
    request.identity_check, request.identity_checked_at = check, now()
    request.identity_checked_by, request.identity_checked_by_name = request.filed_by, "Wie het controleerde"
    request.extension_reason, request.organisation = b"verzegeld", "Wie zij noemde"
    session.flush()
    decide_request(request.id, {}, reply="Wij wissen alles.", by=as_staff())
    left = session.get_one(DataRequest, (school.id, request.id), populate_existing=True)
    is_kept = check in {IdentityCheck.COUNTER, IdentityCheck.DOCUMENT}
    assert left.identity_checked_by_name == ("Wie het controleerde" if is_kept else None)
    assert (left.extension_reason, left.organisation, left.filed_by) == (None, None, None)


def test_no_name_stays_of_who_asked_for_a_learner_once_she_is_erased_herself(
    client: PageClient, sign_in: SignIn
) -> None:
    with in_school(HERE):
        amina, account = make_learner("Amina", "Yilmaz"), make_account("Ex Zonderling", "representative")
        acting_id = make_representative(amina, account_id=account.id, name="Ex Zonderling").id
    sign_in(client, "representative", account=account)
    asked = client.post("/mijn/rechten/vragen/zien", {})
    with in_school(HERE):
        request = session.get_one(DataRequest, (HERE, UUID(asked.location.rpartition("/")[2])))
        assert (request.identity_check, request.is_by_representative) == (IdentityCheck.SIGN_IN, True)
        request.identity_checked_by, request.identity_checked_by_name = account.id, account.name  # as was stored before
        assert session.scalars(select(DataCopy.asked_by).where(DataCopy.request_id == request.id)).one() == account.id
        erase_people(PersonKind.REPRESENTATIVE, [acting_id], why=Why.TERM)
    with in_school(HERE):
        assert tables_with("Zonderling", str(account.id)) <= LEAVES
