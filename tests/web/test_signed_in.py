"""What an account opens today; whose opens nothing is told so at sign-in, and starts no session."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts.models import Account, AccountSession
from portal.accounts.sessions.services import start_session
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import Reach
from portal.learners.record.models import Learner
from portal.permissions import SEES, Role
from portal.schools.queries import SchoolView
from portal.web.signed_in import SignedIn, find_signed_in, why_shut_out
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.seed import SCHOOLS

YEAR = timedelta(days=365)


def signs_in(client: PageClient, email: str) -> TestResponse:
    client.get("/aanmelden")
    return client.post("/aanmelden", {"name": email, "password": PASSWORD})


def is_told(client: PageClient, words: str) -> bool:
    """Whether signing in ends here, in these words, and starts no session."""
    led_to = signs_in(client, "iemand@example.org").headers["Location"]
    assert led_to.startswith("/aanmelden/geen-toegang?")
    with in_school(SCHOOLS[0].id):
        assert not session.scalar(select(func.count()).select_from(AccountSession))
    return words in client.get(led_to).get_data(as_text=True)


def someone(role: Role) -> Account:
    return make_account("Iemand", role.value, email="iemand@example.org")


@pytest.mark.promise("LL-04", part="signing in")
def test_a_child_with_an_account_hears_that_a_parent_signs_in(client: PageClient, school: SchoolView) -> None:
    account = someone(Role.LEARNER)
    child = make_learner(birth_date=today() - 10 * YEAR, account_id=account.id)
    assert why_shut_out(account.id) == "ask_the_parent"
    assert is_told(client, "Uw ouder of voogd logt voor u in")

    with in_school(SCHOOLS[0].id):
        session.get_one(Learner, (SCHOOLS[0].id, child.id)).birth_date = today() - 20 * YEAR
        session.flush()
        assert why_shut_out(account.id) is None
    assert signs_in(client, "iemand@example.org").status_code == 303
    assert client.get("/mijn/lessen").status_code == 200


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.parametrize("how", ["over", "ended", "role gone"])
def test_whose_authorisation_is_over_hears_that(client: PageClient, school: SchoolView, how: str) -> None:
    account = someone(Role.TEACHER if how == "role gone" else Role.REPRESENTATIVE)
    row = make_representative(make_learner(), account_id=account.id)
    if how == "ended":
        row.ended_at = now()
    else:
        row.ends_on = today() - timedelta(days=1)
    session.flush()
    if how == "role gone":
        session.execute(Account.metadata.tables["membership"].delete())
    assert why_shut_out(account.id) == "authorisation_over"
    assert is_told(client, "de tijd daarvoor is voorbij")


def test_who_has_another_role_besides_gets_in(client: PageClient, school: SchoolView) -> None:
    account = make_account("Iemand", "learner", "teacher", email="iemand@example.org")
    make_learner(birth_date=today() - 10 * YEAR, account_id=account.id)
    assert why_shut_out(account.id) is None
    assert signs_in(client, "iemand@example.org").status_code == 303


def holder_of(account: Account) -> SignedIn:
    found = find_signed_in(start_session(account, has_second_factor=True, ip_address=None, browser=None))
    assert found is not None
    return found


@pytest.mark.promise("LB-11", part="representative")
def test_an_authorisation_opens_one_record_until_its_day_within_its_categories(school: SchoolView) -> None:
    account, learner = make_account("Iemand", "representative"), make_learner()
    row = make_representative(learner, account_id=account.id, categories=["attendance"])

    scope = holder_of(account).actor.scope
    assert (scope.reach, scope.own_learner_id, scope.until) == (Reach.ONE_LEARNER, learner.id, row.ends_on)
    assert scope.sees == scope.changes == {"attendance"}


@pytest.mark.parametrize(
    ("second", "expected"), [(["level"], {"attendance", "level"}), ([], SEES[Role.REPRESENTATIVE])]
)
def test_two_authorisations_for_one_learner_count_together(
    school: SchoolView, second: list[str], expected: frozenset[str]
) -> None:
    account, learner = make_account("Iemand", "representative"), make_learner()
    make_representative(learner, account_id=account.id, categories=["attendance"])
    last = make_representative(learner, account_id=account.id, categories=second, ends_on=today() + 2 * YEAR)

    holder = holder_of(account)
    assert holder.actor.scope.sees == expected
    assert holder.actor.scope.until == last.ends_on
    assert holder.represented == {learner.id: learner.full_name}
