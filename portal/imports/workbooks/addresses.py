"""An address in one cell, in two or in several, to street, number of the house, postcode and city."""

import re

_POSTCODE = re.compile(r"\b(?P<figures>[1-9]\d{3})\s?(?P<letters>[A-Za-z]{2})\b(?![-'’])")
_ADDITION = (
    r"(?:\s*[-/]\s*\d{1,4}\b|\s*[-/]?\s*(?:bis|hs|huis|bovenhuis|boven|beneden|to|rd|zw|zwart|rood|wit|[a-z]{1,2}|[ivx]{1,4})\b"
    r"|\s+\d{1,2}e?\s?(?:etage|verd\w*|hoog))"
)
_HOUSE = re.compile(rf"(?P<street>.*[^\W\d_].*?)[\s,]+(?P<number>\d{{1,5}}{_ADDITION}{{0,3}})$", re.IGNORECASE)
_TRIMMED = " ,;.-\t\n"

Values = dict[str, object]


def settle_address(values: Values) -> None:
    """Take the parts out of what stands together, in place; what the sheet says in a column of its own stays."""
    place, address = (values.pop(f"learner.{key}", None) for key in ("postcode_city", "address"))
    if isinstance(place, str):
        _settle_place(values, place)
    if isinstance(address, str):
        street, found = _split(address)
        _fill(values, "postcode", found)
        _settle_city(values, found, address)
        _settle_street(values, street)
    _add_to_house(values)


def _split(address: str) -> tuple[str, str]:
    """Return what stands before a postcode, and the postcode; all and "" where there is none."""
    match = _POSTCODE.search(address)
    if match is None:
        return address.strip(_TRIMMED), ""
    return address[: match.start()].strip(_TRIMMED), f"{match['figures']} {match['letters'].upper()}"


def _settle_city(values: Values, postcode: str, address: str) -> None:
    match = _POSTCODE.search(address)
    if postcode and match is not None:
        _fill(values, "city", address[match.end() :].strip(_TRIMMED))


def _settle_street(values: Values, text: str) -> None:
    match = _HOUSE.match(text)
    if match is None and "," in text:  # no postcode: "Lange Kade 4, Utrecht"
        street, _, city = text.rpartition(",")
        match = _HOUSE.match(street.strip())
        if match is not None:
            _fill(values, "city", city.strip())
    street, number = (match["street"].strip(_TRIMMED), match["number"].strip()) if match else (text, "")
    _fill(values, "street", street)
    _fill(values, "house_number", " ".join(number.split()))


def _settle_place(values: Values, place: str) -> None:
    match = _POSTCODE.search(place)
    if match is None:
        _fill(values, "city", place)
        return
    _fill(values, "postcode", f"{match['figures']} {match['letters'].upper()}")
    _fill(values, "city", (place[: match.start()] + " " + place[match.end() :]).strip(_TRIMMED))


def _add_to_house(values: Values) -> None:
    """Write what is added to a number behind it: 12 and "bis" are "12 bis", 12 and "A" are "12A"."""
    number, addition = values.get("learner.house_number"), values.pop("learner.house_addition", None)
    if addition is None:
        return
    if number is None:
        values["learner.house_number"] = addition
    elif not str(number).lower().endswith(str(addition).lower()):
        gap = "" if len(str(addition)) == 1 and str(addition).isalpha() else " "
        values["learner.house_number"] = f"{number}{gap}{addition}"


def _fill(values: Values, key: str, text: str) -> None:
    if text:
        values.setdefault(f"learner.{key}", text)
