"""Every mail, once a learner restricted how she is reached, or everything: what the school sends for a purpose of its
own doesn't leave any more, and what is about signing in, her own request or her rights does (ST-08, art. 18).
"""

import ast
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import select

from portal.core import mail
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.house.test_leaving import MAIL, calls_in, modules
from tests.house.test_private_names import imports_of
from tests.jobs import do_jobs
from tests.signing_in import make_account

ROOT = Path(__file__).parents[2]
TEMPLATES = {
    f"{path.parents[1].name}/{path.stem}" for path in (ROOT / "templates").glob("*/emails/*.txt")
}  # fmt: skip

FOR_A_PURPOSE = {"learners/lesson_changed", "learners/message", "notifications/daily", "contacts/newsletter"}
"""What the school sends for a purpose of its policy."""
_SIGNING_IN = "about signing in, to the holder of an account"
_HER_REQUEST = "about what she asked herself"
_MUST_BE_TOLD = "what a law says that she must be told"
HER_OWN = {
    "accounts/email_changed": _SIGNING_IN,
    "accounts/invitation": _SIGNING_IN,
    "accounts/new_email": _SIGNING_IN,
    "accounts/passkey_added": _SIGNING_IN,
    "accounts/passkey_removed": _SIGNING_IN,
    "accounts/passkey_stopped": _SIGNING_IN,
    "accounts/password_changed": _SIGNING_IN,
    "accounts/password_reset": _SIGNING_IN,
    "accounts/second_factor_taken_away": _SIGNING_IN,
    "contacts/answer": _HER_REQUEST,
    "contacts/confirm": _HER_REQUEST,
    "contacts/confirm_service_news": _HER_REQUEST,
    "contacts/erased": _HER_REQUEST,
    "learners/changed_on_behalf": _MUST_BE_TOLD,
    "learners/correction_decided": _HER_REQUEST,
    "oversight/incident_told": _MUST_BE_TOLD,
    "purposes/privacy_notice": _MUST_BE_TOLD,
    "purposes/restriction_lifting": _MUST_BE_TOLD,
    "purposes/statement_notice": _MUST_BE_TOLD,
    "purposes/turned_sixteen": _MUST_BE_TOLD,
    "purposes/turning_sixteen": _MUST_BE_TOLD,
    "requests/code": _HER_REQUEST,
    "requests/complaint": _HER_REQUEST,
    "requests/erased": _HER_REQUEST,
    "requests/step": _HER_REQUEST,
}
"""What goes to a learner all the same, with why."""
TO_OTHERS = {
    "attendance/registers_open", "disclosures/change", "disclosures/withdrawal", "oversight/incident_opened",
    "requests/complaint_came", "requests/complaint_reminder", "requests/reminder",
    "retention/announced", "retention/waits",
}  # fmt: skip
"""What goes to staff, or to who had her data and must be told (art. 19); never to a learner."""
_NUMBERS, _LISTS = {"days", "number", "count", "late", "people", "nights", "cap"}, {"lines", "fields", "asked"}

RESTRICTED = pytest.mark.parametrize("categories", [(), ("contact",)], ids=["everything", "contact"])


def test_every_mail_says_for_what_it_goes_out() -> None:
    assert {*FOR_A_PURPOSE, *HER_OWN, *TO_OTHERS} == TEMPLATES
    assert len(FOR_A_PURPOSE) + len(HER_OWN) + len(TO_OTHERS) == len(TEMPLATES)


def test_who_sends_for_a_purpose_names_it() -> None:
    naming, others = set[str](), set[str]()
    for module, tree in modules().items():
        calls = [call for name, call in calls_in(tree, module, imports_of(tree)) if name == MAIL]
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & TEMPLATES
        for call in calls:
            is_named = any(each.arg == "purpose" for each in call.keywords)
            own = {node.value for node in ast.walk(call) if isinstance(node, ast.Constant)} & TEMPLATES
            (naming if is_named else others).update(own or texts)
    assert naming == FOR_A_PURPOSE
    assert not naming & others


def waits_for(app: Flask, template: str, **whom: Any) -> UUID:
    """Let a mail wait with everything that its template asks; return its id."""
    environment = app.jinja_env
    feature, _, name = template.partition("/")
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, f"{feature}/emails/{name}.txt")
    asked = meta.find_undeclared_variables(environment.parse(source)) - {"_", "gettext", "ngettext", "lang"}
    values = {each: 2 if each in _NUMBERS else ["x"] if each in _LISTS else "x" for each in asked}
    return mail.send("amina@example.org", template, **{**values, **whom})


@pytest.mark.promise("ST-08", part="shielded")
@RESTRICTED
@pytest.mark.parametrize("template", sorted(FOR_A_PURPOSE))
def test_nothing_for_a_purpose_goes_to_her(
    app: Flask, school: SchoolView, template: str, categories: tuple[str, ...]
) -> None:
    left = leaves(app, template, categories, purpose=current_policy().purpose_of_messages())

    assert left == [False, False, False]


@RESTRICTED
@pytest.mark.parametrize("template", sorted(HER_OWN))
def test_what_is_her_own_goes_to_her(
    app: Flask, school: SchoolView, template: str, categories: tuple[str, ...]
) -> None:
    assert leaves(app, template, categories) == [True, True, True]


def leaves(app: Flask, template: str, categories: tuple[str, ...], **more: Any) -> list[bool]:
    """Say whether a mail about a learner leaves, one to her account, and one about her to her account."""
    account = make_account("Amina", "learner")
    amina = make_learner("Amina", account_id=account.id, email="amina@example.org")
    about, to = {"learner_id": amina.id}, {"account_id": account.id}
    ids = [waits_for(app, template, **whom, **more) for whom in (about, to, about | to)]
    hold(amina.id, *categories)
    checkpoint()
    do_jobs("mail.send")
    left = set(session.scalars(select(Mail.id).where(Mail.sent_at.is_not(None))))
    return [each in left for each in ids]
