"""*Mijn cursisten*, the coach's list: narrowed and sorted in place, kept as she wants it, and as a file."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.saved_views.queries import find_view
from portal.accounts.saved_views.services import keep_view
from portal.core import audit
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.lists import order_asked
from portal.core.http.pages import id_asked, page, see_other
from portal.learners.caseloads.queries import get_given, is_recent
from portal.learners.lists.answers import answer_list, ask_page
from portal.learners.lists.forms import TakeListForm
from portal.learners.lists.services import list_purposes
from portal.overview.blueprint import blueprint
from portal.overview.my_learners.columns import COACHED
from portal.overview.my_learners.presenters import ORDERS, MyLearners, present_learners
from portal.overview.my_learners.queries import list_my_learners
from portal.permissions import Permission
from portal.signals.evaluation import USUAL
from portal.signals.models import SignalKind
from portal.signals.queries import thresholds_on
from portal.signals.services import are_kept

_PAGE = "my_learners"
_FIRST = "signal"


@blueprint.get("/mijn/cursisten")
@requires(Permission.CASELOAD_OWN)
def my_learners() -> Response:
    """Show a coach her learners and those of whom she stands in for, as she asks, else as she wants to find them."""
    by = require_actor()
    kept = find_view(_PAGE, by)
    asked: Mapping[str, str] = request.args if _is_asked() else dict(parse_qsl(kept or ""))
    found = _found(asked)
    audit.saw([line.id for line in found.lines], "overview.my_learners", folds=True)
    return page(
        "overview/my_learners.html",
        "overview/_my_learners.html",
        found=found,
        is_kept=kept == found.view,
        given=_given(),
    )


def _is_asked() -> bool:
    """Say whether the address asks for the list in some way, rather than as she wants to find it."""
    return any(name in request.args for name in ("toon", "groep", "volgorde"))


def _found(asked: Mapping[str, str]) -> MyLearners:
    order = order_asked(ORDERS, _FIRST) if asked is request.args else asked.get("volgorde", _FIRST)
    return present_learners(
        list_my_learners(require_actor()),
        chosen=asked.get("toon", ""),
        group=asked.get("groep", ""),
        order=order if order.removeprefix("-") in ORDERS else _FIRST,
        low_percent=_low_percent(),
    )


def _low_percent() -> int:
    """Return below what attendance is called low: by the school's own rule where it has that one on."""
    usual = USUAL[SignalKind.LOW_ATTENDANCE]
    return thresholds_on().get(SignalKind.LOW_ATTENDANCE, usual) if are_kept() else usual


def _given() -> UUID | None:
    """Return what the address says was handed over just now, while it can be taken back."""
    entry_id = id_asked("gedaan")
    return entry_id if entry_id and is_recent(get_given(entry_id, require_actor().scope)) else None


@blueprint.post("/mijn/cursisten/weergave")
@requires(Permission.CASELOAD_OWN)
def keep_my_learners() -> BaseResponse:
    """Let her find the list from now on as it stands."""
    by, found = require_actor(), _found(request.args)
    keep_view(_PAGE, found.view, by=by)
    flash(_("Zo vindt u de lijst voortaan."), "good")
    return see_other(url_for("overview.my_learners"))


@blueprint.get("/mijn/cursisten/ophalen")
@requires(Permission.CASELOAD_OWN)
def ask_my_learners() -> Response:
    """Ask for what and as what the list is taken, as it is narrowed and sorted."""
    found = _found(request.args)
    return ask_page(TakeListForm(list_purposes()), len(found.lines), COACHED, back=_back(found))


@blueprint.post("/mijn/cursisten/ophalen")
@requires(Permission.CASELOAD_OWN)
@freshly(60)
def take_my_learners() -> Response | BaseResponse:
    """Give the list as it is narrowed and sorted."""
    found = _found(request.args)
    audit.saw([line.id for line in found.lines], "overview.my_learners", folds=True)
    return answer_list(found.lines, COACHED, lambda line: line.id, back=_back(found))


def _back(found: MyLearners) -> tuple[str, str]:
    kept: dict[str, Any] = {**found.kept, "volgorde": found.order}
    return _("Mijn cursisten"), url_for("overview.my_learners", **kept)
