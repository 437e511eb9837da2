"""What ended since a backup has ended in what is restored from it, before anybody is served (OP-07, MN-15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, select, text

from portal.accounts.actors import actor_of, holder_of
from portal.accounts.calendar_feeds.models import CalendarFeed
from portal.accounts.calendar_feeds.services import end_feed
from portal.accounts.members.services import change_roles, end_member, forget_second_factor
from portal.accounts.models import Account, AccountSession, Membership
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.queries import list_passkeys
from portal.accounts.passkeys.services import remove_passkey
from portal.accounts.passwords.services import set_password
from portal.app import create_app
from portal.core.audit.models import AuditEvent, Chain
from portal.core.audit.seals import seal_entries
from portal.core.audit.verification import verify
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db import restore_state
from portal.core.db.scope import hidden_learners, in_school, reveal
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_fields, erase_people, erase_person
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.notifications.daily_mails.models import DailyMail
from portal.notifications.daily_mails.services import switch_mail
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.progress.models import Note
from portal.purposes.models import Consent, Withdrawal
from portal.purposes.objections.models import Objection
from portal.purposes.objections.services import make_objections
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.purposes.withdrawals.services import withdraw_consent
from portal.representation.models import Representative, RepresentativeKind
from portal.representation.services import end_representative, record_representative
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.deidentified.sums import FEWEST
from portal.retention.ends.queries import list_ends
from portal.retention.erasures.services import Why, erase_ended
from tests.core.backups.hosting import Hosting
from tests.factories.accounts import give_second_factor, make_account
from tests.factories.authenticators import make_passkey
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_trajectory
from tests.house.rows import make_row
from tests.seed import SCHOOLS

SCHOOL = SCHOOLS[0].id
SECRET = b"what only her document says"
ERASED_VALUES = ("Zülfikariye", "Karaosmanoglu", "E-77123", "zulfikariye@voorbeeld.example")
EMPTIED_VALUES = ("+31612009988", "Wilgenhoutlaan")
SIGNED = "Dora Weggegaan"
PASSWORD = "zeven paarse olifanten fluiten"


@dataclass(frozen=True)
class Those:
    """Who and what stood in the school when the backup was made."""

    erased: UUID
    file: str
    in_part: UUID
    consenting: UUID
    objecting: UUID
    restricting: UUID
    representative: UUID
    changed: UUID
    ended: UUID
    forgotten: UUID
    unsubscribed: UUID
    photo: UUID
    former: UUID
    over: list[UUID]


def _make_those(by: Actor) -> Those:
    erased = make_learner(
        ERASED_VALUES[0], family_name=ERASED_VALUES[1], number=ERASED_VALUES[2], email=ERASED_VALUES[3]
    )
    stored = files.get_file(files.store([SECRET], about=(erased.id, "identity_document.file_id")))
    in_part = make_learner("Deels", phone=EMPTIED_VALUES[0], street=EMPTIED_VALUES[1])
    consenting, objecting, restricting = make_learner("Ja"), make_learner("Bezwaar"), make_learner("Stil")
    agree(consenting, "survey")
    represented = make_learner("Vertegenwoordigd", birth_date=date(1990, 1, 1))
    acting = record_representative(
        represented.id, kind=RepresentativeKind.AUTHORISED, name="Samira", email="samira@example.org", proof="Gezien",
        ends_on=today() + timedelta(days=30), by=by,
    )  # fmt: skip
    staff = {name: make_account(name, "teacher", "administration", email=f"{name}@example.org") for name in "abcd"}
    give_second_factor(staff["c"])
    for name in "cd":
        make_passkey(holder_of(staff[name]), name="weg")
    make_passkey(holder_of(staff["a"]), name="blijft")
    set_password(staff["d"], PASSWORD, is_staff=True)
    session.add(CalendarFeed(account_id=staff["d"].id, token_digest=b"x" * 32, made_at=now()))
    session.add(
        AccountSession(
            account_id=staff["d"].id, token_digest=b"y" * 32, authenticated_at=now(), expires_at=now() + timedelta(1)
        )
    )
    session.flush()
    return Those(
        erased.id, stored.name, in_part.id, consenting.id, objecting.id, restricting.id, acting.id,
        *(staff[name].id for name in "abcd"),
        files.store([SECRET[::-1]], about=(in_part.id, "identity_document.file_id")),
        _make_former(in_part), _make_over(),
    )  # fmt: skip


def _make_former(learner: Learner) -> UUID:
    """Make a teacher whose name stands beside what she wrote of a learner."""
    former = make_account(SIGNED, "teacher", email="former@example.org")
    make_row("note", learner_id=learner.id, written_by=former.id, written_by_name=SIGNED)
    return former.id


def _make_over() -> list[UUID]:
    """Make learners of whom statutory retention needs the hours for longer than their names."""
    left_on = today() - timedelta(days=5 * 366)
    people = [make_learner("Voorbij", last_contact_on=left_on) for _ in range(FEWEST)]
    for each in people:
        make_trajectory(each, starts_on=left_on - timedelta(days=90), ends_on=left_on, hours_bought=10)
    return [each.id for each in people]


def sums() -> list[tuple[object, ...]]:
    """What is kept without names in the school in scope."""
    rows = session.scalars(select(DeidentifiedRow).order_by(DeidentifiedRow.category, DeidentifiedRow.year)).all()
    return [(row.category, row.year, row.people, row.minutes, row.kept_until) for row in rows]


def _objectable() -> str:
    return next(purpose.key for purpose in current_policy().purposes if purpose.may_be_objected_to)


def _end_those(those: Those, by: Actor) -> None:
    erase_person(PersonKind.LEARNER, those.erased, why="asked")
    erase_category(PersonKind.LEARNER, [those.in_part], "contact", why="asked")
    erase_fields(PersonKind.LEARNER, [those.in_part], ["learner.street"], why="asked")
    withdraw_consent(those.consenting, "survey", by=as_learner(session.get_one(Learner, (SCHOOL, those.consenting))))
    make_objections(those.objecting, [_objectable()], data_request_id=None, by=PORTAL)
    represented = session.get_one(Representative, (SCHOOL, those.representative)).learner_id
    end_representative(represented, those.representative, by=by)
    change_roles(those.changed, frozenset({Role.TEACHER}), by=by)
    end_member(those.ended, by=by)
    forget_second_factor(those.forgotten, by=by)
    holder = session.get_one(Account, (SCHOOL, those.unsubscribed))
    herself = actor_of(holder.id, holder.name, frozenset({"teacher"}))
    switch_mail(is_on=False, by=herself)
    remove_passkey(list_passkeys(holder.id, herself.scope)[0].id, by=herself)
    set_password(holder, "acht groene giraffen neuriën", is_staff=True)
    end_feed(by=herself)
    restrict(those.restricting, ground=RestrictionGround.CLAIM, by=PORTAL)
    erase_people(PersonKind.STAFF, [those.former], why="term", keeps_signatures=True)
    over = {
        each.person_id: each.over_on(today()) for each in list_ends(PersonKind.LEARNER, those.over, today(), SYSTEM)
    }
    assert all(each.is_whole for each in erase_ended(PersonKind.LEARNER, over, why=Why.TERM, day=today(), by=PORTAL))


@pytest.fixture(scope="module")
def those(host: Hosting) -> Those:
    """Somebody and something of each kind, a backup of them, and then the end of each."""
    with in_school(SCHOOL):
        account = make_account("Directie", "management", "administration", email="directie@example.org")
        by = actor_of(account.id, account.name, frozenset({"management", "administration"}))
        made = _make_those(by)
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        reveal()
        _end_those(made, by)
    with in_school(SCHOOL):
        while seal_entries():
            pass
    return made


@pytest.fixture(scope="module")
def restored(host: Hosting, those: Those) -> Iterator[Hosting]:
    """The backup, put back into an empty place."""
    with host.empty_place() as place:
        result = host.restore()
        assert result.exit_code == 0, result.output
        assert "restored: the portal can be served" in result.output
        yield place


def every_row(place: Hosting) -> str:
    """Everything that stands in the database, as its owner's superuser sees it."""
    url = make_url(place.database.owner_url).set(username="postgres")
    engine = create_engine(url, poolclass=NullPool)
    rows = []
    with engine.connect() as connection:
        for name in connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all():
            rows += connection.scalars(text(f'select "{name}"::text from "{name}"')).all()
    return "\n".join(rows)


@pytest.mark.promise("MN-15")
@pytest.mark.promise("OP-07")
def test_what_was_erased_stands_nowhere(restored: Hosting, those: Those) -> None:
    held = every_row(restored)
    assert "Vertegenwoordigd" in held
    assert not [value for value in (*ERASED_VALUES, *EMPTIED_VALUES) if value.lower() in held.lower()]
    names = [path.name for path in restored.files.rglob("*") if path.is_file()]
    assert those.file not in names


@pytest.mark.promise("LB-13")
def test_what_was_kept_without_names_is_kept_so_again(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert not session.scalars(select(Learner.id).where(Learner.id.in_(those.over))).all()
        assert [(each[0], each[2]) for each in sums()] == [("trajectory", FEWEST)]


def test_the_name_of_who_worked_here_stays_beside_what_she_wrote(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert not session.scalars(select(Account.id).where(Account.id == those.former)).all()
        assert session.scalars(select(Note.written_by_name)).all() == [SIGNED]


@pytest.mark.promise("OP-07")
def test_what_a_learner_stopped_is_stopped(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert hidden_learners() == {those.restricting}
        consent = session.scalars(select(Consent).where(Consent.learner_id == those.consenting)).one()
        objection = session.scalars(select(Objection).where(Objection.learner_id == those.objecting)).one()
        withdrawal = session.scalars(select(Withdrawal).where(Withdrawal.consent_id == consent.id)).one()
        assert consent.ended_at is not None
        assert withdrawal.purpose == "survey"
        assert objection.is_in_force


@pytest.mark.promise("OP-07")
def test_every_ended_access_is_ended(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        accounts = {row.id: row for row in session.scalars(select(Account))}
        roles = session.scalars(
            select(Membership.role).where(Membership.account_id == those.changed, Membership.lasts_until(today()))
        ).all()
        acting = session.get_one(Representative, (SCHOOL, those.representative))
        mail = session.scalars(select(DailyMail).where(DailyMail.account_id == those.unsubscribed)).one()
        assert acting.ended_at is not None
        assert accounts[those.ended].ended_at is not None
        assert accounts[those.forgotten].totp_secret is None
        assert accounts[those.unsubscribed].password_hash is None
        assert roles == [Role.TEACHER]
        assert mail.is_off
        assert session.scalars(select(Passkey.label)).all() == ["blijft"]
        assert not session.scalars(select(CalendarFeed)).all()
        assert not session.scalars(select(AccountSession).where(AccountSession.is_in_force)).all()


@pytest.mark.promise("LB-08", "ST-06")
@pytest.mark.promise("MN-11", part="loss")
def test_what_nobody_ended_comes_back_whole(restored: Hosting, those: Those) -> None:
    with in_school(SCHOOL):
        assert b"".join(files.open_file(those.photo)) == SECRET[::-1]
        changed = session.get_one(Account, (SCHOOL, those.changed))
        assert changed.is_in_force
        assert session.get_one(Learner, (SCHOOL, those.in_part)).given_name == "Deels"


def test_the_audit_goes_on_whole_and_says_what_was_lost(restored: Hosting) -> None:
    with in_school(SCHOOL):
        while seal_entries():
            pass
    with in_school(SCHOOL):
        assert [verify(chain).finding for chain in Chain] == [None, None]
        said = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.restored")).one()
        assert said.facts["applied"]["erasure"] >= 2
        assert said.facts["lost"]


def test_nobody_is_served_while_it_is_being_restored(restored: Hosting) -> None:
    client = create_app().test_client()
    engine = create_engine(restored.database.owner_url, poolclass=NullPool)

    def answered() -> int:
        answer = client.get("/aanmelden", base_url="https://lest-best.localhost")
        if answer.status_code == 503:
            assert "oude kopie" in answer.text
            assert answer.headers["Retry-After"] == "300"
        return answer.status_code

    assert answered() == 200
    with engine.begin() as connection:
        restore_state.begin(connection, uuid4(), now())
    try:
        assert answered() == 503
    finally:
        with engine.begin() as connection:
            restore_state.end(connection)
    assert answered() == 200


def test_a_place_that_is_not_empty_is_refused(host: Hosting, restored: Hosting) -> None:
    before = every_row(restored)
    result = host.restore()
    assert result.exit_code == 1
    assert "isn't empty" in result.stderr
    assert every_row(restored) == before
