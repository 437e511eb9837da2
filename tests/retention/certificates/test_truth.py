"""What a certificate says is so: what was held of her, what became of her account, and that backups still hold it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.clock import now, today
from portal.core.crypto import backup_keys, keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.languages import LANGUAGES, in_language
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import RequestKind
from portal.retention.certificates.kept import ACCOUNT, BACKUPS, OTHER_ROLE, UNREADABLE, KeptPart, part_from
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.certificates.presenters import CertificateView, view_of
from portal.retention.certificates.services import certify_contact
from portal.retention.erasures.services import Why, erase_ended
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.certificates import make_certificate
from tests.factories.learners import make_contact_person, make_learner, make_representative
from tests.factories.requests import as_staff, ask

WITH_ACCOUNT = "Ook uw account is weg."


@pytest.fixture(autouse=True)
def in_dutch(app: Flask) -> Iterator[None]:
    with app.app_context(), in_language("nl"):
        yield


def erase(kind: PersonKind, *ids: UUID, why: Why = Why.TERM) -> list[ErasureCertificate]:
    """Erase all of these people, and return their certificates."""
    everything = [category.key for category in current_policy().categories]
    outcomes = erase_ended(kind, dict.fromkeys(ids, everything), why=why, day=today(), by=PORTAL)
    assert all(each.is_whole for each in outcomes)
    return [each.certificate for each in outcomes if each.certificate is not None]


def kept_of(row: ErasureCertificate) -> dict[str, KeptPart]:
    return {part.what: part for part in map(part_from, row.kept)}


def backups_in(view: CertificateView) -> tuple[str, str]:
    [line] = [each for each in view.kept if each.title == "Reservekopieën"]
    return line.why, line.until


@pytest.mark.promise("MN-16")
def test_it_names_what_was_held_and_nothing_else(school: SchoolView) -> None:
    one, two = make_learner(phone="0612345678", bsn="999999990"), make_learner(phone="0612345679")
    first, second = erase(PersonKind.LEARNER, one.id, two.id)

    assert "bsn" in first.erased
    assert set(first.erased) - set(second.erased) == {"bsn"}
    assert {"name", "birth", "contact"} <= set(second.erased)
    assert not {"attendance", "exam", "account", "complaint"} & set(first.erased)


def test_of_who_acted_for_a_learner_it_names_no_bsn_and_no_exams(school: SchoolView) -> None:
    account = make_account("Samira Yilmaz", "representative")
    hers = make_representative(make_learner(bsn="999999990"), account_id=account.id, email="samira@example.org")
    [row] = erase(PersonKind.REPRESENTATIVE, hers.id)

    assert view_of(row).erased == ["Account", "Uw naam en e-mailadres, en dat u voor een cursist handelde"]
    assert not {"bsn", "exam", "attendance", "level", "birth"} & set(row.erased)
    assert view_of(row).lead == (
        "De school heeft alles gewist wat bij deze cursist over u stond. Ook uw account is weg. Dit kan niet terug."
    )


def test_of_a_contact_too(school: SchoolView) -> None:
    person = make_contact_person(None, "Piet Bos", email="piet@example.org")
    certify_contact(person.id, is_asked=True, by=PORTAL)
    [row] = session.scalars(select(ErasureCertificate))

    assert {"name", "contact"} <= set(row.erased)
    assert not {"bsn", "exam", "attendance", "account"} & set(row.erased)
    assert kept_of(row)[BACKUPS].until is not None


@pytest.mark.parametrize("roles", [("teacher", "learner"), ("teacher", "representative")])
def test_an_account_that_serves_her_otherwise_stays_and_it_says_so(school: SchoolView, roles: tuple[str, ...]) -> None:
    account = make_account("Amina Yilmaz", *roles)
    learner = make_learner(account_id=account.id if "learner" in roles else None)
    whole: tuple[PersonKind, UUID] = (PersonKind.LEARNER, learner.id)
    if "representative" in roles:
        whole = PersonKind.REPRESENTATIVE, make_representative(learner, account_id=account.id).id
    account_id = account.id

    [row] = erase(*whole)
    view = view_of(row)

    assert session.scalar(select(Account.name).where(Account.id == account_id)) == "Amina Yilmaz"
    assert "account" not in row.erased
    assert kept_of(row)[ACCOUNT] == KeptPart(ACCOUNT, OTHER_ROLE)
    assert "Uw account blijft." in view.lead
    assert WITH_ACCOUNT not in view.lead
    assert "alles over u" not in view.lead
    assert (view.kept[0].title, view.kept[0].until) == ("Account", "")


def test_who_had_no_account_reads_nothing_of_one(school: SchoolView) -> None:
    assert view_of(make_certificate(make_learner())).lead == "De school heeft alles over u gewist. Dit kan niet terug."


def erased_mail(app: Flask, learner: Learner) -> str:
    """Erase a learner who asks it, and return what the mail about it says."""
    decide_request(ask(learner, RequestKind.ERASURE).id, {}, reply="Goed.", by=as_staff())
    waiting = session.scalars(select(Mail).where(Mail.template == "requests/erased")).one()
    facts = json.loads(keys.unseal_for_school(waiting.sealed or b"", "mail"))["context"]
    return app.jinja_env.get_template("requests/emails/erased.txt").render(lang="nl", **facts)


@pytest.mark.parametrize(
    ("roles", "says", "says_not"),
    [
        (("learner",), WITH_ACCOUNT, "blijft uw account"),
        (("learner", "teacher"), "Daarom blijft uw account", "laatste mail"),
        ((), "laatste mail", "account"),
    ],
)
def test_the_mail_says_what_became_of_her_account(
    app: Flask, school: SchoolView, roles: tuple[str, ...], says: str, says_not: str
) -> None:
    account_id = make_account("Amina Yilmaz", *roles, email="amina@example.org").id if roles else None
    text = erased_mail(app, make_learner(email="amina@example.org", account_id=account_id))

    assert says in text
    assert says_not not in text


@pytest.mark.promise("OP-07")
def test_it_says_that_backups_hold_it_until_the_last_of_them_goes(school: SchoolView) -> None:
    for days in (9, 12):
        backup_keys.make_key(new_id(), now() + timedelta(days=days))
    gone = new_id()
    backup_keys.make_key(gone, now() + timedelta(days=20))
    backup_keys.destroy_keys([each for each in backup_keys.list_keys() if each.backup_id == gone])

    for row in (make_certificate(make_learner()), make_certificate(make_learner(), "contact")):
        why, _ = backups_in(view_of(row))
        assert kept_of(row)[BACKUPS].until == today() + timedelta(days=12)
        assert "staan uw gegevens nog" in why
        assert "Niemand kan nog lezen" not in why


def test_where_there_is_no_backup_it_counts_from_today(app: Flask, school: SchoolView) -> None:
    backup_keys.make_key(new_id(), now() - timedelta(days=2))
    kept = kept_of(make_certificate(make_learner()))[BACKUPS]
    assert kept.until is not None
    assert kept.until > today()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_older_certificate_says_it_as_well(school: SchoolView, language: str) -> None:
    row = make_certificate(make_learner())
    row.kept = [KeptPart(BACKUPS, UNREADABLE, None, date(2026, 12, 30)).as_json()]
    with in_language(language):
        [old] = view_of(row).kept
        row.kept = make_certificate(make_learner()).kept
        assert old.why in {each.why for each in view_of(row).kept}
