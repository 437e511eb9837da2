"""The OpenDocument spreadsheets among the twelve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P


@dataclass(frozen=True)
class Span:
    """A cell that lies over others."""

    text: str
    columns: int = 1
    rows: int = 1


COVERED = object()


def _cell(value: Any) -> Any:
    if value is COVERED:
        return CoveredTableCell()
    if value is None:
        return TableCell()
    if isinstance(value, Span):
        cell = TableCell(valuetype="string", numbercolumnsspanned=value.columns, numberrowsspanned=value.rows)
        cell.addElement(P(text=value.text))
    elif isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
        cell.addElement(P(text=f"{value:%d-%m-%y}"))
    elif isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=str(value))
        cell.addElement(P(text=str(value).replace(".", ",")))
    else:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=value))
    return cell


def write(path: Path, sheets: Iterable[tuple[str, Sequence[Sequence[Any]]]]) -> None:
    """Write sheets as LibreOffice does, with its million repeated empty rows at the foot."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets:
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                line.addElement(_cell(value))
            line.addElement(TableCell(numbercolumnsrepeated=16384 - len(row)))
            table.addElement(line)
        rest = TableRow(numberrowsrepeated=1048576 - len(rows))
        rest.addElement(TableCell(numbercolumnsrepeated=16384))
        table.addElement(rest)
        document.spreadsheet.addElement(table)
    document.save(str(path))


_HEADER = ["Naam cursist", "Geboortedatum", "Telefoon", "Uren tot nu toe"]


def groups(path: Path) -> None:
    """05: a sheet for each group, the group's name only on the sheet, the header on row 6."""
    title = [Span("Groepslijst najaar", columns=4), COVERED, COVERED, COVERED]
    morning = [
        title,
        [],
        ["Docent", "M. Jansen"],
        ["Lokaal", 3],
        [],
        _HEADER,
        ["Berg, Jan van den", date(1980, 5, 1), "06-12345501", 24],
        ["Yusuf Ali", date(1991, 6, 2), "0612345502", 30.5],
        [],
        ["Maria de la Cruz", date(1975, 7, 3), "06 1234 5503", 12],
        ["Tesfay, Dawit", date(1999, 8, 4), None, 30],
        ["Totaal", None, None, 96.5],
    ]
    evening = [
        title,
        [],
        ["Docent", "P. Bakker"],
        ["Lokaal", 4],
        [],
        _HEADER,
        ["Hakimi, Zahra", date(1988, 9, 5), "06-12345505", 18],
        ["Okafor, Emeka", date(1986, 10, 6), "+31612345506", 20],
        ["Popescu, Ana", date(1993, 11, 7), "06-12345507", "veel"],
        ["Anna in 't Veld", date(1990, 12, 8), "06-12345508", 22],
        [],
        ["Totaal uren", None, None, 60],
    ]
    write(path, [("A1 ochtend", morning), ("A1 avond", evening), ("Info", [["Vragen?"], ["Bel de administratie"]])])


def participants(path: Path) -> None:
    """06: English, a header of two lines with spans, levels, trajectories and hours."""
    top = [
        Span("Participant no", rows=2),
        Span("Level", columns=4),
        COVERED,
        COVERED,
        COVERED,
        Span("Name", rows=2),
        Span("Birth date", rows=2),
        Span("Trajectory", columns=3),
        COVERED,
        COVERED,
        Span("Hours so far", rows=2),
    ]
    under = [
        COVERED,
        "Reading",
        "Writing",
        "Listening",
        "Speaking",
        COVERED,
        COVERED,
        "Act",
        "Route",
        "Client",
        COVERED,
    ]
    rows = [
        top,
        under,
        [601, "A1", "A1", "A2", "A2", "Rahimi, Parisa", date(1987, 1, 11), "2021", "B1", "Gemeente Rotterdam", 120],
        [602, "A2", "A1", "A2", "B1", "Samuel Woldu", date(1992, 2, 12), "2021", "Z", "Gemeente Rotterdam", 300.25],
        [603, "Alfa C", None, "A1", "A1", "Dijk, Noor van", date(1996, 3, 13), "2013", None, None, 610],
        [604, "A1", "A1", "A1", "good", "Petrov, Ivan", date(1983, 4, 14), "2021", "B1", "Gemeente Rotterdam", 80],
    ]
    write(path, [("Participants", rows)])
