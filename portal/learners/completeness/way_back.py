"""The way back to the list of what records lack, for who came to a form from it: `lijst=onvolledig` in the address."""

from flask import flash, request, url_for

from portal.core.http.languages import _

FROM_LIST = "onvolledig"


def list_asked() -> str | None:
    """Return what the address says of the list that she came from, to go along with a form; None for another way."""
    return FROM_LIST if request.args.get("lijst") == FROM_LIST else None


def way_back(url: str) -> tuple[str, str]:
    """Return where a form leads back to, in words and as an address: the list that she came from, else this one."""
    if list_asked() is not None:
        return _("Terug naar wat ontbreekt"), url_for("learners.incomplete")
    return _("Terug naar het dossier"), url


def stored_from_list() -> str | None:
    """Say that it was stored, and return the address of the list; None where she didn't come from it.

    Not of whom: what is said after a change travels in a cookie.
    """
    if list_asked() is None:
        return None
    flash(_("Opgeslagen."), "good")
    return url_for("learners.incomplete")
