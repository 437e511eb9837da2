"""A member of staff reads what is held of her and what is logged of her, and takes it along (AVG art. 15)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.council.models import CouncilAnswer
from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.personal_data import PersonKind, registry
from portal.overview.staff_data.queries import own_fields, signed_fields
from portal.overview.staff_data.withheld import WITHHELD
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PAGE, FILE = "/mijn/bewaard", "/mijn/bewaard/ophalen"


def test_each_field_that_the_registry_declares_of_staff_is_given_or_left_out_with_a_reason() -> None:
    given = {each.key for table in Base.metadata.sorted_tables for each in (*own_fields(table), *signed_fields(table))}
    declared = set(registry(Base.metadata, PersonKind.STAFF))
    assert given | set(WITHHELD) == declared
    assert not given & set(WITHHELD)


@pytest.mark.promise("MN-17", part="own fields")
def test_she_reads_her_account_her_roles_and_what_is_logged_of_her(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yusuf")
    actor = sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{learner.id}")
    with in_school(HERE):
        make_row("council_decision", answer=CouncilAnswer.NOT_YET, recorded_by=actor.account_id)

    page = client.get(PAGE).get_data(as_text=True)

    assert "Olga Smit" in page
    assert "administratie" in page
    assert "1 cursist" in page
    assert "Waar uw naam bij staat" in page
    assert "Amina" not in page
    assert "hash" not in page
    for path in ("/account", "/mijn/rechten"):
        assert f'href="{PAGE}"' in client.get(path).get_data(as_text=True)


@pytest.mark.promise("MN-18")
def test_her_file_holds_her_rows_and_log_and_nobody_elses(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yusuf")
    other = sign_in(client, "coach", name="Tess Jansen")
    client.get(f"/cursisten/{learner.id}")
    sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{learner.id}")

    answer = client.post(FILE)

    text = answer.get_data(as_text=True)
    whole = json.loads(text)
    assert "attachment" in answer.headers["Content-Disposition"]
    values = {each["field"]: each["words"] for table in whole["tables"] for row in table["rows"] for each in row}
    assert (values["account.name"], values["membership.role"]) == ("Olga Smit", "administratie")
    assert [each["learners"] for each in whole["log"] if each["event"] == "record.viewed"] == [1]
    assert {each["field"] for each in whole["not_here"]} == set(WITHHELD)
    for secret in ("Tess", "Amina", str(learner.id), str(other.account_id), 'password_hash": "'):
        assert secret not in text


def test_the_file_asks_for_the_password_anew(client: PageClient, sign_in: SignIn, clock: Callable[..., Any]) -> None:
    sign_in(client, "teacher")
    clock(now() + timedelta(minutes=6))

    answer = client.post(FILE)

    assert answer.status_code == 303
    assert "application/json" not in answer.headers["Content-Type"]


def test_who_does_not_work_here_has_another_page(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina")
    sign_in(client, "learner", learner=learner)
    assert client.get(PAGE).status_code == 403
    assert client.post(FILE).status_code == 403
