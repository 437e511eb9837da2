"""Who acts for a learner within some categories is shown nothing of another on any page, and reaches no row of it.

A learner has something recognisable in every column that a school keeps; every own address is opened, as an attacker
would who has a session and no more (LB-11).
"""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

import portal.wiring  # noqa: F401  (every table is known)
from portal.core.db.scope import in_school
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.representation.models import WIDEST, RepresentativeKind
from tests.factories.everything import Everything
from tests.factories.learners import make_representative
from tests.house.rows import TABLES, make_row
from tests.house.test_addresses import CHOSEN_BY_ADDRESS, HERE, Address, addresses, table_of
from tests.house.test_views_logged import WORDS
from tests.page_client import PageClient
from tests.signing_in import SignIn

_OWN = {Permission.RECORD_OWN.value, Permission.REQUEST_OWN.value}
# Goes with each value, whatever that is: where it is from, and what she said against it.
_WITH_EACH = ("field_origin.", "correction.")
_OF_EACH = (".since_on", ".statement_shown_at")
# Said at the head of each page: for whom she acts.
_NAMED = frozenset({"learner.given_name", "learner.family_name", "learner.name_prefix"})


def _text(client: PageClient, url: str) -> str:
    answer = client.get(url, follow_redirects=False)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<wbr>|<[^>]+>", "", answer.get_data(as_text=True))))


def _recognisable(said: dict[str, str], within: frozenset[str]) -> dict[str, str]:
    """What stands in columns beyond this scope, as far as it can't be anything else."""
    policy = current_policy()
    found = {}
    for key, text in said.items():
        category = policy.category_of(key)
        is_outside = category is not None and category.key not in within
        if key.startswith(_WITH_EACH) or key.endswith(_OF_EACH):
            continue
        if is_outside and len(text) > 7 and re.search(r"\d", text) and key not in _NAMED:
            found[key] = text
    return found


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.sample(0.25)
@pytest.mark.parametrize(
    ("kind", "within"),
    [
        (RepresentativeKind.ADMINISTRATOR, WIDEST[RepresentativeKind.ADMINISTRATOR]),
        (RepresentativeKind.MENTOR, frozenset({"progress", "level"})),
        (RepresentativeKind.MENTOR, WIDEST[RepresentativeKind.MENTOR] - {"dealings", "consent", "complaint"}),
        (RepresentativeKind.AUTHORISED, frozenset({"attendance"})),
    ],
)
def test_no_own_page_shows_what_is_beyond_her_scope(
    app: Flask, database: Any, sign_in: SignIn, kind: RepresentativeKind, within: frozenset[str]
) -> None:
    client = PageClient(app, HERE.host)
    with in_school(HERE.id), app.app_context():
        everything = Everything()
        hidden = _recognisable(everything.said, within)
    actor = sign_in(client, "representative")
    with in_school(HERE.id):
        make_representative(everything.learner, kind=kind, account_id=actor.account_id, categories=sorted(within))
        rows = _rows(everything, _own(app))
        urls = [(str(each), each.url(**rows)) for each in _own(app)]
    assert len(hidden) > 9
    shown = {f"{name}: {key}" for name, url in urls for key, text in hidden.items() if text in _text(client, url)}
    assert not shown, sorted(shown)
    assert len(urls) > 25


def _own(app: Flask) -> list[Address]:
    return [each for each in addresses(app) if each.method == "GET" and each.access in _OWN]


def _rows(everything: Everything, asked: list[Address]) -> dict[str, Any]:
    """A row of hers for whatever an address names, one for each kind."""
    given: dict[str, Any] = {**WORDS, "withdrawal_id": everything.withdrawal_id, "slug": "intakes"}
    for argument in sorted({each for address in asked for each in address.ids} - given.keys()):
        name = CHOSEN_BY_ADDRESS[argument][0] if argument in CHOSEN_BY_ADDRESS else table_of(argument)
        hers = {"learner_id": everything.learner.id} if "learner_id" in TABLES[name].c else {}
        given[argument] = make_row(name, **hers)["id"]
    return given
