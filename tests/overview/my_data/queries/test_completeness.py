"""Every value that a school keeps of a learner stands on a page of her own: the registry walked from end to end."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

import portal.wiring  # noqa: F401  (every table is known)
from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, registry
from portal.learners.entries.kinds import KINDS
from portal.policy.queries import current_policy
from tests.factories.everything import Everything
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

DATA, WITHDRAWAL = "/mijn/gegevens/alles", "/mijn/toestemmingen/intrekking/"
# Which page of hers shows which table.
PAGES = {
    "learner": DATA, "field_origin": DATA, "trajectory": DATA, "intake": DATA, "appointment": DATA,
    "invoice_line": DATA, "order_line": DATA, "complaint": DATA, "correspondence": DATA, "identity_document": DATA,
    "enrolment": DATA, "representative": DATA, "waiting_entry": DATA,
    "attendance_mark": "/mijn/aanwezigheid", "mark_change": "/mijn/aanwezigheid",
    "absence_notice": "/mijn/aanwezigheid", "mark_note": "/mijn/aanwezigheid",
    "level": "/mijn/niveau", "goal": "/mijn/niveau", "can_do": "/mijn/niveau", "exam_result": "/mijn/niveau",
    "evaluation": "/mijn/niveau", "note": "/mijn/niveau",
    "consent": "/mijn/toestemmingen", "withdrawal": WITHDRAWAL, "withdrawal_step": WITHDRAWAL,
    "correction": "/mijn/wijzigingen",
    "account": "/account", "account_session": "/account/sessies", "passkey": "/account/passkeys",
}  # fmt: skip
# What stands on none as it is stored, and why: a column, or a whole table.
NOT_AS_STORED = {
    "account.password_hash": "proves a password and tells nothing",
    "account.totp_secret": "would let somebody else sign in",
    "account.totp_since": "the page says that the second step is on",
    "account.totp_last_step": "stops a code from counting twice",
    "account.address_lost_at": "the page says it while she has no other address (tests/accounts/lost_addresses)",
    "account.ended_at": "nobody signs in with an account that ended",
    "account_session.authenticated_at": "the page says when she signed in",
    "account_session.ended_at": "the page says when it stopped",
    "confidentiality_acceptance": "staff accept it, a learner doesn't",
    "membership": "that she is a learner here, as the page is hers",
    "passkey.stopped_at": "the page says that it works no more, and why",
    "recovery_code": "proves a code and tells nothing",
    "sign_in_link": "proves a link and tells nothing; a new address stands in the mail with it",
    "consent.is_by_representative": "the page has the name of who said yes",
    "consent.language": "the text stands there in that language",
    "withdrawal.asked_at": "the moment at which the consent ended",
    "withdrawal.done_at": "the moment of its last step",
    "disclosure_learner": "links her to files, which /mijn/wie-kreeg shows (test_my_data.py)",
    "recipient_notice": "a step of the withdrawal says whether recipients were told",
    "restriction": "the page says what stands still, since when and why (tests/overview/my_data/test_restrictions.py)",
    "restriction_use": "the page says who used what stands still, when and why (the same test)",
    "incident_person": "where the school tells it she is mailed or gets a letter (AVG art. 34); it stands in her copy",
    "coming_of_age": "she and her parents are mailed it or get a letter; it stands in her copy",
    "consent.is_ended_at_sixteen": "the page asks her again, and says why (tests/purposes/coming_of_age)",
    "parental_dispute": "her parents read it at /mijn/oneens (tests/representation/disputes); it stands in her copy",
    "record_merge": "holds what stood there for a day, to take a merging back; the values themselves are shown",
    "import_row": "holds what stood there for a day, to take an import back; the values themselves are shown",
    "import_run": "the rows of a file of the school's for a day, before they are stored under her name",
    "import_page": "the rows of a file of the school's for a day, before they are stored under her name",
    "audit_event": "who did or saw what, in words: /mijn/wie-keek and the history (test_routes.py)",
    "audit_learner": "finds the entries of audit_event",
    "audit_unsealed": "finds the entries of audit_event",
    "data_request": "its page says what she asked, how far it is and the answer (tests/requests/data_requests)",
    **{
        f"complaint.{column}": "what was typed where it was sent without a sign-in; it stands in her copy"
        for column in ("asker_name", "asker_contact", "asker_number", "asker_birth_date", "asked_for", "about_name")
    },
    "complaint.filed_by_name": "the history says who wrote it down; it stands in her copy",
    "complaint.language": "the page and the mails are in that language",
    "complaint.contact_person_id": "a contact person's complaint isn't a learner's",
    "request_answer": "the page of the request has each answer (tests/requests/data_requests/test_own_routes.py)",
    "request_advice": "what the officer advises the school; it stands in her copy",
    "masked_document": "it is destroyed with the decision; that it was seen stands in the log and in her copy",
    "privacy_notice": "Mijn gegevens says when and how she got which version (tests/purposes/privacy_notices)",
    "policy_notice_seen": "that she read of a new version; the notice is gone from her pages since",
    "objection": "Mijn toestemmingen says what she said no to (tests/purposes/test_routes.py)",
    "data_copy": "the page of the copy says how far it is (tests/requests/copies/test_routes.py)",
    "copy_passage": "what was decided stands in the copy itself (tests/requests/copies/test_services.py)",
    "job": "that the worker does something she asked for; the page about it says how far it is",
    "mail": "what is on its way to her, for as long as it is",
    "stored_file": "the content of what a row of another table points to",
    "account_session.learner_id": "for whom she acts stands at the head of each page",
    "identity_document.file_id": "points to a file; none is stored before it is masked",
    "lesson_evidence": "the page leads to each picture (tests/attendance/evidence/test_routes.py)",
    "level.replaced": "what a tap of the same day replaced, for taking the tap back",
    "exam_result.replaced": "what a tap of the same day replaced, for taking the tap back",
    "can_do.replaced": "what a tap of the same day replaced, for taking the tap back",
    "can_do.entered_at": "the day of what was found stands there",
    "mark_note.hidden_because": "stands in its place where one is hidden (tests/attendance/mark_notes/test_routes.py)",
    "note.hidden_because": "stands in the place of a note that is hidden (tests/progress/levels/test_services.py)",
    "enrolment.trajectory_id": "links two entries that are both shown",
    "coaching": "the page says who coaches her and since when; who gave her stands in the history",
    "waiting_entry.added_at": "since when she waits stands there; when that was written down is in the history",
    "calendar_feed": "her account says whether her calendar reads her lessons, and since when",
    "saved_view": "a coach keeps how she left her list; a learner has none",
    "absence_notice.held_on": "when the lesson was, which the page says of the lesson itself",
    "absence_notice.starts_at": "when the lesson was, which the page says of the lesson itself",
    "joint_evaluation": "a page of its own says what both said (tests/progress/evaluations/test_routes.py)",
    "notification": "the page behind the bell lists them (tests/overview/notifications/test_routes.py)",
    "daily_mail": "her account says whether she gets the mail; when the last went tells nothing",
    "signal": "the page says what was asked, on what that rests and what was answered (tests/signals/test_routes.py)",
    "partial_ending": "says what is gone; what is left stands there with its own day, and the copy has it",
    "retention_hold": "the page says until when nothing goes and why (tests/overview/my_data/test_holds.py)",
    "learner.last_contact_on": "the page says until which day each category is kept, counted from it",
    "learner.created_at": "each value has a date of its own",
}
SLUGS = ("lest-best", "meester-in-nt2", "step-inburgering", "onderwijs-pro", "leren-leren")


def _links(key: str) -> bool:
    """Say whether a column only says whose the row is, or to which row of the same act it belongs."""
    return key.partition(".")[2] in {"learner_id", "account_id", "consent_id", "withdrawal_id"}


def _has_page(key: str) -> bool:
    table = key.partition(".")[0]
    return not (key in NOT_AS_STORED or table in NOT_AS_STORED or _links(key))


def test_each_personal_column_has_its_page_or_a_reason() -> None:
    known = registry(Base.metadata, PersonKind.LEARNER)

    assert not [key for key in known if _has_page(key) and key.partition(".")[0] not in PAGES]
    assert not [key for key in NOT_AS_STORED if key not in known and key not in Base.metadata.tables]
    assert not [table for table in PAGES if table in NOT_AS_STORED]


@pytest.mark.promise("ST-02", part="shown")
@pytest.mark.promise("MN-02", part="entries")
@pytest.mark.parametrize("slug", SLUGS)
def test_every_value_that_the_school_keeps_stands_on_a_page_of_hers(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Any, slug: str
) -> None:
    client = client_at(slug)
    with enter(slug), app.app_context():
        account = make_account("Amina Account", "learner")
        account.sign_in_number, account.password_changed_at = "471147", now()
        everything = Everything()
        policy, said = current_policy(), everything.said
        said |= {
            "account.name": "Amina Account", "account.sign_in_number": "471147", "account.email": str(account.email),
            "account.password_changed_at": "gekozen op", "account.language": "Nederlands",
            "account.created_at": "Account sinds", "account_session.ip_address": "127.0.0.1",
            "account_session.browser": "apparaat", "account_session.created_at": "Ingelogd op",
            "passkey.label": "Rode telefoon", "passkey.made_at": "Gemaakt op",
            "passkey.last_used_at": "Laatst gebruikt op",
        }  # fmt: skip
        unkept = {kind.name for kind in KINDS.values() if not kind.is_kept(policy)}  # has no rows to be from anywhere
        wanted = {key for key in registry(Base.metadata, PersonKind.LEARNER) if policy.allows(key) and _has_page(key)}
        wanted = {key for key in wanted if key.partition(".")[0] not in unkept}
        if everything.withdrawal_id is None:
            wanted -= {key for key in wanted if key.partition(".")[0] in {"consent", "withdrawal", "withdrawal_step"}}
        if not [key for key in said if key == "field_origin.ground"]:
            wanted.discard("field_origin.ground")
        assert wanted <= said.keys(), sorted(wanted - said.keys())
        make_row("passkey", account_id=account.id, label="Rode telefoon", last_used_at=now())
        session.flush()
    sign_in(client, "learner", learner=everything.learner, account=account)
    pages = {PAGES[key.partition(".")[0]] for key in wanted}
    texts = {path: _page_text(client, path, everything) for path in pages}

    missing = {key: said[key] for key in wanted if said[key] not in texts[PAGES[key.partition(".")[0]]]}

    assert not missing
    for path in pages:
        for number in ("999999990", "NL91ABNA0417164300"):
            assert number not in texts[path]


def test_all_of_it_takes_ten_statements_at_most(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Any, count_statements: Any
) -> None:
    client = client_at("step-inburgering")
    with enter("step-inburgering"), app.app_context():
        learner = Everything().learner
    sign_in(client, "learner", learner=learner)
    client.get(DATA)

    with count_statements() as statements:
        assert "Groep Zuid" in client.get(DATA).get_data(as_text=True)

    assert len(statements) <= 10, statements


def _page_text(client: PageClient, path: str, everything: Everything) -> str:
    whole = f"{path}{everything.withdrawal_id}" if path == WITHDRAWAL else path
    answer = client.get(whole)
    assert answer.status_code == 200, whole
    return re.sub(r"\s+", " ", unescape(re.sub(r"<wbr>|<[^>]+>", "", answer.get_data(as_text=True))))
