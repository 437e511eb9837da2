"""Handing in a masked document, and looking at it once at the desk."""

import io
import re

import pytest

from portal.core.db.scope import in_school
from portal.identity.documents.layouts import LAYOUTS, DocumentKind
from portal.learners.record.models import Learner
from portal.requests.data_requests.services import ask_identity
from tests.conftest import school_id
from tests.factories.documents import paper
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
BOXES = dict(LAYOUTS[DocumentKind.PASSPORT])


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def typed(content: bytes) -> dict[str, object]:
    boxes = {f"box_{part}": ",".join(f"{number:.4f}" for number in box) for part, box in BOXES.items()}
    picture = (io.BytesIO(content), "document.png")
    return {"kind": "passport", "is_attested": "y", "picture": picture, **boxes}


def test_a_masked_picture_is_handed_in_seen_once_and_decided_on(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    who = sign_in(client, "learner", learner=amina, has_second_factor=False)
    with in_school(HERE):
        request = ask(amina, is_certain=False, by=who)
        own, desk = f"/mijn/rechten/{request.id}", f"/verzoeken/{request.id}"
    assert client.get(f"{own}/bewijs").status_code == 404
    with in_school(HERE):
        ask_identity(request.id, by=as_staff())
    page = client.get(f"{own}/bewijs").get_data(as_text=True)
    assert "Kom anders langs bij de balie" in page
    refused = client.post(f"{own}/bewijs", typed(paper()))
    assert refused.status_code == 422
    assert "nog te zien" in refused.get_data(as_text=True)
    assert client.post(f"{own}/bewijs", typed(paper(BOXES.values()))).status_code == 303

    waiting = client.get(own).get_data(as_text=True)
    assert "Paspoort" in waiting
    assert "Nog niemand keek ernaar. De foto wordt gewist zodra de school beslist." in waiting

    sign_in(client, "privacy_staff")
    assert "één keer bekijken" in client.get(desk).get_data(as_text=True)
    seen = client.post(f"{desk}/bewijs")
    assert seen.mimetype == "image/jpeg"
    assert client.post(f"{desk}/bewijs").status_code == 303
    assert client.post(f"{desk}/bewijs/goed").status_code == 303
    assert client.post(f"{desk}/bewijs").status_code == 404
    assert "met een zwart gemaakt identiteitsbewijs" in client.get(desk).get_data(as_text=True)

    sign_in(client, "learner", learner=amina)
    gone = client.get(own).get_data(as_text=True)
    assert re.search(r"Een medewerker keek ernaar op [^.]+\. De foto is gewist op [^.]+\.", gone)


@pytest.mark.parametrize("role", ["privacy_officer", "administration", "teacher"])
def test_nobody_else_sees_a_document(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    with in_school(HERE):
        request = ask(amina)
    sign_in(client, role)
    for act in ("bewijs", "bewijs/goed", "bewijs/niet-goed"):
        assert client.post(f"/verzoeken/{request.id}/{act}").status_code == 403
