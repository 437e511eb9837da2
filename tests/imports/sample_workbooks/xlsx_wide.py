"""Excel workbooks among the twelve: a header over two lines, and a municipality's list that starts on row 20."""

from datetime import date
from pathlib import Path

import xlsxwriter

from tests.imports.sample_workbooks.xlsx_files import Sheet


def levels(path: Path) -> None:
    """07: merged header cells over two lines, dates as bare numbers, one row twice, a total row."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = Sheet(book, "Blad1")
        sheet.merge("A1:L1", "Niveaus en trajecten")
        sheet.merge("A2:A3", "Cursistnummer")
        sheet.merge("B2:C2", "Naam")
        sheet.merge("D2:D3", "Geboortedatum")
        sheet.merge("E2:H2", "Niveau")
        sheet.merge("I2:K2", "Traject")
        sheet.merge("L2:L3", "Start")
        under = [None, "Achternaam", "Voornaam", None, "Lezen", "Luisteren", "Schrijven", "Spreken", "Wet"]
        for column, text in enumerate([*under, "Leerroute", "Opdrachtgever"]):
            if text:
                sheet.sheet.write(2, column, text)
        sheet.rows(
            4,
            [
                [
                    "701",
                    "van den Heuvel",
                    "Sara",
                    31503,
                    "A1",
                    "A1",
                    "A0",
                    "A2",
                    "Wi2021",
                    "B1",
                    "Gemeente Leiden",
                    46266,
                ],
                [
                    "702",
                    "Hoek, van",
                    "Amir",
                    33298,
                    "A2",
                    "A2",
                    "A1",
                    "A2",
                    "Wi2021",
                    "Onderwijs",
                    "Gemeente Leiden",
                    46266,
                ],
                [
                    "703",
                    "Diallo",
                    "Awa",
                    29587,
                    "Alfa A",
                    "A1",
                    "Alfa A",
                    "A1",
                    "Wi2021",
                    "Z",
                    "Gemeente Leiden",
                    46272,
                ],
                [
                    "703",
                    "Diallo",
                    "Awa",
                    29587,
                    "Alfa A",
                    "A1",
                    "Alfa A",
                    "A1",
                    "Wi2021",
                    "Z",
                    "Gemeente Leiden",
                    46272,
                ],
                ["704", "d'Souza", "Ravi", 30682, "B1", "B1", "A2", "B1", "Wi2013", None, None, 45901],
                ["705", "Kim", "Hana", 32874, "A1", "A1", "A1", "A1", "Wi2021", "C3", "Gemeente Leiden", 46272],
                ["Totaal: 5"],
            ],
        )


def municipality(path: Path) -> None:
    """11: English, nineteen lines of letter above the header, dates in three forms in one column."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = Sheet(book, "Sheet1")
        for number in range(1, 18):
            sheet.row(
                number, ["Municipality of Amersfoort" if number == 1 else f"Line {number} of the covering letter"]
            )
        sheet.row(
            20, ["Client", "Surname", "Given names", "DOB", "BSN", "Learning route", "Act", "Course start", "Remarks"]
        )
        town = "Gemeente Amersfoort"
        sheet.rows(
            21,
            [
                [town, "van der Meer", "Aisha", 31503, 40404043, "B1", "2021", "1-9-2026", None],
                [town, "Bakr", "Omar", "14 March 1991", 90909094, "Z-route", "2021", date(2026, 9, 1), None],
                [town, "Bakr", "Omar", "14 March 1991", 90909094, "Z-route", "2021", date(2026, 9, 1), None],
                [town, "de Wit", "Liya", date(1994, 4, 15), 345678904, "B1", "2021", 46266, "Called"],
                [town, "Janssen", "Petra", date(1981, 2, 3), 345678904, "B1", "2021", 46266, None],
                [None, "Costa", "Bruno", date(1985, 6, 7), 456789017, None, "Voluntary", 46266, None],
                [],
                [],
            ],
        )
