"""How a list of learners is asked for and given as a file, whichever list it is."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from portal.core.errors import Invalid
from portal.core.http.access import require_actor
from portal.core.http.languages import _
from portal.core.http.lists import send_list
from portal.core.http.pages import page
from portal.learners.lists.forms import TakeListForm
from portal.learners.lists.services import ListColumn, columns_for, list_purposes, take_list

Subject = tuple[str, UUID | None]


def answer_list(
    rows: Sequence[Any],
    columns: Sequence[ListColumn],
    id_of: Callable[[Any], UUID],
    *,
    back: tuple[str, str],
    title: str | None = None,
    told: Sequence[ListColumn] | None = None,
    subject: Subject | None = None,
) -> Response:
    """Give these rows as a file, for the purpose and of the kind that was chosen; else ask again.

    `told` are the columns as the page names them, where there are too many to name each.
    """
    by, form = require_actor(), TakeListForm(list_purposes())
    if form.validate_on_submit():
        ids = list(dict.fromkeys(id_of(row) for row in rows))
        try:
            chosen, closed = take_list(
                ids, columns, purpose=form.purpose.data, form=form.vorm.data, subject=subject, by=by
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            cells = ([column.value(row) for column in chosen] for row in rows if id_of(row) not in closed)
            return send_list(title or _("Cursisten"), form.format, [str(column.heading) for column in chosen], cells)
    return ask_page(form, len(rows), told or columns, back=back, status=422)


def ask_page(
    form: TakeListForm, count: int, columns: Sequence[ListColumn], *, back: tuple[str, str], status: int = 200
) -> Response:
    """Ask for what and as what a list of so many learners is taken, naming those columns that she who asks sees."""
    shown = columns_for(columns, require_actor())
    return page("learners/take_list.html", form=form, count=count, columns=shown, back=back, status=status)
