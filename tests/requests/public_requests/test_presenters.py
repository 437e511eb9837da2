"""Who asks on the public page reads the same, word for word, whether or not the school has anything of her."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.contacts.subscriptions.queries import refusals
from portal.core.audit.models import AuditEvent
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.mail import Mail
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, ExtensionReason, Outcome, RequestKind
from portal.requests.data_requests.notices import token_of
from portal.requests.data_requests.objections import grant_unanswered
from portal.requests.data_requests.services import ask_identity, extend_request, take_request
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import as_staff, ask_from_outside
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEREN, LEST = "leren-leren", "lest-best"
HELD: Mapping[str, Callable[[], Person]] = {
    "learner": lambda: Person(learner_id=make_learner(email=f"{uuid4().hex[:9]}@example.org").id),
    "contact person": lambda: Person(contact_person_id=make_contact_person(make_organisation()).id),
    "staff": lambda: Person(account_id=make_account("Tess Bakker", "teacher").id),
    "representative": lambda: Person(representative_id=make_representative(make_learner()).id),
}
"""Whom the desk may find; of somebody else nothing is held."""
ASKED = (
    (LEREN, RequestKind.OBJECTION, ("security",)),
    (LEREN, RequestKind.OBJECTION, ("security", "service_news")),
    (LEREN, RequestKind.CONSENT_WITHDRAWAL, ("newsletter",)),
    (LEST, RequestKind.CONSENT_WITHDRAWAL, ("survey",)),
    (LEST, RequestKind.OBJECTION, ("improvement",)),
)
STATES = ("received", "named", "asked who", "taken", "extended", "answered")
ANSWERS = ("yes", "no")


class Outsider:
    """Somebody without a sign-in: her request, her pages and her mails. `held`: as whom the desk finds her."""

    def __init__(self, client: PageClient, desk: PageClient, kind: RequestKind, purposes: tuple[str, ...]) -> None:
        self.client, self.desk, self.school, self.purposes = (
            client,
            desk,
            school_id(client.host.split(".")[0]),
            purposes,
        )
        self.contact = f"{uuid4().hex[:12]}@example.org"
        with in_school(self.school):
            made = ask_from_outside(kind, purposes=purposes, body="Graag niet.", asker_contact=self.contact)
            self.id, self.link = made.id, f"/privacy/verzoek/volgen/{token_of(made)}"

    def walk(self, held: str | None, answer: str) -> list[tuple[str, str]]:
        """Let the desk do all it can do, and return what she reads at each state."""
        read = [("received", self.reads())]
        with in_school(self.school):
            by = as_staff()
            if held is not None:
                name_person(self.id, HELD[held](), by=by)
        read.append(("named", self.reads()))
        with in_school(self.school), suppress(Conflict):  # of who objects nobody asks it
            ask_identity(self.id, by=by)
        read.append(("asked who", self.reads()))
        with in_school(self.school):
            take_request(self.id, by=by)
        read.append(("taken", self.reads()))
        with in_school(self.school), suppress(Conflict):  # where the statement promises its term without exception
            extend_request(self.id, ExtensionReason.COMPLEXITY, "Het is moeilijk.", by=by)
        read.append(("extended", self.reads()))
        with in_school(self.school):
            no = dict.fromkeys(self.purposes, Ground.COMPELLING) if answer == "no" else {}
            decide_request(
                self.id, no, reply="Dit is het antwoord.", proof="Zonder log is inloggen niet veilig.",
                is_done_by_hand=True, is_nobody_found=held is None, by=by,
            )  # fmt: skip
        read.append(("answered", self.reads()))
        read.append(("letter", plain(self.desk, f"/verzoeken/{self.id}/brief")))
        return read

    def reads(self) -> str:
        """Return her page, and all mails that she got."""
        with in_school(self.school):
            rows = session.scalars(select(Mail).order_by(Mail.asked_at, Mail.id)).all()
            mails = [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]
        hers = [each for each in mails if self.contact in each]
        return plain(self.client, self.link) + without_numbers("\n".join(hers).replace(self.contact, ""))


def without_numbers(text: str) -> str:
    return re.sub(r"V-\d\d-\d+|[0-9a-f]{32,}|[0-9a-f-]{36}|[\w.-]{80,}", "", unescape(text))


def plain(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return without_numbers(answer.get_data(as_text=True))


@pytest.fixture
def outside(client_at: Callable[[str], PageClient], sign_in: SignIn) -> Callable[..., Outsider]:
    def come(slug: str, kind: RequestKind, purposes: tuple[str, ...]) -> Outsider:
        client = client_at(slug)
        desk = PageClient(client.app, client.host)
        sign_in(desk, "privacy_staff")
        return Outsider(client, desk, kind, purposes)

    return come


@pytest.mark.promise("LB-11", part="identity check")
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("slug", "kind", "purposes"), ASKED)
def test_up_to_the_answer_and_in_it_nothing_tells_whether_anything_is_held(
    outside: Callable[..., Outsider], slug: str, kind: RequestKind, purposes: tuple[str, ...], answer: str
) -> None:
    if kind is RequestKind.CONSENT_WITHDRAWAL and answer == "no":
        return  # a consent is taken back by who gave it: there is no no (AVG art. 7(3))
    nobody = outside(slug, kind, purposes).walk(None, answer)
    assert [state for state, _text in nobody] == [*STATES, "letter"]
    assert len({text for _state, text in nobody}) > 3
    for held in HELD:
        for (state, theirs), (_state, hers) in zip(
            nobody, outside(slug, kind, purposes).walk(held, answer), strict=True
        ):
            assert hers == theirs, (held, state)


@pytest.mark.parametrize(("slug", "purposes"), [(LEST, ("security",)), (LEST, ("improvement",))])
def test_nor_does_it_where_no_answer_came_in_time(
    outside: Callable[..., Outsider], slug: str, purposes: tuple[str, ...]
) -> None:
    asked = [outside(slug, RequestKind.OBJECTION, purposes) for _ in range(len(HELD) + 1)]
    with in_school(school_id(slug)):
        for each, held in zip(asked, HELD.values(), strict=False):
            name_person(each.id, held(), by=as_staff())
        for each in asked:
            session.get_one(DataRequest, (current_school_id(), each.id)).due_on = today() - timedelta(days=1)
        session.flush()
        assert grant_unanswered() == len(asked)
    assert len({re.sub(r"\d+", "", each.reads()) for each in asked}) == 1
    assert len({plain(each.desk, f"/verzoeken/{each.id}/brief") for each in asked}) == 1


def test_marketing_alone_is_answered_to_who_is_found_as_to_who_is_not(outside: Callable[..., Outsider]) -> None:
    """Who is found has the answer once she is found, for nobody weighs it (AVG art. 21(3))."""
    found, nobody = (outside(LEREN, RequestKind.OBJECTION, ("service_news",)) for _ in "ab")
    with in_school(school_id(LEREN)):
        name_person(found.id, HELD["contact person"](), by=as_staff())
        decide_request(nobody.id, {}, reply="", is_nobody_found=True, by=as_staff())
    assert found.reads() == nobody.reads()
    letters = {plain(found.desk, f"/verzoeken/{each.id}/brief") for each in (found, nobody)}
    assert len(letters) == 1


@pytest.mark.parametrize(("slug", "kind", "purposes"), ASKED)
def test_nobody_is_answered_before_the_desk_says_that_it_searched(
    school: SchoolView, slug: str, kind: RequestKind, purposes: tuple[str, ...]
) -> None:
    with in_school(school_id(slug)):
        request, by = ask_from_outside(kind, purposes=purposes), as_staff()
        with pytest.raises(Invalid, match="search_first"):
            decide_request(request.id, {}, reply="Goed.", by=by)
        assert request.outcome is None
        decide_request(request.id, {}, reply="Goed.", is_nobody_found=True, by=by)
        assert request.outcome is Outcome.GRANTED
        logged = session.scalars(select(AuditEvent).where(AuditEvent.event == "requests.nobody_found")).one()
        assert (logged.actor_id, logged.subject_id) == (by.account_id, request.id)


def test_the_desk_ticks_it_beside_what_it_means_and_reads_who_did(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    request = ask_from_outside(RequestKind.OBJECTION, purposes=("security",), body="Nee.")
    account = make_account("Pia Privacy", "privacy_staff")
    sign_in(client, "privacy_staff", account=account)
    at = f"/verzoeken/{request.id}"
    page = client.get(at).get_data(as_text=True)
    assert f"{at}/wie" not in page
    assert f"{at}/gezien" not in page
    typed = {"part_0": "", "reply": "Goed."}
    refused = client.post(f"{at}/beslissen", typed)
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    field = text[text.index("is_nobody_found") :]
    assert "Vindt u niemand? Zet dan dit vinkje." in field[: field.index("reply")]
    assert client.post(f"{at}/beslissen", {**typed, "is_nobody_found": "y"}).status_code == 303
    assert "niemand gevonden: Pia Privacy" in without_tags(client.get(at).get_data(as_text=True))


def without_tags(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", unescape(text)))


def test_the_no_of_an_address_is_kept_at_once_whoever_has_it(school: SchoolView) -> None:
    with in_school(school_id(LEREN)):
        address = f"{uuid4().hex[:9]}@example.org"
        ask_from_outside(RequestKind.OBJECTION, purposes=("service_news",), asker_contact=address)
        assert set(refusals("service_news", [address])) == {address}
        assert refusals("newsletter", [address]) == {}
        other = f"{uuid4().hex[:9]}@example.org"
        request = ask_from_outside(RequestKind.CONSENT_WITHDRAWAL, purposes=("newsletter",), asker_contact=other)
        kept = refusals("newsletter", [other])
        assert set(kept) == {other}
        decide_request(request.id, {}, reply="", is_nobody_found=True, by=as_staff())
        assert refusals("newsletter", [other]) == kept


def test_who_is_not_found_is_weighed_no_marketing_either(school: SchoolView) -> None:
    with in_school(school_id(LEREN)):
        request = ask_from_outside(RequestKind.OBJECTION, purposes=("security", "service_news"))
        no = dict.fromkeys(("security", "service_news"), Ground.COMPELLING)
        decide_request(request.id, no, reply="Nee.", proof="Nodig.", is_nobody_found=True, by=as_staff())
        assert request.outcome is Outcome.IN_PART
        held = session.get_one(DataRequest, (current_school_id(), request.id))
        assert held.known_person_id is None
