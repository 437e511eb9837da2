"""Another e-mail address, confirmed by two at once."""

from concurrent.futures import wait

import pytest
from sqlalchemy import update

from portal.accounts.invitations.links import make_link
from portal.accounts.models import Account, LinkKind
from portal.accounts.own_account.emails import confirm_new_email
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from tests.factories.accounts import make_account
from tests.racing import Race

WANTED = "samen@example.org"


def test_of_two_who_confirm_one_address_one_has_it_and_the_other_is_told(race: Race) -> None:
    with in_school(race.school_id):
        first, second = (make_account(name, email=f"{name}@example.org") for name in ("een", "twee"))
        token = make_link(second, LinkKind.NEW_EMAIL, new_email=WANTED)
        keys = first.id, second.id
    with in_school(race.school_id):
        session.execute(update(Account).where(Account.id == keys[0]).values(email=WANTED))
        confirming = race.start(lambda: confirm_new_email(token))
        assert race.stand_still(1)
    wait([confirming], 10)
    with pytest.raises(NotFound, match="link"):
        confirming.result()
    with in_school(race.school_id):
        assert session.get_one(Account, (race.school_id, keys[1])).email == "twee@example.org"
