"""What a learner restricted stands on no page of staff, in no file, mail or list; only her name and mark in registers.

Every page that a role may open is opened before and after a learner restricts her data who has something of her own in
every column: before, they are found; after, nothing of hers is, and she herself sees it all the same (ST-08, art. 18).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.crypto.files import open_file
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import fields_of
from portal.finances.models import InvoiceLine
from portal.imports.models import Listing
from portal.learners.corrections.services import propose_correction
from portal.learners.trajectories.models import Act, Trajectory
from portal.permissions import OUTSIDE, RESERVED, Role
from portal.policy.queries import current_policy
from portal.progress.models import ExamResult
from portal.purposes.queries import find_consent
from portal.purposes.restrictions.services import RESTRICTABLE
from tests.conftest import school_id
from tests.factories.consent import agree, as_learner
from tests.factories.disclosures import Scene, ask, make
from tests.factories.imports import bring_so_far, sheet_bytes
from tests.factories.restrictions import hold, mark_all
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

STAFF = [role for role in Role if role not in RESERVED | OUTSIDE]
SLUGS = ("lest-best", "meester-in-nt2", "step-inburgering", "onderwijs-pro")  # the fifth has nobody to give a file to
REGISTER = "attendance.register"
_OF_HER_REQUEST = {
    "copies.of_request", "requests.correct", "requests.correct_entry", "requests.held", "requests.store_correction",
    "requests.store_entry_correction",
}  # fmt: skip
"""Where a text goes into her own copy, and what is held is shown or corrected for who handles her request."""
_MEANT = {"requests.choose_person", "requests.restriction", "requests.restrictions"}
"""Where the desk finds whose a request or a restriction is, by name and number: those, and nothing else."""
_NAMED = (REGISTER, "requests.")
"""Where her name stands all the same: in the register, and for who handles her requests."""
_WAITING = ("correction.proposed", "import_page.content")
_OF_REGISTER = {"learner.given_name", "learner.family_name", "learner.name_prefix", "attendance_mark.marked_by_name"}


def let_wait(whole: Whole, marks: dict[str, str]) -> list[tuple[str, str]]:
    """Let another street of hers wait as a proposal, and one in a workbook; return the pages on which they stand."""
    if not current_policy().allows("learner.street"):
        return []
    amina, streets = whole.scene.amina, {each: f"zq{token_hex(4)}" for each in _WAITING}
    asked = propose_correction(amina.id, "learner.street", streets[_WAITING[0]], by=as_learner(amina))
    columns = {"Nummer": "number", "Voornaam": "given_name", "Achternaam": "family_name"}
    row = [*(marks[f"learner.{each}"] for each in columns.values()), streets[_WAITING[1]]]
    run_id = bring_so_far(sheet_bytes([*columns, "Straat"], row), 2, whole.scene.office)
    marks |= streets
    listings = [("imports.one", f"/inlezen/{run_id}?soort={each.value}") for each in (Listing.CHANGED, Listing.REFUSED)]
    return [("learners.correction", f"/wijzigingen/{asked.id}"), *listings]


def walk(client: PageClient, pages: list[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Open pages; returns by address its endpoint and what was answered; nothing breaks."""
    answers = {path: (endpoint, client.browser.get(path, base_url=client.base)) for endpoint, path in pages}
    broken = [path for path, (_, answer) in answers.items() if answer.status_code >= 500]
    assert not broken
    return {path: (endpoint, answer.get_data(as_text=True)) for path, (endpoint, answer) in answers.items()}


def found_in(pages: dict[str, tuple[str, str]], marks: dict[str, str]) -> dict[str, list[str]]:
    """Return by address the columns of which something stands on the page."""
    found = {path: [key for key, mark in marks.items() if mark in text] for path, (_, text) in pages.items()}
    return {path: keys for path, keys in found.items() if keys}


def own_account(whole: Whole, role: Role) -> Account | None:
    """Return the account whose groups or learners are there, of a teacher or a coach."""
    return {Role.TEACHER: whole.teacher, Role.COACH: whole.coach}.get(role)


def is_meant(endpoint: str, key: str) -> bool:
    """Say whether what stands in this column stands there on purpose."""
    of_found = endpoint in _MEANT and key == "learner.number"
    return endpoint in _OF_HER_REQUEST or of_found or (endpoint.startswith(_NAMED) and key in _OF_REGISTER)


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.sample(0.2)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", STAFF)
def test_nothing_of_hers_stands_on_a_page_of_staff(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        marks = mark_all(whole.scene.amina)
        pages = [*pages_of(app, whole, role), *let_wait(whole, marks)]
    sign_in(client, role.value, account=own_account(whole, role))
    before = found_in(walk(client, pages), marks)
    with in_school(school_id(slug)), app.app_context():
        hold(whole.scene.amina.id)
    after = walk(client, pages)
    left = found_in(after, marks)

    assert before or role is Role.MANAGEMENT
    odd = {path: [key for key in keys if not is_meant(after[path][0], key)] for path, keys in left.items()}
    odd = {path: keys for path, keys in odd.items() if keys}
    assert not odd, "\n".join(f"{path}: {', '.join(keys)}" for path, keys in odd.items())


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.sample(0.2)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", STAFF)
def test_categories_of_her_own_row_stand_on_no_page_of_staff(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        marks = mark_all(whole.scene.amina)
        pages = [each for each in pages_of(app, whole, role) if each[0] not in _OF_HER_REQUEST]
        pages += let_wait(whole, marks)
        fields = {field.key: field.category for field in fields_of(Base.metadata.tables["learner"])}
        fields |= dict.fromkeys(_WAITING, fields["learner.street"])
        wanted = {category for category in fields.values() if category in RESTRICTABLE and category != "dealings"}
        hold(whole.scene.amina.id, *wanted)
    sign_in(client, role.value, account=own_account(whole, role))

    hidden = {key: mark for key, mark in marks.items() if fields.get(key) in wanted}
    left = found_in(walk(client, pages), hidden)

    assert len(hidden) > 10
    assert not left, "\n".join(f"{path}: {', '.join(keys)}" for path, keys in left.items())


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.sample(0.4)
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", [Role.LEARNER, Role.REPRESENTATIVE])
def test_she_and_who_acts_for_her_see_all_of_it_as_before(
    app: Flask, database: Any, sign_in: SignIn, role: Role, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        hers = whole.subject(role)
        marks = mark_all(hers)
        pages = list(pages_of(app, whole, role))
    if role is Role.LEARNER:
        sign_in(client, role.value, learner=hers)
    else:
        sign_in(client, role.value, account=whole.parent)
    before = found_in(walk(client, pages), marks)
    with in_school(school_id(slug)), app.app_context():
        hold(hers.id)
    after = found_in(walk(client, pages), marks)

    assert sum(map(len, before.values())) > 20
    lost = {path: sorted(set(keys) - set(after.get(path, []))) for path, keys in before.items()}
    assert not {path: keys for path, keys in lost.items() if keys}


SUMS = "course_figures"
"""The shape of a template that names nobody."""


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("slug", SLUGS)
def test_no_file_for_a_recipient_holds_her(app: Flask, database: Any, slug: str) -> None:
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        for each in current_policy().consent_purposes():
            if each.is_about(is_minor=False) and find_consent(whole.scene.amina.id, each.key, SYSTEM) is None:
                agree(whole.scene.amina, each.key)
        marks = mark_all(whole.scene.amina)
        amina, week_ago = whole.scene.amina.id, today() - timedelta(days=7)
        for model, values in (
            (Trajectory, {"act": Act.WI2013, "starts_on": date(2000, 1, 1), "ends_on": None}),
            (ExamResult, {"taken_on": week_ago}),
            (InvoiceLine, {"issued_on": week_ago}),
        ):
            session.execute(update(model).where(model.learner_id == amina).values(**values))
        templates = [each.key for each in current_policy().templates if not each.courses and each.shape != SUMS]
        before = {template: content(whole.scene, template) for template in templates}
        hold(whole.scene.amina.id)
    with in_school(school_id(slug)), app.app_context():
        after = {template: content(whole.scene, template) for template in templates}

    assert [template for template in templates if not held_in(before[template], marks)] == []
    assert {template: held for template in templates if (held := held_in(after[template], marks))} == {}


def held_in(text: str, marks: Mapping[str, str]) -> list[str]:
    """Return the fields whose marks stand in a file."""
    return [key for key, mark in marks.items() if mark in text]


def content(scene: Scene, template: str) -> str:
    """Make a file of this template and return what it holds."""
    made = make(ask(scene, template))
    assert made.file_id is not None
    return b"".join(open_file(made.file_id)).decode("utf-8", "replace")
