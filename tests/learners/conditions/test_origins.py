"""From whom a school may have something is kept to wherever somebody stores it (LL-04)."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.learners.bulk.services import BulkRow, change_learners
from portal.learners.corrections.services import correct_own_field
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.services import add_entry, change_entry
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import add_learner, change_learner
from portal.policy.queries import current_policy
from portal.purposes.consents.services import give_consent
from tests.factories.consent import as_learner
from tests.factories.imports import make_office
from tests.factories.learners import make_learner
from tests.factories.policy import in_force, publish, varied
from tests.page_client import PageClient
from tests.promises.outside import hands
from tests.signing_in import SignIn

NOTES = {"learner.special_notes": "Dyslexie"}
SLUG = "leren-leren"


def make_child() -> Learner:
    """Make a child of whom a parent said that sensitive data may be kept."""
    day = today()
    child = make_learner(birth_date=day.replace(year=day.year - 12, day=1))
    by = as_learner(child, represents=True)
    give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=by)
    return child


@pytest.mark.promise("LL-04", part="special data")
def test_sensitive_data_of_a_child_never_comes_from_the_school(enter: Any) -> None:
    with enter(SLUG):
        child, by = make_child(), hands()
        with pytest.raises(Invalid, match="other_origin"):
            change_learner(child.id, NOTES, source=Source.SCHOOL, by=by)
        with pytest.raises(Invalid, match="other_origin"):
            change_learners([BulkRow(child.id, NOTES)], source=Source.SCHOOL, channel="import", by=by)
        assert child.special_notes is None
        for source in (Source.LEARNER, Source.REFERRER):
            change_learner(child.id, {"learner.special_notes": f"Van {source}"}, source=source, by=by)
            assert list_origins(child)["learner.special_notes"].source is source


@pytest.mark.parametrize("source", list(Source))
def test_each_category_is_kept_to_its_origins(enter: Any, source: Source) -> None:
    with enter("lest-best"):
        publish(varied("lest-best", {"version": "9", "categories.contact.origins": ["referrer"]}))
        learner, by = make_learner(), make_office()
        values = {"learner.phone": "+31612345678"}
        name = {"learner.given_name": "Sagal", "learner.family_name": "Ali"}
        stores: list[Callable[[], object]] = [
            lambda: change_learner(learner.id, values, source=source, by=by),
            lambda: add_learner({**name, **values}, source=source, by=by),
        ]
        for store in stores:
            if source is Source.REFERRER:
                store()
            else:
                with pytest.raises(Invalid, match="other_origin"):
                    store()


def test_she_corrects_what_is_held_on_her_wherever_it_came_from(enter: Any) -> None:
    with enter("lest-best"):
        publish(varied("lest-best", {"version": "9", "categories.contact.origins": ["referrer"]}))
        learner = make_learner()

        correct_own_field(learner.id, "learner.phone", "+31612345678", by=as_learner(learner))

        assert list_origins(learner)["learner.phone"].source is Source.LEARNER


def test_an_entry_is_from_whom_the_policy_has_its_kind(enter: Any) -> None:
    with enter("meester-in-nt2"):
        learner, by = make_learner(), hands()
        for kind in KINDS.values():
            if not kind.is_kept(current_policy()) or kind.slug not in {"afspraken", "berichten"}:
                continue
            kept = current_policy().category(kind.category)
            assert kept is not None
            values = _values(kind)
            made = session.get_one(kind.model, (learner.school_id, add_entry(kind, learner.id, values, by=by)))
            assert made.source.value in kept.origins
            for source in set(Source) - {Source(each) for each in kept.origins}:
                with pytest.raises(Invalid, match="other_origin"):
                    add_entry(kind, learner.id, values, source=source, by=by)
                with pytest.raises(Invalid, match="other_origin"):
                    change_entry(kind, learner.id, made.id, values, source=source, by=by)


def _values(kind: Any) -> dict[str, Any]:
    typed = {"moment": "1-12-2026 14:30", "date": "1-12-2026", "past_date": "1-12-2020"}
    return {
        field.key: typed.get(field.kind, next(iter(field.choices), "Iets"))
        for field in kind.all_fields
        if field.is_required
    }


def test_the_form_offers_no_other_origin(client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Any) -> None:
    client = client_at(SLUG)
    with enter(SLUG):
        child = make_child()
    sign_in(client, "coach")
    page = client.get(f"/cursisten/{child.id}/wijzig/special").get_data(as_text=True)
    assert '<option value="school"' not in page
    assert '<option selected value="learner"' in page
    sent = client.post(
        f"/cursisten/{child.id}/wijzig/special", {"special_notes": "Dyslexie", "source": "school", "channel": ""}
    )
    assert sent.status_code == 422
    with in_school(child.school_id):
        assert session.get_one(Learner, (child.school_id, child.id)).special_notes is None
