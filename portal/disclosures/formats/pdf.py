"""A file as a PDF to print: the totals of each learner, with how many lessons are not yet filled in."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from portal.core.clock import local, now
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.languages import _
from portal.disclosures.files.selection import Selection
from portal.disclosures.formats.rows import Progress, as_text
from portal.disclosures.glyphs import REPLACEMENT, is_printable, printable
from portal.schools.queries import current_school

MOST_LEARNERS = 2_000
LAYOUT = Path(__file__).resolve().parents[3] / "templates" / "disclosures" / "pdf" / "attendance.typ"
_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")


def font_folders() -> list[str]:
    """Return the folders of the fonts that come as packages."""
    folders: list[str] = []
    for name in _FONTS:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            folders += spec.submodule_search_locations
    return folders


def _data(selection: Selection) -> dict[str, object]:
    if selection.totals is None:
        raise Conflict("not_on_paper")
    rows = session.execute(selection.totals.limit(MOST_LEARNERS + 1)).all()
    if len(rows) > MOST_LEARNERS:
        raise Conflict("too_many_for_paper", most=MOST_LEARNERS)
    names = [current_school().name, *(row.name for row in rows), *(row.number for row in rows)]
    body = [
        [
            printable(row.number),
            printable(row.name),
            str(row.lessons),
            str(row.present),
            str(row.absent),
            str(row.authorised),
            str(row.open),
            f"{row.minutes / 60:.2f}".replace(".", ","),
        ]
        for row in rows
    ]
    return {
        "school": printable(current_school().name),
        "title": _("Aanwezigheid en uren"),
        "period": f"{as_text(selection.wanted.starts_on)} – {as_text(selection.wanted.ends_on)}",
        "made": local(now()).strftime("%d-%m-%Y %H:%M"),
        "headings": [
            _("Nummer"),
            _("Naam"),
            _("Lessen"),
            _("Aanwezig"),
            _("Afwezig of afgemeld"),
            _("Waarvan geoorloofd"),
            _("Niet ingevuld"),
            _("Uren"),
        ],
        "rows": body,
        "replaced": "" if all(map(is_printable, names)) else _replaced(),
        "made_words": _("Gemaakt op"),
        "signature": _("Handtekening"),
    }


def _replaced() -> str:
    return _(
        "%(sign)s staat voor tekens die dit papier niet kan tonen. De hele naam staat bij het nummer in het portaal.",
        sign=REPLACEMENT,
    )


def compile_pdf(layout: Path, data: dict[str, object]) -> bytes:
    """Return a tagged PDF (PDF/UA-1) in the fonts that come with the portal, the same on every machine.

    What is in `data` must be printable: a character without a glyph raises TypstError.
    """
    import typst  # 6 MB, which a process that makes no PDF does without

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    folders = [Path(folder) for folder in font_folders()]
    return typst.compile(
        layout, format="pdf", font_paths=folders, ignore_system_fonts=True, sys_inputs=inputs, pdf_standards="ua-1"
    )


def pdf_of(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """Yield the file as a PDF. Raises Conflict where it would hold more learners than paper is for."""
    data = _data(selection)
    yield compile_pdf(LAYOUT, data)
    rows = data["rows"]
    progress(len(rows) if isinstance(rows, list) else 0)
