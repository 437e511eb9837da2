"""Names of every script that learners have stand on paper, whole and tagged; what can't is said before and on it."""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from flask import Flask
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import ContentStream

from portal.core.clock import today
from portal.core.crypto import files
from portal.core.db.scope import in_school
from portal.disclosures.formats.pdf import LAYOUT, compile_pdf, font_folders
from portal.disclosures.glyphs import REPLACEMENT
from portal.disclosures.models import FileFormat
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.disclosures import Scene, ask, make, make_scene
from tests.page_client import PageClient
from tests.signing_in import SignIn

NAMES = {
    "Ethiopic": "ሰላም ተስፋይ",
    "Arabic": "أمينة",
    "Persian": "پژمان گلی",
    "Cyrillic": "Олександр Ґалаґан",
    "Greek": "Γεωργία",
    "Georgian": "გიორგი",
    "Armenian": "Հայկ",
    "Hebrew": "דוד",
    "Thai": "สมชาย",
    "Khmer": "សុខា",
    "Devanagari": "राम",
    "Bengali": "রহিম",
    "Sinhala": "සුනිල්",
    "Chinese": "张伟",
    "Japanese": "山田たろう",
    "Korean": "김철수",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Turkish": "Şükrü Yıldız",
    "face": "Sam 😀",
}
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 2 + "Welchevoralternwarengewissenhaft"


def data(*names: str) -> dict[str, object]:
    """Return what the layout takes, with a row for each name."""
    rows = [[f"T{place:05}", name, "12", "11", "1", "0", "0", "33,50"] for place, name in enumerate(names)]
    headings = ["Nummer", "Naam", "Lessen", "Aanwezig", "Afwezig of afgemeld", "Waarvan geoorloofd", "Open", "Uren"]
    return {
        "school": "Lest Best",
        "title": "Aanwezigheid en uren",
        "period": "1-9-2026 – 30-9-2026",
        "made": "1-10-2026 09:00",
        "made_words": "Gemaakt op",
        "replaced": "",
        "signature": "Handtekening",
        "headings": headings,
        "rows": rows,
    }


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without white space: lines break where there is no room."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pages))


def glyphs_of(pdf: bytes) -> Iterator[int]:
    """Yield the number of each glyph that a PDF shows; 0 is the box for a character without one."""
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            shown = {b"Tj": operands, b"TJ": operands[0] if operands else []}.get(operator, [])
            for text in shown:
                raw = getattr(text, "original_bytes", text)
                if isinstance(raw, bytes):
                    yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def is_tagged(pdf: bytes) -> bool:
    """Say whether a PDF says of itself that it is tagged, and has a tree of tags."""
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root


def test_every_name_is_printed_and_tagged_whatever_the_machine_has() -> None:
    pdf = compile_pdf(LAYOUT, data(*NAMES.values()))

    text, glyphs = text_of(pdf), list(glyphs_of(pdf))
    # What is joined or reordered by its font is read back by its letters, in another order.
    missing = {script: name for script, name in NAMES.items() if not set(name.replace(" ", "")) <= set(text)}
    assert missing == {}
    assert len(glyphs) > 200
    assert 0 not in glyphs
    assert is_tagged(pdf)
    fonts = {font for page in PdfReader(io.BytesIO(pdf)).pages for font in page["/Resources"]["/Font"].values()}
    assert all("Noto" in font.get_object()["/BaseFont"] for font in fonts)


@pytest.mark.parametrize("name", [LONG, " ".join(["Maria"] * 18), "ሰላምተስፋይ" * 10, "张伟" * 45])
def test_a_long_name_stays_within_its_column(name: str) -> None:
    folders = [Path(folder) for folder in font_folders()]
    inputs = {"data": json.dumps(data(name), ensure_ascii=False)}
    picture = typst.compile(
        LAYOUT, format="png", ppi=72, font_paths=folders, ignore_system_fonts=True, sys_inputs=inputs
    )
    assert isinstance(picture, bytes)
    page = ImageOps.invert(Image.open(io.BytesIO(picture)).convert("L"))
    box = page.getbbox()

    assert box is not None
    assert box[2] < page.width - 45, "ink in the margin"
    pdf = compile_pdf(LAYOUT, data(name))
    assert set(name.replace(" ", "")) <= set(text_of(pdf))
    assert text_of(pdf).count("33,50") == 1
    assert is_tagged(pdf)


@pytest.fixture
def scene(app: Flask, school: SchoolView) -> Scene:
    return make_scene()


@pytest.mark.parametrize(("name", "on_paper"), [("Amina 𓀀𓀁", f"Amina{REPLACEMENT}"), ("Selam ሰላም", "Selamሰላም")])
def test_what_has_no_glyph_is_replaced_and_the_paper_says_so(
    scene: Scene, app: Flask, name: str, on_paper: str
) -> None:
    scene.amina.given_name = name
    agree(scene.amina, "client_report")
    with app.app_context():
        disclosure = make(ask(scene, form=FileFormat.PDF))
    assert disclosure.file_id is not None
    pdf = b"".join(files.open_file(disclosure.file_id))

    assert on_paper in text_of(pdf)
    assert ("nietkantonen" in text_of(pdf)) is (REPLACEMENT in on_paper)
    assert is_tagged(pdf)


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_who_cannot_be_printed_is_named_before_the_file_is_made(client: PageClient, sign_in: SignIn, form: str) -> None:
    sign_in(client, "administration")
    with in_school(school_id("lest-best")):
        scene = make_scene()
        scene.amina.given_name, scene.bereket.given_name = "Amina 𓀀", "ሰላም"
        for learner in (scene.amina, scene.bereket):
            agree(learner, "client_report")
        asked = {"starts_on": (today() - timedelta(days=28)).isoformat(), "ends_on": today().isoformat(), "form": form}
        address = "/bestanden/nieuw/attendance_for_client"

    page = client.get(address, query_string={**asked, "client_id": scene.client.id}).get_data(as_text=True)

    told = page.partition("Papier kan sommige tekens")[2].partition("</ul>")[0]
    assert ("Amina 𓀀" in told) is (form == "pdf")
    assert "ሰላም" not in told
