"""Excel workbooks among the twelve: lists with dates as dates, and one that is kept over several sheets."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter


class Sheet:
    """A sheet being written: None leaves a cell empty, dates get a date format."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.dates = book.add_format({"num_format": "dd-mm-yyyy"})
        self.title = book.add_format({"bold": True, "align": "center"})

    def row(self, number: int, values: Sequence[Any]) -> None:
        """Write a row, numbered as the spreadsheet program numbers it."""
        for column, value in enumerate(values):
            if isinstance(value, date):
                self.sheet.write_datetime(number - 1, column, value, self.dates)
            elif value is not None:
                self.sheet.write(number - 1, column, value)

    def rows(self, first: int, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows from this number on."""
        for offset, values in enumerate(rows):
            self.row(first + offset, values)

    def merge(self, cells: str, text: str) -> None:
        """Merge cells under one text."""
        self.sheet.merge_range(cells, text, self.title)


_HEADER = ["Nr.", "Voornaam", "Tussenv.", "Achternaam", "Geb.datum", "m/v", "BSN", "Tel.", "E-mail", "Groep", "Wet"]
_HEADER += ["Leerroute", "Opdrachtgever", "Uren gevolgd"]


def september(path: Path) -> None:
    """01: a merged title, the header on row 4, BSN as numbers, empty rows, a total row."""
    trajectory = ["Wi2021", "B1", "Gemeente Utrecht"]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = Sheet(book, "Inschrijvingen")
        sheet.merge("A1:N1", "Taalschool: inschrijvingen najaar 2026")
        sheet.row(2, ["Bijgewerkt op", date(2026, 9, 14)])
        sheet.row(4, _HEADER)
        first = ["Fatima", None, "El Amrani", date(1988, 3, 12), "V", 11222335, "06-12345678", "fatima@example.nl"]
        sheet.row(5, [1001, *first, "A1 ochtend", *trajectory, 48])
        second = ["Dawit", None, "Tesfay", date(1995, 11, 2), "m", 123456782, 612345679, "dawit@example.nl"]
        sheet.row(6, [1002, *second, "A1 ochtend", *trajectory, 46.5])
        third = ["Oksana", "van der", "Berg", date(1979, 7, 30), "v", None, "06 1234 56 80", None]
        sheet.row(7, [1003, *third, "A1 ochtend", "Vrijwillig", None, None, 40])
        fourth = ["Ahmad", None, "Karimi", date(1990, 1, 5), "M", 123456789, "06-12345681", "ahmad@example.nl"]
        sheet.row(9, [1004, *fourth, "A1 ochtend", *trajectory, 12])
        fifth = ["Mei", None, "Chen", date(1993, 2, 6), "V", 234567892, "0612", "mei@example.nl"]
        sheet.row(10, [1005, *fifth, "A1 avond", *trajectory, 10])
        sixth = ["Yonas", None, "Gebre", date(1985, 5, 9), "M", 45678923, "(030) 234 56 82", "yonas@example.nl"]
        sheet.row(11, [1006, *sixth, "A1 avond", *trajectory, 8])
        sheet.row(13, ["Totaal", 6, *[None] * 11, "=SUM(N5:N11)"])
        sheet.sheet.write_formula(12, 13, "=SUM(N5:N11)", value=164.5)


def october(path: Path) -> None:
    """02: the same school a month later: other order, dates as text, one row twice, one number for two."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = Sheet(book, "Stand 1 oktober")
        header = ["Achternaam", "Voorvoegsel", "Roepnaam", "Cursistnummer", "Klas", "Telefoonnummer", "Geboortedatum"]
        sheet.row(1, header)
        sheet.rows(
            2,
            [
                ["El Amrani", None, "Fatima", "1001", "A1 ochtend", "0612345678", "12-3-1988"],
                ["Tesfay", None, "Dawit", "1002", "A1 ochtend", "06-87654321", "2 nov. 1995"],
                ["Berg", "van der", "Oksana", "1003", "A2 ochtend", "0612345680", "30/7/'79"],
                ["Gebre", None, "Yonas", "1006", "A1 avond", "030 2345682", "9 mei 1985"],
                ["Silva", "da", "Rosa", "1007", "A1 avond", "06-12345683", "1-12-1991"],
                ["Silva", "da", "Rosa", "1007", "A1 avond", "06-12345683", "1-12-1991"],
                ["Tesfay", None, "Dawit", "1002", "A1 ochtend", "06-87654321", "2 nov. 1996"],
                ["Aantal cursisten", None, None, 7],
            ],
        )
        notes = Sheet(book, "Toelichting")
        notes.rows(1, [["Groen", "nieuw"], ["Oranje", "nog bellen"], ["Voornaam invullen zoals op het paspoort"]])


def tracking(path: Path) -> None:
    """08: learners on one sheet and their trajectories on another, with a sheet of lists between."""
    with xlsxwriter.Workbook(str(path)) as book:
        people = Sheet(book, "Cursisten")
        header = ["Cursistnr", "Achternaam", "Tussenvoegsel", "Voornaam", "Burgerservicenummer", "Geboortedatum"]
        people.row(1, [*header, "Herkomstland"])
        people.rows(
            2,
            [
                ["8001", "Jong", "de", "Noura", "34567896", date(1990, 1, 2), "Irak"],
                ["8002", "Abdi", None, "Farah", "77.788.904", "3 feb 1984", "Somalië"],
                ["8003", "Lopez", None, "Juan", "0616 16163", date(1979, 3, 4), "Colombia"],
                ["8004", "Wijk", "van", "Lin", None, "04-04-1992", "China"],
                ["8005", "Nowak", None, "Piotr", 678901235, date(1987, 5, 5), "Polen"],
            ],
        )
        lists = Sheet(book, "Lijsten")
        lists.rows(1, [["B1", "ja"], ["Z", "nee"]])
        routes = Sheet(book, "Trajecten")
        routes.row(
            1,
            [
                "Cursistnr",
                "Wet",
                "Leerroute",
                "Opdrachtgever",
                "Startdatum traject",
                "Einddatum traject",
                "Uren tot nu toe",
            ],
        )
        routes.rows(
            2,
            [
                [8001, "Wi2021", "B1-route", "Gemeente Zeist", date(2026, 9, 1), None, 64],
                [8002, "Wi2021", "Z-route", "Gemeente Zeist", "1-9-2026", "31-8-2029", 60],
                [8003, "Wi2021", "Onderwijsroute", "Gemeente Zeist", date(2026, 9, 1), None, 58.5],
                [],
                [8004, "Wi2021", "B1-route", "Gemeente Zeist", "1-9-2026", "1-9-2025", 0],
                [8999, "Wi2021", "B1-route", "Gemeente Zeist", "1-9-2026", None, 0],
            ],
        )
