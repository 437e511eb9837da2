"""For each figure of a term, a right, a condition or a reason: rows that keep its promise and rows that break it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from portal.accounts.models import AccountSession, LinkKind, SignInLink
from portal.accounts.passkeys.models import Passkey
from portal.assurance.figures.keys import Figure, FigureKey
from portal.attendance.evidence.models import LessonEvidence
from portal.contacts.subscriptions.models import SERVICE_NEWS
from portal.contacts.subscriptions.services import WAITS
from portal.core.audit.models import AuditEvent, Chain
from portal.core.clock import now, start_of, today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.crypto.outbox import push_waiting
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.identity.models import IdentityDocument
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy
from portal.requests.data_requests.models import RequestKind
from portal.retention.deidentified.models import DeidentifiedRow
from tests.assurance.counts.broken_data import BREAKS, DAY, Put, add, set_row
from tests.factories.accounts import make_account
from tests.factories.certificates import make_certificate
from tests.factories.complaints import complain_from_outside
from tests.factories.contacts import make_application, make_copy, make_message, subscribe
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import ask, ask_from_outside

_YEAR = timedelta(days=365)
LONG_AGO = today() - 20 * _YEAR


def _account() -> UUID:
    return make_account("Iemand", email=f"{new_id().hex}@example.org", password=None).id


def sign_in(at: Any, **values: Any) -> AccountSession:
    """Write down that somebody signed in at a moment, from an address."""
    return add(
        AccountSession(
            account_id=_account(), token_digest=new_id().bytes, created_at=at, authenticated_at=at,
            **{"expires_at": at + DAY, "ip_address": "192.0.2.7", **values},
        )
    )  # fmt: skip


def _link(at: Any) -> None:
    add(
        SignInLink(
            account_id=_account(), kind=LinkKind.PASSWORD_RESET, token_digest=new_id().bytes, made_at=at,
            expires_at=min(at, now() - DAY),
        )
    )  # fmt: skip


def _use_passkey(at: Any) -> None:
    add(
        Passkey(
            account_id=_account(), label="Telefoon", host="localhost", credential_id=new_id().bytes, public_key=b"k",
            last_used_at=at,
        )
    )  # fmt: skip


def _enter_activity(at: Any) -> None:
    add(
        AuditEvent(
            at=at, event="accounts.signed_in", actor_kind="staff", actor_id=_account(), actor_name="Iemand",
            actor_roles=[], learner_ids=[], facts={}, chain=Chain.ACTIVITY,
        )
    )  # fmt: skip


def _enter_main(on: date) -> None:
    add(
        AuditEvent(
            at=start_of(on), event="accounts.added", actor_kind="staff", actor_id=_account(), actor_name="Iemand",
            actor_roles=[], learner_ids=[], facts={}, chain=Chain.MAIN,
        )
    )  # fmt: skip


def _sums(on: date) -> None:
    until = current_policy().accountability_term.added_to(on)
    add(DeidentifiedRow(category="attendance", people=7, minutes=600, amount_cents=0, kept_until=until))


RECORDS: Mapping[str, Callable[[date], Any]] = {
    "certificate": lambda on: set_row(make_certificate(make_learner()), made_on=on),
    "request of nobody known": lambda on: set_row(ask_from_outside(), closed_at=start_of(on)),
    "complaint of nobody known": lambda on: set_row(complain_from_outside(), closed_on=on),
    "sums without names": _sums,
    "entry of the audit": _enter_main,
}
"""What names nobody, or whose person nobody here knows, as it is left behind on a day."""


TRACES: Mapping[str, Callable[[Any], Any]] = {
    "session": sign_in,
    "session without its address": lambda at: sign_in(at, ip_address=None),
    "session in force": lambda at: sign_in(at, expires_at=now() + DAY),
    "link": _link,
    "passkey": _use_passkey,
    "entry of the audit": _enter_activity,
}
"""What is left behind by signing in, made at a moment."""


def _person(**values: Any) -> ContactPerson:
    return make_contact_person(make_organisation(f"Bedrijf {new_id().hex[-6:]}"), "Jan", **values)


def _old_relation() -> None:
    _person(created_at=now() - 20 * _YEAR, last_contact_on=LONG_AGO)


def _handled(on: date, *, is_archived: bool = False) -> None:
    row = make_message(_person())
    reason = b"x" * 40 if is_archived else None
    set_row(row, received_on=on, handled_on=on, is_archived=is_archived, archive_reason=reason)


def _signed_up(on: date) -> None:
    set_row(make_application(), received_on=on)


def _bring_back(person_id: UUID) -> None:
    record_ending(Ending.ERASURE, person_id)
    session.flush()
    while push_waiting():
        pass


PEOPLE: Mapping[PersonKind, Callable[[], UUID]] = {
    PersonKind.LEARNER: lambda: make_learner().id,
    PersonKind.REPRESENTATIVE: lambda: make_representative(make_learner()).id,
    PersonKind.CONTACT_PERSON: lambda: _person().id,
    PersonKind.STAFF: _account,
}


def bring_back(kind: PersonKind) -> None:
    """Let somebody of a kind stand here whom the ledger knows as erased."""
    _bring_back(PEOPLE[kind]())


def _document(requested_by: str) -> None:
    learner = make_learner()
    add(
        IdentityDocument(
            learner_id=learner.id, file_id=new_id(), requested_by=requested_by, requested_on=today()
        )
    )  # fmt: skip


def _show_evidence() -> None:
    lesson = make_lesson(make_group())
    add(LessonEvidence(learner_id=make_learner().id, lesson_id=lesson.id, file_id=new_id(), added_at=now()))


def _ask(kind: RequestKind, due_on: date) -> None:
    set_row(ask(make_learner()), kind=kind, due_on=due_on)


def _let_go(**values: Any) -> None:
    make_learner(last_contact_on=LONG_AGO, **values)


_WHEN: Mapping[str, tuple[Put, Put]] = {
    "relation": (_person, _old_relation),
    "question": (lambda: _handled(today()), lambda: _handled(LONG_AGO)),
    "enquiry": (lambda: _signed_up(today()), lambda: _signed_up(LONG_AGO)),
}

SUBJECTS: Mapping[Figure, tuple[Put, Put]] = {
    **{Figure(FigureKey.CONTACTS_PAST_TERM, use): puts for use, puts in _WHEN.items()},
    Figure(FigureKey.PAST_TERM, "relations"): _WHEN["relation"],
    Figure(FigureKey.PAST_TERM, "correspondence"): (
        lambda: _handled(today(), is_archived=True), lambda: _handled(LONG_AGO, is_archived=True),
    ),
    **{
        Figure(FigureKey.PAST_TERM, term): (make_learner, _let_go) for term in ("default", "statutory", "fiscal")
    },
    **{
        Figure(FigureKey.ANSWERED_IN_TIME, kind.value): (
            partial(_ask, kind, today() + DAY), partial(_ask, kind, today() - DAY),
        )
        for kind in RequestKind
    },
    Figure(FigureKey.CONDITIONS_MET, "second_phone"): (
        lambda: None, lambda: set_row(make_learner(), phone_other="0612345678"),
    ),
    Figure(FigureKey.CONDITIONS_MET, "ground"): (
        lambda: None, lambda: set_row(make_learner(), nationality="Syrische"),
    ),
    Figure(FigureKey.CONDITIONS_MET, "identity_document"): (lambda: _document("Gemeente Zeist"), lambda: _document("")),
    Figure(FigureKey.ACTIVITY_GONE): (lambda: sign_in(now()), lambda: sign_in(now() - 9 * _YEAR)),
    Figure(FigureKey.RECORDS_GONE): (
        lambda: RECORDS["certificate"](today()), lambda: RECORDS["certificate"](LONG_AGO),
    ),
    Figure(FigureKey.ERASURES_KEPT): (make_learner, lambda: bring_back(PersonKind.LEARNER)),
    Figure(FigureKey.NEWS_ASKED): (
        lambda: subscribe(_person(), text_shown="Wilt u nieuws?"), lambda: subscribe(_person()),
    ),
    Figure(FigureKey.NEWS_WANTED): (
        lambda: make_copy(subscribe(_person()).contact_person_id), lambda: make_copy(_person().id),
    ),
}  # fmt: skip
"""By figure, what keeps and what breaks it in each school that has it."""

NEWS = {
    "never asked in words": lambda: subscribe(_person()),
    "never offered a no": lambda: subscribe(_person(), SERVICE_NEWS),
    "never confirmed": lambda: subscribe(
        _person(), text_shown="Wilt u nieuws?", confirmed_at=None, asked_at=now() - WAITS - 2 * DAY
    ),
}
"""Who stands on a list for news and shouldn't."""

HERE: Mapping[tuple[str, FigureKey], tuple[Put, Put]] = {
    ("lest-best", FigureKey.CONSENT_FIRST): (lambda: None, _show_evidence),
    ("leren-leren", FigureKey.CONSENT_FIRST): (lambda: None, lambda: set_row(make_learner(), special_notes=b"x" * 40)),
}
"""What only this school holds."""


def puts_of(slug: str, figure: Figure) -> tuple[Put, Put]:
    """Return what keeps a figure of a school, and what breaks it."""
    if figure in SUBJECTS:
        return SUBJECTS[figure]
    assert figure.subject in ("", "bsn"), figure
    return HERE.get((slug, figure.key), BREAKS[figure.key][1:])
