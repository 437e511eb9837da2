"""What ended of somebody's access after a backup opens nothing in what is restored from it; each is tried (OP-07)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.invitations.links import make_link
from portal.accounts.invitations.services import keep_role_until
from portal.accounts.lost_addresses.queries import list_lost
from portal.accounts.members.services import end_role
from portal.accounts.models import Account, LinkKind, Membership
from portal.accounts.own_account.emails import confirm_new_email
from portal.accounts.passwords.resets import ask_reset
from portal.accounts.queries import get_member
from portal.accounts.second_factor.services import accept_code, renew_recovery_codes
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job, perform
from portal.core.mail import Mail
from portal.permissions import Role
from tests.core.backups.hosting import Hosting, hosting
from tests.factories.accounts import give_second_factor, make_account
from tests.seed import SCHOOLS

SCHOOL = SCHOOLS[0].id
LAST_DAY = today() + timedelta(days=20)
FAR_DAY = today() + timedelta(days=300)
OLD, NEW = "oud@example.org", "nieuw@example.org"

pytestmark = pytest.mark.usefixtures("app")


@dataclass(frozen=True)
class Those:
    """Whose access changed after the backup, and the recovery codes that they have on paper."""

    leaving: UUID
    extended: UUID
    moved: UUID
    numbered: UUID
    used: UUID
    codes: list[str]
    renewed: UUID
    old_codes: list[str]
    brief: UUID
    """Who got two roles on the day of the backup, and lost both on it."""


@pytest.fixture(scope="module")
def host(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    with hosting(tmp_path_factory.mktemp("hosting")) as made:
        yield made


def _staff(name: str, **values: str) -> Account:
    return make_account(name, "teacher", "administration", **{"email": f"{name}@example.org", **values})


def _invited(name: str) -> Account:
    account = _staff(name)
    for row in session.scalars(select(Membership).where(Membership.account_id == account.id)):
        row.starts_on = today()
    session.flush()
    return account


def _move(account: Account, email: str) -> None:
    confirm_new_email(make_link(account, LinkKind.NEW_EMAIL, new_email=email))


def _make_those() -> Those:
    extended = _staff("verlengd")
    keep_role_until(extended, Role.TEACHER, LAST_DAY)
    moved, numbered = _staff("verhuisd", email=OLD), _staff("genummerd")
    numbered.sign_in_number = "C-1234"
    used, renewed = _staff("gebruikt"), _staff("vernieuwd")
    for each in (used, renewed):
        give_second_factor(each)
    return Those(
        _staff("weg").id, extended.id, moved.id, numbered.id, used.id, renew_recovery_codes(used), renewed.id,
        renew_recovery_codes(renewed), _invited("kort").id,
    )  # fmt: skip


def _end_those(those: Those) -> None:
    management = make_account("Directie", "management", email="directie@example.org")
    by = actor_of(management.id, management.name, frozenset({"management"}))
    end_role(those.leaving, Role.TEACHER, last_day=FAR_DAY, by=by)
    end_role(those.leaving, Role.TEACHER, last_day=LAST_DAY, by=by)
    end_role(those.extended, Role.TEACHER, last_day=FAR_DAY, by=by)
    for role in (Role.TEACHER, Role.ADMINISTRATION):
        end_role(those.brief, role, last_day=None, by=by)
    accounts = {row.id: row for row in session.scalars(select(Account))}
    _move(accounts[those.moved], NEW)
    _move(accounts[those.numbered], "ook-nieuw@example.org")
    assert accept_code(accounts[those.used], those.codes[0])
    renew_recovery_codes(accounts[those.renewed])


@pytest.fixture(scope="module")
def those(app: object, host: Hosting) -> Those:
    with in_school(SCHOOL):
        made = _make_those()
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        _end_those(made)
    return made


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the restore printed, once it was done."""
    return []


@pytest.fixture(scope="module")
def restored(host: Hosting, those: Those, said: list[str]) -> Iterator[Hosting]:
    with host.empty_place() as place:
        result = host.restore()
        assert result.exit_code == 0, result.output
        said.append(result.output)
        yield place


@pytest.mark.promise("OP-07")
@pytest.mark.usefixtures("restored")
def test_it_says_how_many_have_no_address_and_names_nobody(said: list[str]) -> None:
    assert f"to do: {SCHOOLS[0].slug}: 2 people have no e-mail address now" in said[0]
    assert "verhuisd" not in said[0]


def _roles_on(account_id: UUID, day: date) -> set[Role]:
    held = select(Membership.role).where(Membership.account_id == account_id, Membership.holds_on(day))
    return set(session.scalars(held))


@pytest.mark.promise("OP-07")
def test_a_role_ends_on_the_last_day_that_it_got_last(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert _roles_on(those.leaving, LAST_DAY) == {Role.TEACHER, Role.ADMINISTRATION}
        assert _roles_on(those.leaving, LAST_DAY + timedelta(days=1)) == {Role.ADMINISTRATION}


@pytest.mark.promise("OP-07")
def test_a_role_that_ended_sooner_in_the_backup_is_not_made_longer(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert _roles_on(those.extended, LAST_DAY + timedelta(days=1)) == {Role.ADMINISTRATION}


@pytest.mark.promise("OP-07")
def test_who_had_roles_for_less_than_a_day_stays_among_who_left(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert _roles_on(those.brief, today()) == set()
        assert get_member(those.brief, SYSTEM).roles == ()


def _mails_of_reset(name: str) -> int:
    """Ask for a new password by this name, and return how many mails that sends."""
    with in_school(SCHOOL):
        before = session.query(Mail).count()
        ask_reset(name)
        job_id = session.scalars(select(Job.id).where(Job.kind == "accounts.send_reset", Job.state != "done")).one()
        session.query(Job).where(Job.id == job_id).update({"state": "handed"})
    perform(SCHOOL, job_id)
    with in_school(SCHOOL):
        return session.query(Mail).count() - before


@pytest.mark.promise("OP-07")
def test_a_replaced_address_gets_no_link_and_names_nobody(restored: Hosting, those: Those) -> None:
    assert _mails_of_reset(OLD) == 0
    assert _mails_of_reset("weg@example.org") == 1, "who changed nothing gets one"
    with in_school(SCHOOL):
        moved, numbered = (session.get_one(Account, (SCHOOL, each)) for each in (those.moved, those.numbered))
        assert (moved.email, numbered.email, numbered.sign_in_number) == (None, None, "C-1234")
        assert moved.sign_in_number is not None
        assert moved.is_in_force
        assert {each.account_id: each.number for each in list_lost(SYSTEM)} == {
            those.moved: None,
            those.numbered: "C-1234",
        }


@pytest.mark.promise("OP-07")
def test_a_used_or_replaced_recovery_code_opens_nothing_and_the_others_do(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        used, renewed = (session.get_one(Account, (SCHOOL, each)) for each in (those.used, those.renewed))
        assert not accept_code(used, those.codes[0])
        assert accept_code(used, those.codes[1])
        assert not any(accept_code(renewed, code) for code in those.old_codes)
