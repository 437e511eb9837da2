"""The letter with an answer names who was told of it, as the page does, and who wasn't yet and why (AVG art. 19)."""

import re
from html import unescape

import pytest

from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.disclosures.models import Disclosure
from portal.disclosures.recipients.queries import list_told
from portal.disclosures.recipients.withdrawals import mark_told, set_address
from portal.policy.queries import current_policy
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.schools.queries import SchoolView
from tests.disclosures.recipients.test_changes import given_file
from tests.factories.disclosures import Scene
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.signing_in import SignIn

NOT_YET = "weet het nog niet. Wij hebben geen e-mailadres."


@pytest.fixture
def given(school: SchoolView) -> tuple[Scene, Disclosure]:
    return given_file()


def answered(scene: Scene, kind: RequestKind) -> DataRequest:
    more = {
        RequestKind.RESTRICTION: {"restriction_ground": "claim"},
        RequestKind.ERASURE: {"categories": ("evidence",)},
    }
    request = ask(scene.amina, kind, body="Graag.", **more.get(kind, {}))
    return decide_request(request.id, {}, reply="Goed.", is_done_by_hand=True, by=as_staff())


def letter_of(client: PageClient, request: DataRequest) -> str:
    checkpoint()
    text = unescape(client.get(f"/verzoeken/{request.id}/brief").get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def title_of(disclosure: Disclosure) -> str:
    policy = current_policy()
    return str(policy.text(policy.recipient(disclosure.recipient).title, "nl"))


@pytest.mark.parametrize("kind", [RequestKind.RECTIFICATION, RequestKind.RESTRICTION])
def test_the_letter_names_who_was_told_and_who_was_not_yet_and_why(
    client: PageClient, sign_in: SignIn, given: tuple[Scene, Disclosure], kind: RequestKind
) -> None:
    scene, disclosure = given
    name, request = title_of(disclosure), answered(scene, kind)
    sign_in(client, "privacy_staff")
    assert f"{name}: {NOT_YET}" in letter_of(client, request)
    [waits] = list_told(request.id, SYSTEM)
    mark_told(waits.notice_id, by=as_staff())
    text = letter_of(client, request)
    assert f"{name}: weet het sinds" in text
    assert NOT_YET not in text


def test_of_who_is_erased_whole_the_letter_names_who_was_told_before_that(
    client: PageClient, sign_in: SignIn, given: tuple[Scene, Disclosure]
) -> None:
    scene, disclosure = given
    set_address(disclosure.recipient, "wie@gemeente.example", by=as_staff("administration"))
    name, request = title_of(disclosure), ask(scene.amina, RequestKind.ERASURE)
    decide_request(request.id, {}, reply="Alles gewist.", are_recipients_told=True, by=as_staff())
    session.expire_all()
    assert request.learner_id is None
    sign_in(client, "privacy_staff")
    assert f"{name}: weet het sinds" in letter_of(client, request)


def test_a_letter_says_nothing_of_recipients_where_nobody_had_it(
    client: PageClient, sign_in: SignIn, given: tuple[Scene, Disclosure]
) -> None:
    scene, _disclosure = given
    request = ask(scene.amina, RequestKind.ERASURE, categories=("address",))
    decide_request(request.id, {}, reply="Gewist.", by=as_staff())
    sign_in(client, "privacy_staff")
    assert "Wie het hoort" not in letter_of(client, request)


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "U hebt geen advocaat nodig."), ("en", "You don't need a lawyer.")]
)
def test_the_letter_is_in_the_language_in_which_she_reads(
    client: PageClient, sign_in: SignIn, given: tuple[Scene, Disclosure], language: str, said: str
) -> None:
    scene, _disclosure = given
    request = answered(scene, RequestKind.RECTIFICATION)
    request.language = language
    session.flush()
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{request.id}/brief").get_data(as_text=True)
    assert f'<html lang="{language}"' in page
    assert said in letter_of(client, request)
