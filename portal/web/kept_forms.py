"""A form that could not be stored because its session ended: it is given back with the page that says so."""

from dataclasses import dataclass

from flask_wtf.csrf import generate_csrf
from htmx_flask import request

_LONGEST = 200_000


@dataclass(frozen=True)
class KeptForm:
    """What was sent: each field with its value, the texts among them to be read again, whether a file was with it."""

    fields: tuple[tuple[str, str], ...]
    written: tuple[str, ...]
    has_file: bool


def kept_form() -> KeptForm | None:
    """Return the form in hand, to be sent again with a token of now; never its passwords.

    None for one that a browser doesn't say to come from our own page (nobody else's is given a token), and for one that
    is longer than a page should be.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if "password" not in name]
    if sum(len(value) for _name, value in sent) > _LONGEST:
        return None
    return KeptForm(
        fields=tuple((name, generate_csrf() if _is_token(name) else value) for name, value in sent),
        written=tuple(value.strip() for name, value in sent if not _is_token(name) and " " in value.strip()),
        has_file=any(file.filename for file in request.files.values()),
    )


def _is_token(name: str) -> bool:
    return name.rpartition("-")[2] == "csrf_token"
