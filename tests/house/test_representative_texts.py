"""What is a learner's is said to be hers, by name, to who acts for her: no page says that it is the reader's own."""

import html5lib
from flask import Flask

from portal.core.db.scope import in_school
from portal.permissions import Role
from portal.policy.services import SHIPPED
from tests.factories.policy import shipped_text
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.house.test_staff_texts import HERS, NS, sentences
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0]
IN_THE_LOG = ("overview.who_looked", "requests.ask_who_looked")
"""The log has the same words for every reader; a line above it says whose data they mean."""
ABOUT_THE_READER = ("accounts.", "policy.", "oversight.impact_assessment")
"""Her own account, and what a school says to all."""

OWN_TOO = "Uw eigen gegevens"
"""What the school keeps of who acts for a learner stands apart, under this head."""


def test_no_page_of_who_acts_for_a_learner_says_that_the_data_are_the_readers(
    app: Flask, database: object, sign_in: SignIn
) -> None:
    with in_school(HERE.id):
        whole: Whole = make_whole()
        pages = list(pages_of(app, whole, Role.REPRESENTATIVE))
    client = PageClient(app, HERE.host)
    sign_in(client, "representative", account=whole.parent)
    policy, found = (SHIPPED / "base.toml").read_text("utf-8") + shipped_text(HERE.slug), []
    for endpoint, path in pages:
        if endpoint.startswith(ABOUT_THE_READER):
            continue
        page = client.get(path).get_data(as_text=True)
        if endpoint in IN_THE_LOG:
            assert "Staat er “uw gegevens”? Dat zijn de gegevens van" in page
            continue
        for main in html5lib.parse(page).iter(f"{NS}main"):
            said = [text for text in sentences(main) if text.strip() and text.strip() not in policy]
            text = " ".join(" ".join(said).split()).replace(OWN_TOO, "")
            found += [f"{path}: …{text[max(0, at.start() - 60) : at.end() + 40]}…" for at in HERS.finditer(text)]
    assert len(pages) > 10
    assert not found, "\n".join(found)
