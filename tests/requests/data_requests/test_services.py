"""Asking, showing who asks, putting off, joining and taking back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.core.audit.queries import list_of_learner
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.requests.data_requests import own_requests, services
from portal.requests.data_requests.models import (
    DataRequest,
    ExtensionReason,
    IdentityCheck,
    RequestChannel,
    RequestKind,
)
from portal.requests.data_requests.queries import Waiting, count_requests, list_requests, text_of
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, enter


def code_in_mail() -> str:
    """Return the code that was mailed last."""
    row = session.scalars(select(Mail).where(Mail.template == "requests/code").order_by(Mail.asked_at.desc())).first()
    assert row is not None
    assert row.sealed is not None
    found = re.search(r'"code": "([0-9]{6})"', keys.unseal_for_school(row.sealed, "mail"))
    assert found is not None
    return found[1]


def mailed(template: str = "requests/step") -> int:
    return session.scalar(select(func.count()).select_from(Mail).where(Mail.template == template)) or 0


def test_what_she_asks_is_numbered_dated_sealed_mailed_and_written_down(school: SchoolView) -> None:
    learner = make_learner(last_contact_on=today() - timedelta(days=300))
    before = mailed()

    request = ask(learner, body="Graag alles van mij.")

    assert request.number == f"V-{today():%y}-0001"
    assert request.due_on == today() + timedelta(days=28)
    assert b"Graag" not in (request.body or b"")
    assert text_of(request, "body") == "Graag alles van mij."
    assert mailed() == before + 1
    assert session.get_one(Learner, (school.id, learner.id)).last_contact_on == today()
    assert "requests.filed" in [each.event for each in list_of_learner(learner.id)]
    assert ask(make_learner()).number == f"V-{today():%y}-0002"


def test_a_mail_about_a_request_tells_nothing_of_it(school: SchoolView) -> None:
    ask(make_learner("Amina", "Yilmaz"), RequestKind.ERASURE, body="Over mijn scheiding.", categories=("contact",))
    sealed = session.scalars(select(Mail).where(Mail.template == "requests/step")).all()[-1].sealed
    assert sealed is not None
    text = keys.unseal_for_school(sealed, "mail")
    assert "scheiding" not in text
    assert "contact" not in text


def test_a_copy_that_waits_is_not_asked_twice(school: SchoolView) -> None:
    learner = make_learner()
    first = ask(learner)
    with pytest.raises(Conflict) as refusal:
        ask(learner)
    assert refusal.value.facts == {"number": first.number}


def test_for_a_child_a_parent_asks(school: SchoolView) -> None:
    child = make_learner(birth_date=today().replace(year=today().year - 12, day=1))
    with pytest.raises(NotAllowed):
        ask(child)
    assert ask(child, by=as_learner(child, represents=True)).is_by_representative


def test_who_represents_within_limits_asks_about_no_more(school: SchoolView) -> None:
    learner = make_learner()
    whole = as_learner(learner, represents=True)
    limited = whole.__class__(
        **{
            **whole.__dict__,
            "own": whole.own.__class__(**{**whole.own.__dict__, "sees": frozenset({"attendance", "dealings"})}),
        }
    ).on_own_record()
    assert ask(learner, by=limited).categories == ["attendance", "dealings"]


@pytest.mark.promise("LB-11", part="identity check")
def test_who_signed_in_by_two_steps_has_shown_who_she_is_and_another_types_a_code(school: SchoolView) -> None:
    assert ask(make_learner()).identity_check is IdentityCheck.SIGN_IN

    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, is_certain=False, by=by)
    assert request.identity_check is None
    with pytest.raises(Invalid, match="wrong_code"):
        services.accept_code(request.id, "000000" if code_in_mail() != "000000" else "111111", by=by)
    assert services.accept_code(request.id, code_in_mail(), by=by).identity_check is IdentityCheck.KNOWN_MAIL


def test_six_wrong_codes_are_the_last_whatever_new_code_is_asked(
    school: SchoolView, clock: Callable[[datetime], None]
) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, is_certain=False, by=by)
    wrong = "000000" if code_in_mail() != "000000" else "111111"
    for _try in range(6):
        with pytest.raises(Invalid, match="wrong_code"):
            services.accept_code(request.id, wrong, by=by)
    clock(now() + timedelta(minutes=1))
    services.send_code_again(request.id, by=by)
    with pytest.raises(Invalid, match="code_over"):
        services.accept_code(request.id, code_in_mail(), by=by)


def test_a_new_code_is_mailed_once_a_minute(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, is_certain=False, by=by)
    first, moment = code_in_mail(), now()
    with pytest.raises(Conflict, match="code_just_sent"):
        services.send_code_again(request.id, by=by)
    clock(moment + timedelta(minutes=1, seconds=1))
    services.send_code_again(request.id, by=by)
    assert code_in_mail() != first
    with pytest.raises(Invalid, match="wrong_code"):
        services.accept_code(request.id, first, by=by)


def test_a_code_is_good_for_half_an_hour(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, is_certain=False, by=by)
    clock(datetime.now(UTC) + timedelta(minutes=31))
    with pytest.raises(Invalid, match="code_over"):
        services.accept_code(request.id, code_in_mail(), by=by)


def test_a_code_of_one_request_opens_no_other(school: SchoolView) -> None:
    amina, omar = make_learner(), make_learner()
    as_amina, as_omar = as_learner(amina), as_learner(omar)
    theirs = ask(omar, is_certain=False, by=as_omar)
    ask(amina, is_certain=False, by=as_amina)
    hers = code_in_mail()
    with pytest.raises(Invalid):
        services.accept_code(theirs.id, hers, by=as_omar)
    with pytest.raises(NotFound):
        services.accept_code(theirs.id, hers, by=as_amina)


def test_nobody_shows_who_she_is_to_object_or_take_consent_back(school: SchoolView) -> None:
    request = ask(make_learner(), RequestKind.OBJECTION, is_certain=False, purposes=("security",))
    assert request.identity_check is None
    assert request.code_digest is None


def test_the_desk_writes_down_from_the_day_of_receipt(school: SchoolView) -> None:
    learner = make_learner()
    received = today() - timedelta(days=20)
    request = enter(learner_id=learner.id, received_on=received, channel=RequestChannel.LETTER)
    assert request.due_on == received + timedelta(days=28)
    assert request.channel is RequestChannel.LETTER
    stranger = enter(body="Heeft u iets van mij?")
    assert stranger.asker_name == "Noor Visser"
    assert text_of(stranger, "body") == "Heeft u iets van mij?"
    with pytest.raises(Invalid):
        enter(received_on=today() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        enter(by=as_staff("teacher"))


@pytest.mark.promise("LB-10", part="seen")
def test_the_desk_sees_what_is_nearly_due_and_what_is_late(school: SchoolView) -> None:
    by = as_staff()
    fresh, soon, late = (enter(received_on=today() - timedelta(days=days)) for days in (1, 22, 29))
    numbers = {
        wanted: [line.request.number for line in list_requests(wanted, by).rows]
        for wanted in (Waiting.OPEN, Waiting.SOON, Waiting.LATE)
    }
    assert numbers[Waiting.OPEN] == [late.number, soon.number, fresh.number]
    assert numbers[Waiting.SOON] == [soon.number]
    assert numbers[Waiting.LATE] == [late.number]
    counts = count_requests(by)
    assert (counts.open, counts.soon, counts.late, counts.median_days) == (3, 1, 1, None)


def test_the_desk_is_searched_by_a_part_of_a_name_or_number(school: SchoolView) -> None:
    by = as_staff()
    hers = enter(learner_id=make_learner("Yara", "Ha_dad").id)
    other = enter(learner_id=make_learner("Yara", "Haddad").id)

    def found(text: str) -> set[str | None]:
        return {line.request.number for line in list_requests(Waiting.OPEN, by, text=text).rows}

    assert found("yara") == {hers.number, other.number}
    assert found("A_D") == {hers.number}
    assert found(str(other.number).lower()) == {other.number}
    assert list_requests(Waiting.CLOSED, by, text="yara").total == 0
    assert found("%") == set()


def test_an_answer_is_put_off_once_before_its_day_with_a_reason_that_she_hears(school: SchoolView) -> None:
    by = as_staff()
    kind = RequestKind.RECTIFICATION
    request, late = enter(kind), enter(kind, received_on=today() - timedelta(days=29))
    with pytest.raises(Invalid):
        services.extend_request(request.id, ExtensionReason.COMPLEXITY, " ", by=by)
    request = ask(make_learner(), kind)
    before = mailed()
    services.extend_request(request.id, ExtensionReason.COMPLEXITY, "Er zijn veel verslagen.", by=by)
    assert today() + timedelta(days=80) < request.due_on <= today() + timedelta(days=93)
    assert text_of(request, "extension_reason") == "Er zijn veel verslagen."
    assert mailed() == before + 1
    with pytest.raises(Conflict, match="extended"):
        services.extend_request(request.id, ExtensionReason.NUMBER, "Nog eens.", by=by)
    with pytest.raises(Conflict, match="past_its_day"):
        services.extend_request(late.id, ExtensionReason.NUMBER, "Te druk.", by=by)
    with pytest.raises(NotAllowed):
        services.extend_request(request.id, ExtensionReason.NUMBER, "Mag niet.", by=as_staff("privacy_officer"))


def test_joined_requests_keep_the_earliest_day_and_are_one_persons(school: SchoolView) -> None:
    learner, by = make_learner(), as_staff()
    first = enter(learner_id=learner.id, received_on=today() - timedelta(days=10), kind=RequestKind.RECTIFICATION)
    second = enter(learner_id=learner.id, kind=RequestKind.RECTIFICATION, body="Mijn naam.")
    kept = services.join_requests(first.id, second.id, by=by)
    assert kept.id == second.id
    assert kept.due_on == today() + timedelta(days=18)
    assert not first.is_open
    with pytest.raises(Conflict, match="not_one_person"):
        services.join_requests(enter(learner_id=make_learner().id).id, second.id, by=by)


def test_who_asked_takes_it_back_and_nobody_else(school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, by=by)
    with pytest.raises(NotFound):
        services.withdraw_request(request.id, by=as_learner(make_learner()))
    services.withdraw_request(request.id, by=by)
    services.withdraw_request(request.id, by=by)
    assert not request.is_open
    assert ask(learner, by=by).number != request.number


def test_a_member_of_staff_asks_about_her_own_account(school: SchoolView) -> None:
    by = as_staff("teacher")
    request = own_requests.file_own_request(
        services.Wish(kind=RequestKind.ACCESS), language="nl", has_second_factor=True, by=by.on_own_record()
    )
    assert request.account_id == by.account_id
    assert request.learner_id is None
    assert session.scalar(select(func.count()).select_from(DataRequest)) == 1


def test_she_is_mailed_that_somebody_has_it_once_and_that_it_is_known_who_asks(school: SchoolView) -> None:
    request = enter(learner_id=make_learner("Amina", "Yilmaz", email="amina@example.org").id)
    before = mailed()
    one, other = as_staff(), as_staff()

    services.take_request(request.id, by=one)
    assert mailed() == before + 1
    services.take_request(request.id, by=other)
    services.take_request(request.id, by=other)
    assert mailed() == before + 1
    services.check_identity(request.id, IdentityCheck.COUNTER, by=one)
    services.check_identity(request.id, IdentityCheck.COUNTER, by=one)
    assert mailed() == before + 2
