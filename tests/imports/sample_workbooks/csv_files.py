"""The separated text files among the twelve."""

import codecs
from pathlib import Path


def _write(path: Path, text: str, encoding: str, *, mark: bytes = b"") -> None:
    path.write_bytes(mark + text.strip("\n").replace("\n", "\r\n").encode(encoding) + b"\r\n")


def participants(path: Path) -> None:
    """03: semicolons, Windows-1252, two lines above the header, surname with what stands before it after a comma."""
    _write(
        path,
        """
Export KVS;;;;;;;;;;
;;;;;;;;;;
Deelnemernummer;Achternaam;Voorletters;Voornaam;Geb.datum;Geboorteland;Straat;Huisnr;Postcode;Woonplaats;Mobiel;Startdatum;Groep
3001;Berg, van der;Z.;Zoë;12-3-1985;Oekraïne;Kerkstraat;12 bis;3511 ab;Utrecht;06 12 34 56 78;1-9-2026;A2 dag
3002;Çelik;A.;Ayşe;1 jan 1990;Turkije;Laan van Nieuw-Guinea;4;3531JB;Utrecht;0612345679;1-9-2026;A2 dag
;;;;;;;;;;;;
3003;Graaf, de;M.;Müşerref;01/02/'79;Turkije;Amsterdamsestraatweg;301a;3551CG;Utrecht;+31 6 12345670;1 sept. 2026;A2 dag
3004;Müller;J.;João;31-02-1988;Brazilië;Vleutenseweg;8;3532HB;Utrecht;06-12345671;1-9-2026;A2 dag
3005;Ouali;S.;Saïd;3 mei 1992;Marokko;Kanaalstraat;77;3531 CE;Utrecht;030-2345678;7-9-2026;A2 avond
3006;;R.;Renée;4-4-1994;Suriname;Kanaalstraat;79;3531 CE;Utrecht;06-12345673;7-9-2026;A2 avond
3007;'t Hart;E.;Élise;5 augustus 1996;Congo;Damstraat;2;3531BR;Utrecht;06.12345674;7-9-2026;A2 avond
;;;;;;;;;;;;
Totaal;;;;;;;;;;;;7
""".replace("ş", "s"),
        "cp1252",
    )


def learners(path: Path) -> None:
    """04: commas, a byte order mark, English headers in an odd order, surnames with what stands before them."""
    _write(
        path,
        """
Class,Last name,First name,Student no,Email,Phone,Date of birth,Country of birth,Mother tongue,Start date
Morning A1,van der Berg,Maryam,4001,maryam@example.org,0031 6 12345601,1 September 1989,Syria,Arabic,1-9-2026
Morning A1,"El Idrissi, ",Hamza,4002,hamza@example.org,+31612345602,2 feb 1991,Morocco,Tamazight,1-9-2026
,,,,,,,,,
Morning A1,Kovalenko,Iryna,4003,iryna@example.org,612345603,03-04-1984,Ukraine,Ukrainian,1-9-2026
Morning A1,Abebe,Selam,4004,selam(at)example.org,0612345604,5/6/1993,Eritrea,Tigrinya,1-9-2026
Evening A1,ter Horst,Lien,4005,LIEN@Example.org,030 - 234 56 05,1990-07-08,Vietnam,Vietnamese,7-9-2026
Morning A1,Kovalenko,Iryna,4003,iryna@example.org,612345603,03-04-1984,Ukraine,Ukrainian,1-9-2026
,,,,,,,,,
Evening A1,Öztürk,Elif,4006,elif@example.org,06 1234 5606,9 october 1995,Turkey,Turkish,7-9-2026
""",
        "utf-8",
        mark=codecs.BOM_UTF8,
    )


def administration(path: Path) -> None:
    """09: tabs, no byte order mark, the whole name in one column, BSN typed as a number."""
    header = ["Naam", "Cursist nr.", "Geb. datum", "Telefoonnr.", "E-mail", "BSN", "Wet", "Route", "Opdrachtgever"]
    header += ["Startdatum traject"]
    rows = [
        ["Berg, Fatima van der", "9001", "1 sept. 1989", "06-12345901", "fatima@example.nl", "12345684"],
        ["Jan de Vries", "9002", "01/09/'79", "0612345902", "jan@example.nl", "23456796"],
        ["Öz, Ali", "9003", "1-9-1999", "+31 (0)6 12345903", "", "34567896"],
        ["Ng, Thi", "9004", "3 oktober 1990", "06 123 45 904", "", "45678923"],
        ["Haddad, Rima", "9005", "12 dec 1982", "(030) 2345905", "rima@example.nl", "98765437"],
        ["Maria dos Santos", "9006", "voorjaar 1996", "06-12345906", "", "123456782"],
    ]
    trajectory = ["Wi2021", "B1-route", "Gemeente Nieuwegein", "1-9-2026"]
    lines = ["\t".join(header), *("\t".join([*row, *trajectory]) for row in rows)]
    _write(path, "\n".join(lines), "utf-8")


def attendance(path: Path) -> None:
    """10: everything quoted, lines above the header, decimal commas, one number for two people."""
    _write(
        path,
        """
"Presentielijst export"
"Periode";"1-9-2026 t/m 31-10-2026"

"Aangemaakt door";"administratie"

"Nummer";"Achternaam";"Voornaam";"Geboortedatum";"Groep";"Gevolgde uren";"Niveau lezen";"Niveau spreken"
"7001";"Boer, den";"Ngozi";"1-2-1990";"Alfa 1";"12,5";"Alfa A";"A0"
"7002";"Hassan";"Ibrahim";"2-3-1991";"Alfa 1";"40";"Alfa B";"A1"
"7003";"Haan, de";"Amina";"3-4-1992";"Alfa 1";"1.040,75";"alfa c";"A1"
"7004";"Yilmaz";"Deniz";"4-5-1993";"Alfa 2";"0";"A1";"A2"
"7002";"Osman";"Ibrahim";"2-3-1991";"Alfa 1";"40";"Alfa B";"A1"
"7005";"Nguyen";"Linh";"1-1-2062";"Alfa 2";"3";"A1";"A1"
"Totaal";"";"";"";"";"1.136,25";"";""
""",
        "utf-8",
        mark=codecs.BOM_UTF8,
    )


def changes(path: Path) -> None:
    """12: no numbers at all: by BSN where there is one, else a person must decide."""
    _write(
        path,
        """
Achternaam,Tussenvoegsel,Voornaam,Geboortedatum,Burgerservicenummer,Mobiel,E-mail,Opmerking
Berg,van der,Fatima,1 sept 1989,12345684,06 12345999,fatima@example.nl,verhuisd
Vries,de,Jan,1-9-1979,23456796,06-12345902,,
,,,,,,,
Haddad,,Rima,12 december 1982,,06-12345777,rima@example.nl,naam zonder bsn
Çoban,,Şule,7-7-1997,,06-12345778,sule@example.nl,nieuw
Ruiz,,André,8-8-1998,,06-12345779,andre@@example.nl,nieuw
,,,,,,,
""".replace("Ş", "S"),
        "cp1252",
    )
