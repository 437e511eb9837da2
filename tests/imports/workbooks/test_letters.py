"""Letters that a list lost: made whole where that can be, else told."""

import pytest

from portal.imports.workbooks.letters import is_spoilt, mended


@pytest.mark.parametrize("name", ["Şükrü", "Yıldız", "Zoë", "Renée", "Nguyễn Thị", "Łukasz", "Müşerref", "Olena Ковал"])
def test_utf8_that_was_read_as_something_else_comes_back(name: str) -> None:
    once = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in name.encode())
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in once.encode())
    assert mended(once) == mended(twice) == mended(name) == name


@pytest.mark.parametrize(
    ("text", "better"),
    [("M&uuml;ller", "Müller"), ("Y&#305;ld&#305;z", "Yıldız"), ("Jan_x000D_", "Jan\r"), ("A & B; C", "A & B; C")],
)
def test_other_ways_of_writing_letters(text: str, better: str) -> None:
    assert mended(text) == better


@pytest.mark.parametrize("name", ["Y?ld?z", "?ükrü", "Th?", "Ren\ufffd", "M‡ller", "J¿rg"])
def test_a_name_without_its_letters_is_told(name: str) -> None:
    assert is_spoilt(name, is_name=True)


def test_a_question_is_no_lost_letter() -> None:
    assert not is_spoilt("Is zij al begonnen?", is_name=False)
    assert not is_spoilt("O'Brien-Şahin", is_name=True)
    assert is_spoilt("Gda?sk", is_name=False)
    assert is_spoilt("H? Chí Minh", is_name=False)
