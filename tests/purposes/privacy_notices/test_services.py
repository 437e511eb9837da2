"""Telling people that the school has their data: by mail, by letter, once, within a month, and what is kept of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core.clock import AMSTERDAM, local, now
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import HANDED, WAITING, Job
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.imports.runs.undo import start_undo
from portal.learners.merges.services import merge_learners
from portal.learners.origins.rows import origin_rows
from portal.learners.origins.services import store_origins
from portal.learners.record.models import Learner, Source
from portal.organisations.models import ContactOrigin
from portal.policy.announcements.models import PolicyNoticeSeen
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.purposes.privacy_notices.labels import FROM_WHOM
from portal.purposes.privacy_notices.queries import (
    WITHIN,
    NoticeState,
    count_told_in_time,
    count_untold,
    find_informed,
    list_notices,
    list_untold,
)
from portal.purposes.privacy_notices.services import note_letters, select_untold, tell_by_email, texts_for
from portal.schools.queries import SchoolView, current_school
from tests.factories.courses import make_group
from tests.factories.imports import make_office, sheet_bytes, stored
from tests.factories.learners import (
    make_contact_person,
    make_enrolment,
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.factories.restrictions import hold
from tests.house.rows import make_row
from tests.jobs import do_jobs, fail_job
from tests.signing_in import make_account

Enter = Callable[[str], AbstractContextManager[SchoolView]]
TELL = "purposes.send_privacy_notices"

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.fixture
def office(school: SchoolView) -> Actor:
    """Somebody of administration at Lest Best."""
    return make_office()


def untold() -> list[str]:
    return [each.name for each in list_untold(SYSTEM).rows]


def notices() -> list[PrivacyNotice]:
    return list(session.scalars(select(PrivacyNotice).order_by(PrivacyNotice.id)))


def posted() -> list[dict[str, Any]]:
    """Return what each mail that waits says, with its language."""
    import json

    rows = session.scalars(select(Mail).where(Mail.template == "purposes/privacy_notice").order_by(Mail.id))
    return [{"language": row.language, **json.loads(keys.unseal_for_school(row.sealed or b"", "mail"))} for row in rows]


def test_everybody_whose_data_came_from_others_stands_in_the_list(office: Actor) -> None:
    stored(sheet_bytes(["Voornaam", "Achternaam", "Geboortedatum"], ["Amina", "Yusuf", "1-9-1990"]), office)
    learner = make_learner("Bereket", "Tesfay")
    make_representative(learner, name="Samira Tesfay")
    make_contact_person(make_organisation(), "Kim de Boer")

    found = {each.name: each for each in list_untold(SYSTEM).rows}

    assert set(found) == {"Amina Yusuf", "Bereket Tesfay", "Samira Tesfay", "Kim de Boer"}
    assert {each.kind for each in found.values()} == {
        PersonKind.LEARNER, PersonKind.REPRESENTATIVE, PersonKind.CONTACT_PERSON
    }  # fmt: skip
    assert count_untold(SYSTEM).all == 4


def test_who_was_pointed_to_the_statement_or_read_of_it_counts_as_told(office: Actor) -> None:
    enrolled, spoken, reading = make_learner("Amina"), make_learner("Bereket"), make_learner("Chen")
    shown = {"statement_version_id": current_school().policy_version_id, "statement_shown_at": now()}
    make_enrolment(enrolled, make_group(), **shown)
    make_row("intake", learner_id=spoken.id, **shown)
    account = make_account("Chen", "learner")
    reading.account_id = account.id
    announcement = make_row("policy_announcement")
    session.add(PolicyNoticeSeen(announcement_id=announcement["id"], account_id=account.id, seen_at=now()))
    make_learner("Dilan", "Demir")
    session.flush()

    assert untold() == ["Dilan Demir"]


def test_who_is_invited_to_sign_in_must_be_told_by_then(office: Actor) -> None:
    invited, known = now() - timedelta(days=3), now() - timedelta(days=90)
    for name, at in (("Amina", invited), ("Bereket", known)):
        account = make_account(name, "learner")
        account.created_at = at
        make_learner(name, created_at=now() - timedelta(days=10)).account_id = account.id
    make_learner("Chen", created_at=now() - timedelta(days=10))
    session.flush()

    rows = list_untold(SYSTEM).rows
    received_on = local(now() - timedelta(days=10)).date()
    assert [(each.name.split()[0], each.due_on, each.is_contacted) for each in rows] == [
        ("Bereket", received_on, True),
        ("Amina", local(invited).date(), True),
        ("Chen", WITHIN.added_to(received_on), False),
    ]
    counts = count_untold(SYSTEM)
    assert (counts.late, counts.all) == (2, 3)


def test_the_list_goes_by_pages_and_is_searched_by_name(office: Actor) -> None:
    for number in range(53):
        make_learner(f"Naam{number:02d}", "Berg")
    make_contact_person(make_organisation("Gemeente Zeist"), "Kim de Boer")

    first, second = list_untold(SYSTEM), list_untold(SYSTEM, page=2)
    assert (len(first.rows), len(second.rows), first.total, first.pages) == (50, 4, 54, 2)
    assert not {each.id for each in first.rows} & {each.id for each in second.rows}
    assert [each.name for each in list_untold(SYSTEM, text="naam07").rows] == ["Naam07 Berg"]
    assert [each.name for each in list_untold(SYSTEM, text="zeist").rows] == ["Kim de Boer"]
    for nothing in ("%", "_\0", "x" * 5000):
        assert list_untold(SYSTEM, text=nothing).total == 0


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 5, 4), date(2026, 6, 4)),
    ],
)
def test_a_calendar_month_is_counted_from_receipt(
    office: Actor, clock: Callable[[datetime], None], received: date, due: date
) -> None:
    make_learner("Amina", created_at=datetime(received.year, received.month, received.day, 0, 30, tzinfo=AMSTERDAM))
    states = []
    for days in (-8, -7, 0, 1):
        day = due + timedelta(days=days)
        clock(datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM))
        [person] = list_untold(SYSTEM).rows
        counts = count_untold(SYSTEM)
        states.append((person.state, counts.late, counts.soon))
        assert person.due_on == due
    assert states == [
        (NoticeState.DUE, 0, 0), (NoticeState.SOON, 0, 1), (NoticeState.SOON, 0, 1), (NoticeState.LATE, 1, 0)
    ]  # fmt: skip


def test_who_has_an_address_is_mailed_in_her_language_and_the_rest_is_listed(office: Actor) -> None:
    client = make_organisation("Gemeente Utrecht")
    amina = make_learner("Amina", email="amina@example.org", preferred_language="ar", phone="+31612345678")
    make_trajectory(amina, client_id=client.id)
    origins = origin_rows(amina.id, {"learner.phone": "x"}, source=Source.REFERRER, channel="paper")
    store_origins(origins)
    chen = make_learner("Chen", "Li")
    person = make_contact_person(client, "Kim de Boer", email="kim@example.org")
    ids = [amina.id, chen.id, person.id]

    assert [each.name for each in select_untold(ids, by=office).left_out] == ["Chen Li"]
    tell_by_email(ids, by=office)
    assert do_jobs(TELL) == [TELL]

    first, second = sorted(posted(), key=lambda each: each["to"])
    assert (first["to"], first["language"], second["language"]) == ("amina@example.org", "ar", "nl")
    assert "Gemeente Utrecht" in first["context"]["from_whom"]
    assert len(first["context"]["fields"]) >= 4
    assert first["context"]["statement"].endswith("/privacy/2021-01-19")
    by_person = {row.learner_id or row.contact_person_id: row for row in notices()}
    row = by_person[amina.id]
    assert (row.way, row.language, row.source, row.channel) == (NoticeWay.EMAIL, "ar", "referrer", "paper")
    assert (row.statement_version_id, row.told_by) == (current_school().policy_version_id, office.account_id)
    assert set(by_person) == {amina.id, person.id}
    assert untold() == ["Chen Li"]


FROM_HERSELF = "Wij kregen uw gegevens van u."
FROM_COMPANY = "Wij kregen uw gegevens van het bedrijf of de organisatie waar u werkt."
FROM_ANOTHER = "Wij kregen uw gegevens van iemand anders. U mag vragen van wie."


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (ContactOrigin.HERSELF, FROM_HERSELF),
        (ContactOrigin.COMPANY, FROM_COMPANY),
        (ContactOrigin.OTHER_PARTY, FROM_ANOTHER),
    ],
)
def test_who_is_no_learner_is_told_what_her_record_says_of_where_it_came_from(
    office: Actor, origin: ContactOrigin, told: str
) -> None:
    here = make_contact_person(make_organisation("Gemeente Zeist"), "Kim de Boer", origin=origin)
    alone = make_contact_person(None, "Lot Vos", origin=origin)

    texts = {each.person.id: each for each in texts_for(find_informed([here.id, alone.id], SYSTEM), by=office)}

    assert texts[here.id].facts["from_whom"] == f"U werkt bij Gemeente Zeist. {told}"
    assert texts[alone.id].facts["from_whom"] == told
    note_letters([here.id, alone.id], by=office)
    assert {row.source for row in notices()} == {origin.value}


def test_there_is_a_sentence_for_each_origin_of_who_is_no_learner() -> None:
    assert set(FROM_WHOM) == set(ContactOrigin)


def test_asked_twice_it_is_told_once(office: Actor) -> None:
    amina = make_learner("Amina", email="amina@example.org")
    tell_by_email([amina.id], by=office)
    tell_by_email([amina.id], by=office)
    do_jobs(TELL)

    assert len(posted()) == len(notices()) == 1
    with pytest.raises(Invalid, match="told_already"):
        tell_by_email([amina.id], by=office)
    with pytest.raises(Invalid, match="told_already"):
        select_untold([amina.id], by=office)
    assert note_letters([amina.id], by=office) == 0


def give_up() -> None:
    """Let the worker have given up on every mail that waits."""
    for job_id in session.scalars(
        select(Job.id).where(Job.kind == "mail.send", Job.state.in_((WAITING, HANDED)))
    ).all():
        fail_job(job_id)


def test_who_was_mailed_in_vain_was_not_told_and_is_told_again(office: Actor) -> None:
    amina = make_learner("Amina", "Yilmaz", email="amina@example.org")
    mother = make_representative(make_learner("Yara", email="y@example.org"), name="Samira", email="s@example.org")
    kim = make_contact_person(make_organisation(), "Kim de Boer", email="kim@example.org")
    ids = [amina.id, mother.id, kim.id]
    tell_by_email(ids, by=office)
    do_jobs(TELL)
    assert set(untold()) == {each.full_name for each in session.scalars(select(Learner)) if each.id != amina.id}

    give_up()

    assert {"Amina Yilmaz", "Samira", "Kim de Boer"} <= set(untold())
    assert list_notices(amina.id, SYSTEM) == []
    told, all_of_them = count_told_in_time(SYSTEM)
    assert (told, all_of_them) == (4, 4), "each still can be, within the month"
    note_letters([kim.id], by=office)
    tell_by_email([amina.id, mother.id], by=office)
    do_jobs(TELL)
    assert not {"Amina Yilmaz", "Samira", "Kim de Boer"} & set(untold())
    assert sorted(row.way for row in notices()) == [NoticeWay.EMAIL, NoticeWay.EMAIL, NoticeWay.LETTER]
    assert [row.way for row in list_notices(amina.id, SYSTEM)] == [NoticeWay.EMAIL]


def test_the_mail_to_who_is_no_learner_goes_where_she_is_erased(office: Actor) -> None:
    kim = make_contact_person(make_organisation(), "Kim de Boer", email="kim@example.org")
    tell_by_email([kim.id], by=office)
    do_jobs(TELL)
    assert len(posted()) == 1

    erase_person(PersonKind.CONTACT_PERSON, kim.id, why="asked", by=office)

    assert posted() == []


def test_a_letter_is_noted_when_it_was_sent(office: Actor) -> None:
    chen = make_learner("Chen", "Li", preferred_language="en")
    learner = make_representative(make_learner("Amina", email="a@example.org"), name="Samira Yilmaz")

    texts = texts_for(find_informed([chen.id, learner.id], SYSTEM), by=office)
    assert [(text.person.name, text.language) for text in texts] == [("Chen Li", "en"), ("Samira Yilmaz", "nl")]
    assert notices() == []

    assert note_letters([chen.id, learner.id], by=office) == 2
    assert {(row.way, row.language) for row in notices()} == {(NoticeWay.LETTER, "en"), (NoticeWay.LETTER, "nl")}
    assert [row.way for row in list_notices(chen.id, SYSTEM)] == [NoticeWay.LETTER]


def test_nobody_too_many_and_who_is_not_there_are_refused(office: Actor) -> None:
    chen = make_learner("Chen", "Li")
    with pytest.raises(Invalid, match="nobody"):
        select_untold([], by=office)
    with pytest.raises(Invalid, match="too_many"):
        select_untold([new_id() for _ in range(201)], by=office)
    with pytest.raises(NotFound):
        select_untold([chen.id, new_id()], by=office)
    with pytest.raises(NotFound):
        note_letters([new_id()], by=office)
    with pytest.raises(Invalid, match="nobody_by_email"):
        tell_by_email([chen.id], by=office)
    with pytest.raises(NotAllowed):
        tell_by_email([chen.id], by=PORTAL)


def test_who_restricted_her_data_is_in_no_list_and_gets_no_mail_of_this(office: Actor) -> None:
    amina = make_learner("Amina", email="amina@example.org")
    make_representative(amina, email="samira@example.org")
    tell_by_email([amina.id], by=office)
    hold(amina.id)
    checkpoint()

    do_jobs(TELL)

    assert (posted(), untold()) == ([], [])


def test_merging_keeps_that_she_was_told_and_erasing_takes_it(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner("Amina", "Yilmaz"), make_learner("Amina", "Yılmaz")
    note_letters([kept.id, other.id], by=office)
    merge_learners(kept.id, other.id, take=(), by=office)

    assert [row.learner_id for row in notices()] == [kept.id]
    assert untold() == []

    erase_person(PersonKind.LEARNER, kept.id, why="test", by=PORTAL)
    assert notices() == []


def test_undoing_an_import_takes_the_note_back(office: Actor) -> None:
    header = ["Voornaam", "Achternaam", "Geboortedatum", "E-mail"]
    run = stored(sheet_bytes(header, ["Amina", "Yusuf", "1-9-1990", "amina@example.org"]), office)
    [amina] = session.scalars(select(Learner.id))
    tell_by_email([amina], by=office)
    do_jobs(TELL)
    assert len(notices()) == 1

    start_undo(run.id, by=office)
    do_jobs()

    assert (session.scalar(select(func.count()).select_from(Learner)), notices()) == (0, [])


def test_the_number_of_statements_does_not_grow_with_the_list(
    office: Actor, count_statements: Callable[[], Any]
) -> None:
    def asked(ids: list[UUID]) -> int:
        with count_statements() as statements:
            list_untold(SYSTEM)
            count_untold(SYSTEM)
            texts_for(find_informed(ids, SYSTEM), by=office)
        return len(statements)

    one = [make_learner("Amina").id]
    asked(one)
    first = asked(one)
    many = [make_learner(f"L{number}").id for number in range(12)]
    assert asked(many) == first
