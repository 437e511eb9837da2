"""What staff read is said to staff: no page of theirs says of a learner's data that it is theirs."""

import re
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest
from flask import Flask

from portal.core.db.scope import in_school
from portal.permissions import Role
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0]
NS = "{http://www.w3.org/1999/xhtml}"
HERS = re.compile(
    r"\b(?:uw|u) (?:eigen )?(?:gegevens|aanwezigheid|niveau|traject|toestemming(?:en)?|dossier|examen|BSN|"
    r"opleiding|cursus|vooruitgang|voortgang|geboortedatum|inschrijving|ouder|afspraken|notities)\b",
    re.IGNORECASE,
)
"""What belongs to a learner, said to her."""
FOR_LEARNERS = (
    "policy.",
    "oversight.impact_assessment",
    "accounts.",
    "overview.help_page",
    "requests.my_rights",
    "requests.ask",
    "requests.complain",
    "requests.my_complaint",
    "requests.restriction_letter",
)
"""Pages that staff see as learners do: the statement, what the DPIA quotes, a letter; and those of an account."""
QUOTED = {f"{NS}{tag}" for tag in ("script", "template", "textarea", "blockquote")}


def sentences(element: Any) -> Iterator[str]:
    """Yield the texts of a page's own part, but for what is quoted from what somebody wrote."""
    if not isinstance(element.tag, str) or element.tag in QUOTED:
        return
    yield element.text or ""
    for child in element:
        yield from sentences(child)
        yield child.tail or ""


@pytest.mark.sample(0.4)
@pytest.mark.parametrize("role", [Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.PRIVACY_OFFICER, Role.MANAGEMENT])
def test_no_page_of_staff_speaks_to_a_learner(app: Flask, database: Any, sign_in: SignIn, role: Role) -> None:
    with in_school(HERE.id):
        whole: Whole = make_whole()
        pages = list(pages_of(app, whole, role))
    client = PageClient(app, HERE.host)
    sign_in(client, role.value, account=whole.teacher if role is Role.TEACHER else None)
    found = []
    for endpoint, path in pages:
        if endpoint.startswith(FOR_LEARNERS):
            continue
        main = next(html5lib.parse(client.get(path).get_data(as_text=True)).iter(f"{NS}main"))
        text = " ".join(" ".join(sentences(main)).split())
        found += [f"{path}: …{text[max(0, at.start() - 60) : at.end() + 40]}…" for at in HERS.finditer(text)]
    assert len(pages) > 10
    assert not found, "\n".join(found)
