"""What is complained of a member of staff she reads nowhere: at the desk, in the record or in a copy (LB-14)."""

import pytest

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.requests.complaints.queries import list_about
from portal.requests.data_requests.desk import needs_another, withheld_from
from portal.requests.data_requests.models import DataRequest, IdentityCheck
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
WORDS = "Zij schreeuwde tegen mij."


@pytest.mark.promise("LB-14", part="filing")
@pytest.mark.parametrize("role", ["privacy_staff", "management"])
def test_who_handles_requests_reads_no_complaint_about_herself(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        amina, boss = make_learner("Amina", "Yilmaz"), make_account("Bas de Boer", "management")
        about = make_account("Petra Smit", role)
        other = make_account("Olga Smit", role)
    sign_in(client, "learner", learner=amina)
    filed = client.post("/mijn/rechten/klacht", {"body": WORDS, "about": str(about.id)})
    complaint_id = filed.location.rpartition("/")[2]
    with in_school(HERE):
        request = enter(learner_id=amina.id, by=as_staff("management", boss))
        assert {str(each) for each in list_about(about.id)} == {complaint_id}
    held, record = f"/verzoeken/{request.id}/gegevens", f"/cursisten/{amina.id}"
    for account, reads in ((about, False), (other, True)):
        sign_in(client, role, account=account)
        assert (WORDS in client.get(held).get_data(as_text=True)) is reads
        if role == "privacy_staff":  # management opens no record
            assert (WORDS in client.get(f"{record}/dossier").get_data(as_text=True)) is reads
    sign_in(client, role, account=about)
    assert client.get(f"{record}/dossier/klachten/{complaint_id}").status_code in {403, 404}


def test_another_hands_out_the_copy_in_which_she_is_complained_of_where_there_is_another(
    client: PageClient, sign_in: SignIn
) -> None:
    with in_school(HERE):
        amina, about = make_learner("Amina", "Yilmaz"), make_account("Petra Smit", "privacy_staff")
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/rechten/klacht", {"body": WORDS, "about": str(about.id)})
    with in_school(HERE):
        by = as_staff("privacy_staff", about)
        request = enter(learner_id=amina.id, by=as_staff("management"))
        request.identity_check = IdentityCheck.DOCUMENT
        request.identity_checked_at = request.filed_at
        assert not needs_another(request, by)
        second = as_staff("privacy_staff")
        assert needs_another(request, by)
        assert not needs_another(request, second)
        assert len(withheld_from(request, by)) == 1
        assert session.get(DataRequest, (HERE, request.id)) is request
