"""Text that isn't UTF-8 is read in the code page in which its words read best."""

import pytest

from portal.imports.workbooks.delimited_text import decoded

_WESTERN = "Zoë;Müller;João\nÉlise;Muñoz;'t Hart\nFrançoise;Ångström;Björn"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_WESTERN, "cp1252"),
        (_WESTERN, "cp850"),
        ("Zoë", "cp1252"),
        ("Zoë", "cp850"),
        ("René;Désirée", "mac_roman"),
        ("RENÉE;ÇELIK", "cp1252"),
        ("RENÉE;ÇELIK", "cp850"),
        ("O’Brien – café …", "cp1252"),
        ("Şükrü;Yıldız;İbrahim;Çağla", "cp1254"),
        ("Łukasz;Wójcik;Świątek;Dvořák", "cp1250"),
        ("Łukasz;Berg", "cp1250"),
        ("één les, 2 à 3 uur", "cp1252"),
        ("Şükrü;Łukasz;Nguyễn", "utf-8"),
        ("Şükrü;Łukasz;Nguyễn", "utf-8-sig"),
        ("Şükrü;Łukasz;Nguyễn", "utf-16"),
        ("Voornaam;Achternaam\nŞükrü;Yıldız", "utf-16-le"),
    ],
)
def test_letters_come_back_as_they_were(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text
