"""After a correction, an erasure or a restriction who had the data is told, by mail or by the office (AVG art. 19)."""

import json
from typing import Any

import pytest
from babel.dates import format_date
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy import delete, func, select

from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.disclosures.models import Disclosure, DisclosureState, RecipientAddress, RecipientNotice
from portal.disclosures.recipients.changes import list_to_tell_of_lifting
from portal.disclosures.recipients.queries import list_notices_of, list_told
from portal.disclosures.recipients.withdrawals import mark_told, set_address
from portal.learners.corrections.queries import list_own_proposals
from portal.learners.corrections.services import correct_own_field, propose_correction
from portal.learners.record.models import Learner
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import lift_restriction, tell_of_lifting
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestKind
from portal.requests.data_requests.services import check_identity, join_requests
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.corrections import decide
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff
from tests.factories.requests import ask as ask_request
from tests.page_client import PageClient
from tests.signing_in import SignIn


def given_file() -> tuple[Scene, Disclosure]:
    scene = make_scene()
    agree(scene.amina, "client_report")
    disclosure = make(ask(scene, "attendance_for_client"))
    disclosure.state, disclosure.first_downloaded_at = DisclosureState.DISCLOSED, now()
    session.flush()
    return scene, disclosure


def mails() -> list[str]:
    rows = session.scalars(select(Mail).where(Mail.template == "disclosures/change"))
    return [keys.unseal_for_school(row.sealed, "mail") for row in rows if row.sealed is not None]


def test_a_recipient_with_an_address_is_mailed_by_her_number_alone_and_once(school: SchoolView) -> None:
    scene, disclosure = given_file()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    request = ask_request(scene.amina, RequestKind.RECTIFICATION, body="Mijn straat.")
    decide_request(request.id, {}, reply="Verbeterd.", is_done_by_hand=True, by=as_staff())
    [mail] = mails()
    assert scene.amina.number in mail
    assert scene.amina.family_name not in mail
    [told] = list_told(request.id, SYSTEM)
    assert told.told_at is not None


@pytest.mark.promise("MN-17")
@pytest.mark.parametrize("accept", [True, False])
def test_a_change_that_she_proposed_is_told_once_it_is_taken_over(school: SchoolView, *, accept: bool) -> None:
    scene, disclosure = given_file()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    her = as_learner(scene.amina)
    proposal = propose_correction(scene.amina.id, "learner.family_name", "Yildirim", by=her)
    other = propose_correction(scene.amina.id, "learner.birth_country", "Syrië", by=her)
    for each in (proposal, other):
        decide(each.id, accept=accept, answer=None if accept else "Nee.", by=as_staff("administration"))

    assert len(mails()) == (1 if accept else 0)
    assert len(list_told(proposal.id, SYSTEM)) == (1 if accept else 0)
    assert list_told(other.id, SYSTEM) == []  # the file holds nothing of that category
    heard = {each.view.id: list(each.heard_by) for each in list_own_proposals(her.scope)}
    payer = ["Uw opdrachtgever, zoals de gemeente of uw werkgever"]
    assert heard == {proposal.id: payer if accept else [], other.id: []}


def test_a_value_that_she_replaces_herself_is_told_and_one_that_she_adds_is_not(school: SchoolView) -> None:
    scene, disclosure = given_file()
    disclosure.categories = ["contact"]
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    her = as_learner(scene.amina)
    for number, told in (("06 12345678", 0), ("06 12345678", 0), ("06 87654321", 1)):
        assert correct_own_field(scene.amina.id, "learner.phone", number, by=her) is None
        assert len(mails()) == told


@pytest.mark.parametrize(("categories", "named"), [(("attendance",), "Aanwezigheid"), ((), None)])
def test_a_recipient_reads_which_part_of_its_file_it_is_about(
    app: Flask, school: SchoolView, categories: tuple[str, ...], named: str | None
) -> None:
    scene, disclosure = given_file()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    others = ("progress",) if categories else ()
    request = ask_request(
        scene.amina, RequestKind.RESTRICTION, restriction_ground="claim", categories=(*categories, *others)
    )
    decide_request(request.id, {}, reply="Het is afgeschermd.", by=as_staff())

    [sent] = mails()
    with app.app_context(), force_locale("nl"):
        template = app.jinja_env.get_template("disclosures/emails/change.txt")
        text = template.render(json.loads(sent)["context"], _=gettext)
    if named is None:
        assert "Het gaat om" not in text
    else:
        assert f"Het gaat om: {named}." in text


def test_without_an_address_it_stands_to_be_told_and_somebody_says_so(school: SchoolView) -> None:
    scene, _disclosure = given_file()
    request = ask_request(scene.amina, RequestKind.RESTRICTION, restriction_ground="claim")
    by = as_staff()
    decide_request(request.id, {}, reply="Het is afgeschermd.", by=by)
    [waits] = list_told(request.id, SYSTEM)
    assert waits.told_at is None
    mark_told(waits.notice_id, by=by)
    [told] = list_told(request.id, SYSTEM)
    assert told.told_at is not None
    assert mails() == []


def test_of_other_categories_nobody_hears(school: SchoolView) -> None:
    scene, disclosure = given_file()
    assert "address" not in disclosure.categories
    request = ask_request(scene.amina, RequestKind.ERASURE, categories=("address",))
    decide_request(request.id, {}, reply="Gewist.", by=as_staff())
    assert list_told(request.id, SYSTEM) == []


def test_a_whole_person_is_erased_only_once_who_has_no_address_was_told(school: SchoolView) -> None:
    scene, _disclosure = given_file()
    learner_id = scene.amina.id
    request = ask_request(scene.amina, RequestKind.ERASURE)
    with pytest.raises(Invalid, match="tell_first") as refusal, session.begin_nested():
        decide_request(request.id, {}, reply="Alles gewist.", by=as_staff())
    assert refusal.value.facts["recipients"]
    assert session.get(Learner, (school.id, learner_id), populate_existing=True) is not None
    decide_request(request.id, {}, reply="Alles gewist.", are_recipients_told=True, by=as_staff())
    assert session.get(Learner, (school.id, learner_id)) is None
    assert session.scalar(select(func.count()).select_from(RecipientNotice)) == 0


@pytest.mark.promise("ST-08", part="shielded")
def test_privacy_staff_tell_who_has_no_address_of_a_restriction_and_she_sees_the_day(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    scene, _disclosure = given_file()
    amina = scene.amina
    request = ask_request(amina, RequestKind.RESTRICTION, restriction_ground="claim")
    decide_request(request.id, {}, reply="Het is afgeschermd.", by=as_staff())
    [waits] = list_told(request.id, SYSTEM)
    desk, mine = f"/verzoeken/{request.id}", f"/mijn/rechten/{request.id}"
    told = f"{desk}/verteld/{waits.notice_id}"
    checkpoint()

    sign_in(client, "privacy_staff")
    page = client.get(desk).get_data(as_text=True)
    assert "geen e-mailadres: bel of schrijf" in page
    assert f'action="{told}"' in page
    assert client.post(told).status_code == 303
    assert "weet het sinds" in client.get(desk).get_data(as_text=True)

    sign_in(client, "learner", learner=amina)
    assert "weet het sinds" in client.get(mine).get_data(as_text=True)


@pytest.mark.parametrize("has_address", [True, False])
def test_who_heard_of_a_restriction_hears_that_it_is_over(school: SchoolView, has_address: bool) -> None:
    scene, disclosure = given_file()
    office = as_staff()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    request = ask_request(scene.amina, RequestKind.RESTRICTION, restriction_ground="claim")
    decide_request(request.id, {}, reply="Het is afgeschermd.", by=office)
    [restriction] = list_restrictions(scene.amina.id, SYSTEM)
    if not has_address:
        session.execute(delete(RecipientAddress))
    tell_of_lifting(restriction.id, by=office)
    assert list_to_tell_of_lifting(restriction, office) == []
    lift_restriction(restriction.id, by=office)
    told = [each for each in mails() if '"reason": "lifted"' in each]
    assert len(told) == has_address
    assert list_to_tell_of_lifting(restriction, office) == ([] if has_address else [disclosure.recipient])


def reasons() -> list[str]:
    """Return why recipients were mailed, in order."""
    return [json.loads(each)["context"]["reason"] for each in mails()]


def asks_to_correct(scene: Scene, **wish: Any) -> DataRequest:
    """Let Amina ask to correct something, and that it stands still until the answer."""
    given = {"body": "Dit klopt niet.", "categories": ("attendance",), "is_restricted_meanwhile": True, **wish}
    request = ask_request(scene.amina, RequestKind.RECTIFICATION, **given)
    checkpoint()
    return request


@pytest.mark.promise("ST-08", part="shielded")
def test_who_has_what_stands_still_until_the_answer_hears_so_and_then_what_the_answer_is(school: SchoolView) -> None:
    scene, disclosure = given_file()
    office = as_staff()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))

    request = asks_to_correct(scene)
    assert reasons() == ["restricted"]
    assert [each.told_at is not None for each in list_told(request.id, SYSTEM)] == [True]

    decide_request(request.id, {}, reply="Verbeterd.", is_done_by_hand=True, by=office)
    assert reasons() == ["restricted", "corrected"]

    [restriction] = list_restrictions(scene.amina.id, SYSTEM)
    tell_of_lifting(restriction.id, by=office)
    lift_restriction(restriction.id, by=office)
    assert reasons() == ["restricted", "corrected", "lifted"]


def test_of_who_is_not_known_yet_nobody_hears_until_she_is(school: SchoolView) -> None:
    scene, disclosure = given_file()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))

    request = asks_to_correct(scene, is_certain=False)
    assert reasons() == []

    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    assert reasons() == ["restricted"]


def test_a_restriction_that_nobody_was_told_of_before_it_ended_is_told_no_more(school: SchoolView) -> None:
    scene, _disclosure = given_file()
    office, request = as_staff(), asks_to_correct(scene)
    [waits] = list_told(request.id, SYSTEM)
    assert waits.told_at is None

    [restriction] = list_restrictions(scene.amina.id, SYSTEM)
    tell_of_lifting(restriction.id, by=office)
    lift_restriction(restriction.id, by=office)

    assert list_told(request.id, SYSTEM) == []


def test_after_two_requests_became_one_who_heard_of_a_restriction_still_hears_of_its_end(school: SchoolView) -> None:
    scene, disclosure = given_file()
    office = as_staff()
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    kept = asks_to_correct(scene, categories=("progress",), is_restricted_meanwhile=False)
    asked = asks_to_correct(scene)

    join_requests(asked.id, kept.id, by=office)

    assert [each.recipient for each in list_told(kept.id, SYSTEM)] == [disclosure.recipient]
    [restriction] = list_restrictions(scene.amina.id, SYSTEM)
    tell_of_lifting(restriction.id, by=office)
    lift_restriction(restriction.id, by=office)
    assert reasons() == ["restricted", "lifted"]


@pytest.mark.promise("MN-14")
def test_the_office_and_she_read_what_changed_and_that_it_was_told(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    """Who rings a recipient knows what to say; she reads per file what it hears, and when (AVG art. 19)."""
    scene, disclosure = given_file()
    stranger = make_learner("Vreemd")
    scene.amina.phone = "06 12345678"
    disclosure.categories = ["contact", "name"]
    correct_own_field(scene.amina.id, "learner.phone", "06 87654321", by=as_learner(scene.amina))
    checkpoint()
    sign_in(client, "administration")
    assert "gegevens verbeterd: Telefoon en e-mail" in client.get("/bestanden").get_data(as_text=True)

    sign_in(client, "learner", learner=scene.amina)
    waits = client.get("/mijn/wie-kreeg").get_data(as_text=True)
    [told] = list_notices_of(scene.amina.id, SYSTEM)[disclosure.id]
    mark_told(told.id, by=as_staff("administration"))
    checkpoint()
    there = client.get("/mijn/wie-kreeg").get_data(as_text=True)

    assert "gegevens verbeterd: Telefoon en e-mail. De school vertelt dit nog." in waits
    assert f"gegevens verbeterd: Telefoon en e-mail. Verteld op {format_date(today(), 'long', locale='nl')}." in there
    assert list_notices_of(scene.amina.id, as_learner(stranger).scope) == {}
