"""Who is in a file, what it holds in each form, and what the policy refuses."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.config import settings
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.crypto import files, keys
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.disclosures import queries
from portal.disclosures.files import selection
from portal.disclosures.files.delivery import give_file
from portal.disclosures.files.production import end_terms
from portal.disclosures.files.services import ask_for_file
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.disclosures.formats import content_of
from portal.disclosures.models import Disclosure, DisclosureState, FileFormat
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.disclosures import Scene, ask, make, make_scene

Enter = Callable[[str], AbstractContextManager[SchoolView]]


@pytest.fixture
def scene(app: Flask, school: SchoolView) -> Scene:
    """The scene at Lest Best; the app gives the words of a file."""
    return make_scene()


def content(disclosure: Disclosure) -> bytes:
    """Return the plain bytes of a file that was made."""
    assert disclosure.file_id is not None
    return b"".join(files.open_file(disclosure.file_id))


def wanted(scene: Scene, template: str = "attendance_for_client") -> Wanted:
    """Return what a file of the last four weeks holds."""
    policy = current_policy()
    return wanted_for(policy, policy.template(template), today() - timedelta(days=28), today(), scene.client.id)


@pytest.mark.promise("LB-09")
def test_without_consent_nobody_is_in_a_file_that_no_law_asks(scene: Scene) -> None:
    preview = queries.preview(wanted(scene))

    assert preview.count == 0
    assert preview.left_out == {"no_consent": 2}


@pytest.mark.promise("LB-09")
def test_the_file_holds_who_agreed_and_counts_who_is_left_out(scene: Scene, app: Flask) -> None:
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene))

    text = content(disclosure).decode("utf-8-sig")

    made = session.scalars(select(AuditEvent).where(AuditEvent.event == "disclosures.file_made")).one()
    assert made.learner_ids == [scene.amina.id]
    assert text.splitlines()[0].startswith(
        "Nummer;Voornaam;Tussenvoegsel;Achternaam;Groep;Datum;Van;Tot;Soort les;Waar;"
    )
    assert ";NT2;op school;" in text
    assert "Amina" in text
    assert "Bereket" not in text
    assert disclosure.left_out == {"no_consent": 1}
    assert queries.list_learner_ids(disclosure) == [scene.amina.id]


@pytest.mark.promise("MN-08")
def test_a_report_to_a_client_holds_only_whom_it_pays(enter: Enter, app: Flask) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()

        preview = queries.preview(wanted(scene))

        assert preview.count == 2
        assert preview.left_out == {}
        with app.app_context():
            text = content(make(ask(scene))).decode()
        assert "Chen" not in text
        assert "nog niet ingevuld" in text


@pytest.mark.promise("MN-10", part="survey contacts")
def test_survey_contacts_hold_no_number_nationality_or_result(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()

        preview = queries.preview(wanted(scene, "survey_contacts"))

        keys = {column.key for column in preview.columns}
        assert not keys & {"learner.bsn", "learner.nationality", "exam_result.is_passed", "level.level"}
        assert preview.count == 3


def test_a_workbook_has_totals_and_rows(scene: Scene, app: Flask) -> None:
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene, form=FileFormat.XLSX))

    book = CalamineWorkbook.from_filelike(io.BytesIO(content(disclosure)))

    totals = book.get_sheet_by_name("Uren").to_python()
    rows = book.get_sheet_by_name("Gegevens").to_python()
    assert totals[1][1] == "Amina"
    assert dict(zip(totals[0], totals[1], strict=True))["Uren gevolgd"] > 0
    assert rows[0][0] == "Nummer"
    assert dict(zip(rows[0], rows[1], strict=True))["Presentie"] == "aanwezig"


@pytest.mark.parametrize(("is_authorised", "cell"), [(True, "geoorloofd"), (False, "ongeoorloofd"), (None, "")])
def test_an_absence_is_listed_as_authorised_or_not(
    scene: Scene, app: Flask, is_authorised: bool | None, cell: str
) -> None:
    agree(scene.amina, "client_report")
    [mark] = session.scalars(select(AttendanceMark).where(AttendanceMark.learner_id == scene.amina.id))
    mark.status, mark.minutes, mark.late_minutes, mark.early_minutes = Status.ABSENT, 0, 0, 0
    mark.is_authorised = is_authorised
    with app.app_context():
        text = content(make(ask(scene))).decode("utf-8-sig")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content(make(ask(scene, form=FileFormat.XLSX)))))

    [line] = [row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["Presentie"] == "afwezig"]
    heading, *rows = book.get_sheet_by_name("Gegevens").to_python()
    [absence] = [
        row for row in (dict(zip(heading, each, strict=True)) for each in rows) if row["Presentie"] == "afwezig"
    ]
    heading, first, *_rest = book.get_sheet_by_name("Uren").to_python()
    totals = dict(zip(heading, first, strict=True))
    assert line["Geoorloofd of niet"] == cell
    assert absence["Geoorloofd of niet"] == cell
    assert (totals["Afwezig of afgemeld"], totals["Waarvan geoorloofd"]) == (1, 1 if is_authorised else 0)


def test_a_pdf_can_be_read_by_machine_and_person(scene: Scene, app: Flask) -> None:
    scene.amina.given_name = "أمينة 𠮷"
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene, form=FileFormat.PDF))

    reader = PdfReader(io.BytesIO(content(disclosure)))

    text = "".join(page.extract_text() for page in reader.pages)
    assert "Aanwezigheid en uren" in text
    assert scene.amina.number in text


def test_what_a_spreadsheet_takes_for_a_formula_stays_text(scene: Scene, app: Flask) -> None:
    scene.amina.given_name = "=HYPERLINK(1)"
    agree(scene.amina, "client_report")
    with app.app_context():
        text = content(make(ask(scene))).decode()

    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("field", [(), ("learner.iban",)], ids=["copied", "row by row"])
@pytest.mark.parametrize(
    ("typed", "risky"), [("-2+3+cmd|' /C calc'!A0", True), ("@SUM(1)", True), ("+31 6 123", False)]
)
def test_a_sealed_field_changes_nothing_about_formulas(
    scene: Scene, app: Flask, field: tuple[str, ...], typed: str, risky: bool
) -> None:
    scene.amina.family_name = scene.group.name = typed
    scene.amina.iban = keys.seal(scene.amina.id, "learner.iban", "NL91ABNA0417164300")
    agree(scene.amina, "client_report")
    usual = wanted(scene)
    template = usual.template.model_copy(update={"fields": (*usual.template.fields, *field)})
    with app.app_context():
        chosen = selection.selection_of(replace(usual, template=template), selection.included(usual))
        parts = content_of(FileFormat.CSV, chosen, lambda _rows: None)
        text = b"".join(parts).decode()

    [row] = text.splitlines()[1:]
    assert row.count(f"'{typed}" if risky else f";{typed}") == 2
    assert ("NL91ABNA0417164300" in row) is bool(field)


def test_the_file_on_disk_is_not_readable(scene: Scene, app: Flask) -> None:
    agree(scene.amina, "client_report")
    with app.app_context():
        make(ask(scene))

    stored = [path for path in Path(settings().files_dir).rglob("*") if path.is_file()]

    assert stored
    assert all(b"Amina" not in path.read_bytes() for path in stored)


def test_making_twice_makes_one_file(scene: Scene, app: Flask) -> None:
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene))
        first = disclosure.file_id
        make(disclosure)

    assert disclosure.file_id == first
    assert disclosure.state is DisclosureState.READY


@pytest.mark.promise("LB-03")
def test_a_file_for_anything_that_the_policy_lacks_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound):
        ask(scene, "attendance_for_newspaper")

    disclosure = ask(scene)

    assert (disclosure.recipient, disclosure.purpose) == ("client", "client_report")


@pytest.mark.promise("MN-12")
def test_no_file_serves_research(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        policy = current_policy()
        natures = {policy.purpose(template.purpose).nature for template in policy.templates}

        assert "research" not in natures


@pytest.mark.parametrize(
    ("days", "field", "code"),
    [
        ((0, -1), "ends_on", "ends_before_start"),
        ((-900, 0), "ends_on", "period_too_long"),
        ((2, 3), "starts_on", "period_ahead"),
    ],
)
def test_a_period_that_cannot_be(scene: Scene, days: tuple[int, int], field: str, code: str) -> None:
    start, end = (today() + timedelta(days=number) for number in days)

    with pytest.raises(Invalid) as refused:
        ask_for_file(
            "survey_contacts", starts_on=start, ends_on=end, form=FileFormat.CSV, client_id=None, by=scene.office
        )

    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_client_and_an_offered_form_are_needed(scene: Scene) -> None:
    with pytest.raises(Invalid, match="client_needed"):
        ask_for_file(
            "attendance_for_client",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 2, 1),
            form=FileFormat.CSV,
            client_id=None,
            by=scene.office,
        )
    with pytest.raises(Invalid, match="form_not_offered"):
        ask(scene, "survey_contacts", FileFormat.PDF)


def test_a_role_too_low_makes_no_file(scene: Scene) -> None:
    teacher = Actor(account_id=None, name="Tess", roles=frozenset({"teacher"}))
    with pytest.raises(NotAllowed):
        ask_for_file(
            "survey_contacts", starts_on=today(), ends_on=today(), form=FileFormat.CSV, client_id=None, by=teacher
        )


def test_a_file_is_gone_after_its_term(scene: Scene, app: Flask, clock: Callable[..., None]) -> None:
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene))
    file_id = disclosure.file_id
    assert file_id is not None
    assert end_terms() == 0

    clock(now() + timedelta(days=32))

    assert end_terms() == 1
    assert disclosure.state is DisclosureState.GONE
    with pytest.raises(NotFound):
        files.open_file(file_id)
    with pytest.raises(Conflict, match="gone"):
        give_file(disclosure.id, signed_in_at=now(), by=scene.office)
