"""What is complained of a member of staff she reads nowhere: at the desk, in the record or in a copy (LB-14)."""

import pytest

from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.errors import Conflict
from portal.requests.complaints.queries import list_about
from portal.requests.copies.services import begin_copy, hand_over
from portal.requests.data_requests.desk import withheld_from
from portal.requests.data_requests.models import IdentityCheck
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
        assert {str(each) for each in list_about(as_staff(role, about).scope)} == {complaint_id}
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
        assert not withheld_from(request, by)
        second, copy = as_staff("privacy_staff"), begin_copy(request, by)
        assert copy is not None
        assert (len(withheld_from(request, by)), withheld_from(request, second)) == (1, frozenset())
        for who, why in ((by, "second_person"), (second, "not_ready")):
            with pytest.raises(Conflict, match=why):
                hand_over(copy.id, signed_in_at=now(), identity_seen="Paspoort gezien", by=who)
