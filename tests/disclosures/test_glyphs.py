"""What is called printable can be printed: each character of its ranges, in the fonts that come with the portal."""

import sys
import unicodedata

import pytest
import typst

from portal.disclosures.formats.pdf import LAYOUT, compile_pdf
from portal.disclosures.glyphs import REPLACEMENT, is_printable, printable
from tests.disclosures.formats.test_pdf import data

UNWRITTEN = {"Cc", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}


def test_each_printable_character_has_a_glyph() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    written = [each for each in signs if unicodedata.category(each) not in UNWRITTEN and is_printable(each)]
    assert len(written) > 40_000
    lines = ["".join(written[at : at + 100]) for at in range(0, len(written), 100)]

    compile_pdf(LAYOUT, data(*lines))  # PDF/UA allows no character without a glyph
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        compile_pdf(LAYOUT, data("Amina 𓀀"))


def test_a_run_without_glyphs_becomes_one_sign() -> None:
    assert printable("Amina") == "Amina"
    assert printable("ሰላም 张伟") == "ሰላም 张伟"
    assert printable("𓀀𓀁 Amina 𓀀") == f"{REPLACEMENT} Amina {REPLACEMENT}"
    assert not is_printable("Amina \U000e0041")
