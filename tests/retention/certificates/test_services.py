"""A certificate says what went, what stays and why; it names nobody and leads to nobody (MN-15, MN-16)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.crypto.ledger import Ending, digest_of_ending
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.errors import Invalid
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import RequestKind
from portal.retention.certificates.kept import BACKUPS, INVOICES, KeptPart, part_from
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.certificates.queries import get_certificate, list_of
from portal.retention.certificates.services import end_certificates
from portal.schools.queries import SchoolView
from tests.factories.certificates import make_certificate
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.house.rows import make_row


def kept_of(row: ErasureCertificate) -> dict[str, KeptPart]:
    return {part.what: part for part in map(part_from, row.kept)}


@pytest.mark.promise("MN-16")
def test_an_erasure_answers_by_category_what_went_and_what_stays_under_which_law_until_when(enter: Any) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(phone="0612345678", last_contact_on=date(2026, 3, 1))
        make_row("invoice_line", learner_id=learner.id, issued_on=today())
        request = ask(learner, RequestKind.ERASURE)
        decide_request(request.id, {"finance": Ground.LAW}, reply="De belastingwet vraagt dit.", by=as_staff())

        row = get_certificate(str(request.certificate_number))
        kept = kept_of(row)

        assert set(row.erased) | set(kept) - {BACKUPS} == {category.key for category in current_policy().categories}
        assert "contact" in row.erased
        assert "finance" not in row.erased
        assert "belasting" in str(kept["finance"].law)
        assert kept["finance"].ground == "AVG 17 lid 3 b"
        assert kept["finance"].until is not None
        assert list_of(learner.id, SYSTEM) == [row]


@pytest.mark.promise("MN-15")
def test_of_a_whole_person_it_stays_and_says_nothing_of_her(school: SchoolView) -> None:
    learner = make_learner("Amina", "Yilmaz", number="C-4711", email="amina@example.org")
    request, learner_id = ask(learner, RequestKind.ERASURE, body="Alles weg."), learner.id
    decide_request(request.id, {}, reply="Wij wissen alles.", by=as_staff())

    table = ErasureCertificate.__table__
    stored = session.execute(select(table)).mappings().one()

    said = " ".join(map(str, stored.values())).lower()
    assert not [each for each in ("amina", "yilmaz", "c-4711", str(learner_id)) if each in said]
    assert stored["is_whole"]
    assert stored["acted_as"] == ["privacy_staff"]
    assert stored["ledger"] == [digest_of_ending(Ending.ERASURE, learner_id)]
    assert session.get(Learner, (school.id, learner_id)) is None


def test_who_was_erased_is_mailed_the_link_and_the_post_knows_nobody(school: SchoolView) -> None:
    learner = make_learner(email="amina@example.org")
    request = ask(learner, RequestKind.ERASURE)
    decide_request(request.id, {}, reply="Wij wissen alles.", by=as_staff())

    waiting = session.scalars(select(Mail).where(Mail.sealed.is_not(None))).all()

    assert [(each.template, each.account_id, each.learner_id) for each in waiting] == [("requests/erased", None, None)]


def test_invoices_are_with_the_bookkeeping_before_they_go_and_it_says_so(enter: Any) -> None:
    with enter("step-inburgering"):
        learner = make_learner()
        make_row("invoice_line", learner_id=learner.id, issued_on=date(today().year, 3, 1))
        request = ask(learner, RequestKind.ERASURE)
        with pytest.raises(Invalid, match="hand_over_first"), session.begin_nested():
            decide_request(request.id, {}, reply="Goed.", by=as_staff())

        decide_request(request.id, {}, reply="Goed.", are_invoices_kept=True, by=as_staff())

        kept = kept_of(get_certificate(str(request.certificate_number)))
        assert kept[INVOICES].until == date(today().year + 7, 12, 31)
        assert "rijksbelastingen" in str(kept[INVOICES].law)
        assert kept[BACKUPS].until is not None
        assert session.scalars(select(InvoiceLine)).all() == []


def test_numbers_go_on_through_the_year_and_several_are_made_at_once(school: SchoolView) -> None:
    learner = make_learner()
    first, second = make_certificate(learner, "contact"), make_certificate(learner)

    assert int(second.number[-4:]) == int(first.number[-4:]) + 1
    assert first.why is ErasureReason.ASKED
    assert first.ledger == [digest_of_ending(Ending.ERASURE, erased_category(learner.id, "contact"))]


def test_of_another_she_finds_none(school: SchoolView) -> None:
    learner, other = make_learner(), make_learner()
    make_certificate(other, "contact")

    assert list_of(learner.id, SYSTEM) == []


def test_it_goes_by_its_own_term(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    make_certificate(make_learner(), "contact")
    last = current_policy().accountability_term.added_to(today())
    clock(datetime.combine(last, time(12)))
    assert end_certificates(by=PORTAL) == 0
    clock(datetime.combine(last + timedelta(days=1), time(12)))
    assert end_certificates(by=PORTAL) == 1
