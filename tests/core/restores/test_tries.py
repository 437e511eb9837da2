"""A drill tries whatever ended: each kind is counted, and one that wasn't applied again turns it red (OP-07)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import select

from portal.accounts.actors import holder_of
from portal.accounts.calendar_feeds.models import CalendarFeed
from portal.accounts.models import Account, Membership
from portal.contacts.subscriptions.models import NEWSLETTER
from portal.contacts.subscriptions.queries import ending_of
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.crypto.ledger import Ending, last_day_of, objected, objection_over, record_ending
from portal.core.db.scope import in_school, reveal
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.personal_data import PersonKind
from portal.core.removal import remove_categories
from portal.core.restores import erasures as restored_erasures
from portal.core.restores.ports import APPLIED_AGAIN
from portal.core.restores.tries import FILES, TRIED
from portal.policy.queries import current_policy
from tests.core.backups.hosting import Hosting
from tests.factories.accounts import give_second_factor, make_account
from tests.factories.authenticators import make_passkey
from tests.factories.consent import agree
from tests.factories.contacts import make_application, make_message
from tests.factories.learners import make_contact_person, make_learner, make_representative
from tests.house.rows import make_row
from tests.seed import SCHOOLS

SCHOOL = SCHOOLS[0].id
NOTES = "progress"
OTHERS = [kind for kind in Ending if kind is not Ending.ERASURE]
WHAT = {each.kind: each.what for each in TRIED.all}
COUNTS = dict.fromkeys(WHAT.values(), 1) | {WHAT[Ending.ERASURE]: 3, FILES: 2}
COUNTS |= dict.fromkeys((WHAT[Ending.NEWS], WHAT[Ending.CORRESPONDENCE]), 2)


def make_what_ends() -> dict[Ending, list[UUID]]:
    """Make something of each kind that holds or opens something, and of each kind another that goes on; return ids."""
    purpose = next(each.key for each in current_policy().purposes if each.may_be_objected_to)
    erased, in_part, elsewhere, objecting, stopped, restricting = (make_learner(name) for name in "abcdei")
    files.store([b"hers"], about=(erased.id, "identity_document.file_id"))
    seen = files.store([b"a part"], about=(in_part.id, "identity_document.file_id"))
    make_row("identity_document", learner_id=in_part.id, file_id=seen)
    in_part.email = "deels@example.org"
    make_row("note", learner_id=elsewhere.id)
    contact = make_contact_person(None, email="nieuws@example.org")
    teachers = {kind: make_account(kind.value, "teacher", email=f"{kind}@example.org") for kind in Ending}
    stays = make_account("Blijft", "teacher", email="blijft@example.org")
    for account in (teachers[Ending.SECOND_FACTOR], teachers[Ending.RECOVERY_CODE], stays):
        give_second_factor(account)
    roles = {kind: role_of(teachers[kind]) for kind in (Ending.ROLE, Ending.ROLE_LAST_DAY)}
    session.flush()
    return {
        Ending.ERASURE: [
            erased.id,
            erased_category(in_part.id, "contact"),
            erased_category(in_part.id, "identification"),
            erased_category(elsewhere.id, NOTES),
        ],
        Ending.CONSENT: [agree(make_learner("f"), "survey").id],
        Ending.LAPSE: [agree(make_learner("g"), "survey").id],
        Ending.AUTHORISATION: [make_representative(make_learner("h")).id],
        Ending.ROLE: [roles[Ending.ROLE]],
        Ending.ROLE_LAST_DAY: [roles[Ending.ROLE_LAST_DAY], last_day_of(roles[Ending.ROLE_LAST_DAY], today())],
        Ending.ACCOUNT: [teachers[Ending.ACCOUNT].id],
        Ending.SECOND_FACTOR: [teachers[Ending.SECOND_FACTOR].id],
        Ending.RECOVERY_CODE: [code_of(teachers[Ending.RECOVERY_CODE])],
        Ending.PASSKEY: [make_passkey(holder_of(teachers[Ending.PASSKEY])).id],
        Ending.PASSWORD: [teachers[Ending.PASSWORD].id],
        Ending.EMAIL: [teachers[Ending.EMAIL].id],
        Ending.CALENDAR_FEED: [feed_of(teachers[Ending.CALENDAR_FEED])],
        Ending.OBJECTION: [objected(objecting.id, purpose), objection_over(stopped.id, purpose)],
        Ending.RESTRICTION: [restricting.id],
        Ending.CORRESPONDENCE: [make_message(contact).id, make_application().id],
        Ending.HOLD: [UUID(str(make_row("retention_hold", ends_on=today(), ended_at=None)["id"]))],
        Ending.UNSUBSCRIPTION: [teachers[Ending.UNSUBSCRIPTION].id],
        Ending.NEWS: [ending_of(NEWSLETTER, str(contact.email)), ending_of(NEWSLETTER, "niemand@example.org")],
    }


def role_of(account: Account) -> UUID:
    return session.scalars(select(Membership.id).where(Membership.account_id == account.id)).one()


def code_of(account: Account) -> UUID:
    return UUID(str(make_row("recovery_code", account_id=account.id, used_at=None)["id"]))


def feed_of(account: Account) -> UUID:
    session.add(CalendarFeed(account_id=account.id, token_digest=b"x" * 32, made_at=now() - timedelta(days=1)))
    session.flush()
    return account.id


@pytest.fixture(scope="module")
def backed_up(host: Hosting) -> Hosting:
    """A backup in which something of each kind holds, and a ledger by which it ended since."""
    with in_school(SCHOOL):
        ended = make_what_ends()
    assert set(ended) == set(Ending)
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        reveal()
        for kind, ids in ended.items():
            record_ending(kind, *ids)
    return host


@contextmanager
def applying(*kinds: Ending) -> Iterator[None]:
    """Apply again endings of these kinds alone."""
    kept = APPLIED_AGAIN.all
    APPLIED_AGAIN.connect(*(each for each in kept if each.kind in kinds))
    try:
        yield
    finally:
        APPLIED_AGAIN.connect(*kept)


@pytest.mark.promise("OP-07")
def test_it_is_green_where_all_of_it_ended_and_counts_each_kind(backed_up: Hosting) -> None:
    result = backed_up.restore("--drill")

    assert result.exit_code == 0, result.output
    for what, count in COUNTS.items():
        assert f"tried: 0 of {count} {what}" in result.output


@pytest.fixture(scope="module")
def nothing_applied(backed_up: Hosting) -> Result:
    """A drill in which nothing was applied again."""
    with applying():
        return backed_up.restore("--drill")


@pytest.mark.promise("OP-07")
@pytest.mark.parametrize("kind", Ending)
def test_a_kind_that_was_not_applied_again_is_found(nothing_applied: Result, kind: Ending) -> None:
    what = WHAT[kind]
    assert nothing_applied.exit_code == 1
    assert f"tried: {COUNTS[what]} of {COUNTS[what]} {what}" in nothing_applied.output
    assert f"{COUNTS[what]} {what}" in nothing_applied.stderr


@pytest.mark.parametrize("left_out", [Ending.CONSENT, Ending.RESTRICTION, Ending.UNSUBSCRIPTION])
def test_one_kind_that_was_left_out_alone_turns_it_red(backed_up: Hosting, left_out: Ending) -> None:
    with applying(*(kind for kind in Ending if kind is not left_out)):
        result = backed_up.restore("--drill")

    assert result.exit_code == 1
    assert result.stderr.strip().endswith(f"the drill found what ended: 1 {WHAT[left_out]}")


def test_a_part_that_stays_in_a_row_of_its_own_turns_it_red(
    backed_up: Hosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remove_others(kind: PersonKind, ids: Sequence[UUID], categories: Collection[str]) -> int:
        return remove_categories(kind, ids, [each for each in categories if each != NOTES])

    monkeypatch.setattr(restored_erasures, "remove_categories", remove_others)

    result = backed_up.restore("--drill")

    assert result.exit_code == 1
    assert result.stderr.strip().endswith(f"the drill found what ended: 1 {WHAT[Ending.ERASURE]}")


def test_a_file_of_who_was_erased_that_stays_on_disk_turns_it_red(
    backed_up: Hosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_unlink", lambda _name: None)

    result = backed_up.restore("--drill")

    assert result.exit_code == 1
    assert result.stderr.strip().endswith(f"the drill found what ended: 2 {FILES}")
