"""A masked document: measured at every school, seen once, destroyed; one for a client is kept with its request."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest

from portal.core.crypto import files
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.images import Box
from portal.identity.documents import services
from portal.identity.documents.layouts import LAYOUTS, DocumentKind, parts_to_mask
from portal.identity.documents.queries import open_picture
from portal.identity.documents.services import Picture
from portal.identity.models import IdentityDocument
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.documents import paper
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff
from tests.house.rows import make_row

Enter = Callable[[str], AbstractContextManager[SchoolView]]
PASSPORT = DocumentKind.PASSPORT
ALL = LAYOUTS[PASSPORT]


def picture(boxes: dict[str, Box] | None = None, *, painted: dict[str, Box] | None = None, **more: object) -> Picture:
    sent = dict(ALL) if boxes is None else boxes
    content = paper((sent if painted is None else painted).values())
    return Picture(content=content, kind=PASSPORT, boxes=sent, **{"is_attested": True, **more})


def hand_in(learner: Learner, given: Picture) -> UUID:
    by = as_learner(learner)
    return services.hand_in(given, learner_id=learner.id, data_request_id=uuid4(), by=by).id


@pytest.mark.promise("ST-10", part="masked")
def test_at_step_photo_strip_and_number_of_the_citizen_are_black_though_it_asks_for_the_photo_alone(
    enter: Enter,
) -> None:
    with enter("step-inburgering"):
        assert set(parts_to_mask("request")) == {"photo", "mrz", "bsn"}
        learner = make_learner()
        for part in parts_to_mask("request"):
            shown = {key: box for key, box in ALL.items() if key != part}
            with pytest.raises(Invalid, match=f"no_{part}"):
                hand_in(learner, picture(shown))
            with pytest.raises(Invalid, match="not_black"):
                hand_in(learner, picture(dict(ALL), painted=shown))
        assert hand_in(learner, picture())


@pytest.mark.promise("OP-12")
def test_at_onderwijs_pro_all_four_parts_are_black(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        assert set(parts_to_mask("request")) == {"photo", "mrz", "document_number", "bsn"}
        learner = make_learner()
        for part in ALL:
            with pytest.raises(Invalid, match=f"no_{part}"):
                hand_in(learner, picture({key: box for key, box in ALL.items() if key != part}))
        assert hand_in(learner, picture())


@pytest.mark.parametrize("box", [Box(0, 0, 0.02, 0.02), Box(0.6, 0.5, 0.3, 0.5), Box(0.8, 0.2, 0.4, 0.5)])
def test_a_box_that_is_tiny_far_off_or_outside_covers_nothing(school: SchoolView, box: Box) -> None:
    with pytest.raises(Invalid, match="no_photo"):
        hand_in(make_learner(), picture({**ALL, "photo": box}))


def test_she_attests_what_no_server_can_know(school: SchoolView) -> None:
    with pytest.raises(Invalid, match="not_attested"):
        hand_in(make_learner(), picture(is_attested=False))


def test_it_is_seen_once_and_destroyed(school: SchoolView) -> None:
    learner, by = make_learner(), as_staff()
    row = services.hand_in(picture(), learner_id=learner.id, data_request_id=uuid4(), by=as_learner(learner))
    assert b"".join(services.see_once(row.id, by=by))[:2] == b"\xff\xd8"
    with pytest.raises(Conflict, match="seen_already"):
        services.see_once(row.id, by=by)
    file_id = row.file_id
    services.destroy(row)
    assert (row.file_id, row.seen_by_name, row.kind) == (None, by.name, PASSPORT)
    assert file_id is not None
    with pytest.raises(NotFound):
        files.open_file(file_id)


@pytest.mark.promise("MN-05", part="mask")
def test_for_a_client_only_the_masked_picture_is_kept_and_only_with_its_recorded_request(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        learner, by = make_learner(), as_staff("administration")
        with pytest.raises(NotFound):
            services.keep_for_client(picture(), learner_id=learner.id, entry_id=uuid4(), by=by)
        entry_id = make_row("identity_document", learner_id=learner.id, file_id=None)["id"]
        with pytest.raises(Invalid):
            services.keep_for_client(picture(dict(ALL), painted={}), learner_id=learner.id, entry_id=entry_id, by=by)
        services.keep_for_client(picture(), learner_id=learner.id, entry_id=entry_id, by=by)
        kept = session.get_one(IdentityDocument, (learner.school_id, entry_id))
        assert kept.file_id is not None
        assert b"".join(open_picture(learner.id, entry_id, by.scope))[:2] == b"\xff\xd8"
