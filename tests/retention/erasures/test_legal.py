"""What a law or a legal claim keeps isn't erased because she asked; the answer says which, and until when (MN-16)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.contacts.subscriptions.queries import refusals
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy
from portal.requests.answers.erasures import Erasing
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import confirm_refusal, decide_request, find_legal_keeps
from portal.requests.data_requests.models import IdentityCheck, Outcome, RequestAnswer, RequestKind
from portal.requests.data_requests.parts import subjects_of
from portal.requests.data_requests.queries import list_answers
from portal.requests.data_requests.services import check_identity
from portal.retention.certificates.kept import BACKUPS, NEEDED, part_from
from portal.retention.certificates.queries import get_certificate
from portal.retention.erasures.legal import law_asking
from portal.retention.erasures.services import erase_asked
from portal.retention.holds.services import set_hold
from portal.retention.models import HoldReason
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.contacts import subscribe
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_trajectory
from tests.factories.requests import as_staff, ask
from tests.factories.requests import enter as enter_request
from tests.house.rows import make_row
from tests.retention.people import GONE, gone, make_invoice

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
UNTIL = timedelta(days=90)


def hold(
    person: Any,
    reason: HoldReason,
    details: str = "Zaak 12 bij de rechtbank",
    *,
    kind: PersonKind = PersonKind.LEARNER,
) -> None:
    set_hold(kind, person.id, reason=reason, details=details, ends_on=today() + UNTIL, by=KEEPER)


def answers(request: Any) -> dict[str, RequestAnswer]:
    return {each.subject: each for each in list_answers(request)}


@pytest.mark.promise("MN-16")
@pytest.mark.parametrize(
    ("reason", "ground"), [(HoldReason.CLAIM, Ground.CLAIM), (HoldReason.LAW, Ground.LAW)], ids=str
)
def test_a_hold_for_a_claim_or_a_law_stops_what_was_granted(
    school: SchoolView, reason: HoldReason, ground: Ground
) -> None:
    learner = make_learner(phone="0612345678", street="Kerkstraat")
    hold(learner, reason)
    request, learner_id = ask(learner, RequestKind.ERASURE), learner.id

    decide_request(request.id, {}, reply="", by=as_staff())

    row = session.scalars(select(Learner).where(Learner.id == learner_id)).one_or_none()
    assert row is not None
    assert (row.phone, row.street) == ("0612345678", "Kerkstraat")
    assert (request.outcome, request.certificate_number) == (Outcome.REFUSED, None)
    answer = answers(request)["contact"]
    assert (answer.ground, answer.kept_for) == (ground, "Zaak 12 bij de rechtbank")
    assert answer.kept_until == today() + UNTIL


OTHERS = {PersonKind.CONTACT_PERSON: "contact_person_id", PersonKind.STAFF: "account_id"}


@pytest.mark.promise("MN-16")
@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize(
    ("reason", "ground"), [(HoldReason.CLAIM, Ground.CLAIM), (HoldReason.LAW, Ground.LAW)], ids=str
)
def test_of_a_contact_and_of_who_worked_here_it_stops_it_too(
    school: SchoolView, kind: PersonKind, reason: HoldReason, ground: Ground
) -> None:
    person = GONE[kind]()
    hold(person, reason, kind=kind)
    request, model, person_id = enter_of(**{OTHERS[kind]: person.id}), type(person), person.id
    keeps = find_legal_keeps(request)

    decide_request(request.id, {}, reply="", by=as_staff())

    assert session.scalars(select(model).where(model.id == person_id)).one_or_none() is not None
    assert (request.outcome, request.certificate_number) == (Outcome.REFUSED, None)
    told = answers(request)
    assert set(told) == set(keeps) == set(subjects_of(request))
    assert {(each.ground, each.kept_for, each.kept_until) for each in told.values()} == {
        (ground, "Zaak 12 bij de rechtbank", today() + UNTIL)
    }


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("reason", [HoldReason.INCIDENT, HoldReason.FINANCIER, HoldReason.PENDING])
def test_another_hold_of_theirs_does_not(school: SchoolView, kind: PersonKind, reason: HoldReason) -> None:
    person = GONE[kind]()
    hold(person, reason, kind=kind)
    request, model, person_id = enter_of(**{OTHERS[kind]: person.id}), type(person), person.id

    decide_request(request.id, {}, reply="Gewist.", by=as_staff())

    assert session.scalars(select(model.id).where(model.id == person_id)).all() == []
    certificate = get_certificate(str(request.certificate_number))
    assert (certificate.kind, certificate.is_whole) == (kind, True)


def test_what_is_asked_of_who_works_here_still_is_kept_by_a_claim(school: SchoolView) -> None:
    account = make_account("Tess Jansen", "teacher")
    request = enter_of(account_id=account.id)
    hold(account, HoldReason.CLAIM, kind=PersonKind.STAFF)
    [first, *rest] = subjects_of(request)

    decide_request(request.id, dict.fromkeys(rest, Ground.LAW), reply="Een deel.", is_done_by_hand=True, by=as_staff())

    assert request.outcome is Outcome.REFUSED
    assert (answers(request)[first].ground, answers(request)[first].kept_until) == (Ground.CLAIM, today() + UNTIL)


@pytest.mark.parametrize("reason", [HoldReason.INCIDENT, HoldReason.FINANCIER, HoldReason.PENDING])
def test_another_hold_does_not(school: SchoolView, reason: HoldReason) -> None:
    learner = make_learner()
    learner_id = learner.id
    hold(learner, reason)

    decide_request(ask(learner, RequestKind.ERASURE).id, {}, reply="Gewist.", by=as_staff())

    assert session.get(Learner, (school.id, learner_id), populate_existing=True) is None


def test_a_hold_that_came_before_the_second_person_counts(school: SchoolView) -> None:
    learner = make_learner(phone="0612345678", street="Kerkstraat")
    request = ask(learner, RequestKind.ERASURE, categories=("contact", "address"))
    by, second = as_staff(), as_staff("management")
    decide_request(request.id, {"address": Ground.UNFOUNDED}, reply="Weer.", proof="Vijf keer.", by=by)
    hold(learner, HoldReason.CLAIM)

    confirm_refusal(request.id, by=second)

    assert answers(request)["contact"].ground == Ground.CLAIM
    assert session.get_one(Learner, (school.id, learner.id), populate_existing=True).phone == "0612345678"


@pytest.mark.promise("MN-16")
def test_what_a_law_asks_stays_and_the_rest_goes(enter: Callable[[str], Any]) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(phone="0612345678", last_contact_on=today() - timedelta(days=400))
        days = today() - timedelta(days=800), today() - timedelta(days=400)
        make_trajectory(learner, starts_on=days[0], ends_on=days[1])
        request = ask(learner, RequestKind.ERASURE)
        assert set(find_legal_keeps(request)) == {"trajectory"}

        decide_request(request.id, {}, reply="Gewist wat mag.", by=as_staff())

        assert request.outcome is Outcome.IN_PART
        answer = answers(request)["trajectory"]
        assert (answer.outcome, answer.ground) == (Outcome.REFUSED, Ground.LAW)
        assert "Wet inburgering" in answer.kept_for
        assert answer.kept_until is not None
        certificate = get_certificate(str(request.certificate_number))
        kept = {part.what: part for part in map(part_from, certificate.kept)}
        assert (kept["trajectory"].until, kept["trajectory"].ground) == (answer.kept_until, "AVG 17 lid 3 b")
        assert set(certificate.erased) | set(kept) - {BACKUPS} == {each.key for each in current_policy().categories}
        assert session.get_one(Learner, (certificate.school_id, learner.id), populate_existing=True).phone is None


def test_a_law_that_is_met_without_names_keeps_nobody(school: SchoolView) -> None:
    policy = current_policy()
    assert policy.term_for("trajectory").law is not None
    assert law_asking(policy, "trajectory") is None


def test_a_refusal_of_the_office_itself_names_the_law(enter: Callable[[str], Any]) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner()
        make_row("invoice_line", learner_id=learner.id, issued_on=today())
        request = ask(learner, RequestKind.ERASURE)
        decide_request(request.id, {"finance": Ground.LAW}, reply="De belastingwet vraagt dit.", by=as_staff())

        assert "rijksbelastingen" in answers(request)["finance"].kept_for


@pytest.mark.promise("MN-16")
@pytest.mark.parametrize("reason", [HoldReason.CLAIM, HoldReason.LAW])
def test_invoices_that_a_hold_keeps_stay_though_the_bookkeeping_has_them(
    enter: Callable[[str], Any], reason: HoldReason
) -> None:
    with enter("onderwijs-pro"):
        learner = gone()
        make_invoice(learner, today())
        hold(learner, reason)
        request = ask(learner, RequestKind.ERASURE)
        assert "finance" in find_legal_keeps(request)

        decide_request(request.id, {}, reply="Gewist.", are_invoices_kept=True, by=as_staff())

        assert session.scalars(select(InvoiceLine.learner_id)).all() == [learner.id]
        answer = answers(request)["finance"]
        last = date(today().year + 7, 12, 31)
        assert (answer.outcome, answer.ground, answer.kept_until) == (Outcome.REFUSED, Ground.LAW, last)
        erased = erase_asked(Erasing(PersonKind.LEARNER, learner.id, ("finance", "contact"), {}, "nl"), as_staff())
        assert erased is None
        assert session.scalars(select(InvoiceLine.learner_id)).all() == [learner.id]


@pytest.mark.promise("MN-16")
def test_invoices_that_the_tax_law_alone_keeps_go_once_the_bookkeeping_has_them(enter: Callable[[str], Any]) -> None:
    with enter("onderwijs-pro"):
        learner = gone()
        make_invoice(learner, today())
        hold(learner, HoldReason.INCIDENT)
        request = ask(learner, RequestKind.ERASURE)
        assert "finance" not in find_legal_keeps(request)

        decide_request(request.id, {}, reply="Gewist.", are_invoices_kept=True, by=as_staff())

        assert session.scalars(select(InvoiceLine.learner_id)).all() == []


def test_a_contact_goes_the_same_way_with_a_certificate_and_her_no_is_kept(school: SchoolView) -> None:
    person = make_contact_person(None, "Noor Visser", email="noor@example.org")
    purpose = subscribe(person).purpose
    request = enter_of(contact_person_id=person.id)
    person_id = person.id

    decide_request(request.id, {}, reply="Gewist.", by=as_staff())
    checkpoint()

    certificate = get_certificate(str(request.certificate_number))
    assert (certificate.kind.value, certificate.is_whole) == ("contact_person", True)
    assert session.get(ContactPerson, (school.id, person_id), populate_existing=True) is None
    assert find_endings(Ending.ERASURE, [person_id])
    assert "noor@example.org" in refusals(purpose, ["noor@example.org"])


def test_a_part_of_a_contact_keeps_what_her_row_needs(school: SchoolView) -> None:
    person = make_contact_person(make_organisation(), email="noor@example.org")
    request = enter_of(contact_person_id=person.id, categories=("contact",))

    decide_request(request.id, {}, reply="Gewist.", by=as_staff())

    assert session.get_one(ContactPerson, (school.id, person.id), populate_existing=True).email is None
    certificate = get_certificate(str(request.certificate_number))
    assert certificate.erased == ["contact"]
    assert NEEDED not in {part_from(each).why for each in certificate.kept}
    assert session.scalars(select(AuditEvent).where(AuditEvent.event == "record.erased")).all()


def enter_of(**asked: Any) -> Any:
    """Let the desk write down that somebody asks to erase, who was seen at the counter."""
    request = enter_request(RequestKind.ERASURE, **asked)
    if request.identity_check is None:
        check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    return request
