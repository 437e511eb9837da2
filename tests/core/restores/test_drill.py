"""A drill proves a backup beside what is in use, and changes nothing of it (OP-07)."""

import pytest
from sqlalchemy import select

from portal.core.backups import places
from portal.core.clock import now
from portal.core.crypto import files, keys
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.personal_data import PersonKind
from portal.core.restores.ports import APPLIED_AGAIN
from portal.learners.record.models import Learner
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from tests.core.backups.hosting import Hosting
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

SCHOOL = SCHOOLS[0].id


@pytest.fixture(scope="module")
def backed_up(host: Hosting) -> Hosting:
    """A backup with somebody who was erased after it, and somebody who withdrew a consent and is still there."""
    with in_school(SCHOOL):
        erased = make_learner("Zülfikariye", number="E-77123", email="zulfikariye@voorbeeld.example")
        files.store([b"hers"], about=(erased.id, "identity_document.file_id"))
        stays = make_learner("Blijft")
        files.store([b"stays"], about=(stays.id, "identity_document.file_id"))
        agree(stays, "survey")
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        erase_person(PersonKind.LEARNER, erased.id, why="asked")
        withdrawal = withdraw_consent(stays.id, "survey", by=as_learner(stays))
        carry_out_withdrawal(withdrawal.id, by=as_learner(stays))
    return host


def in_use(host: Hosting) -> object:
    """What must be after a drill as it was before it."""
    with in_school(SCHOOL):
        learner = session.scalars(select(Learner).where(Learner.given_name == "Blijft")).one()
        store_keys = keys.store().keys_of(SCHOOL, [(learner.id, "identification")], make=False)
        endings = EndingsSince(now().replace(year=2020))
        counted = {kind: endings.count(kind) for kind in Ending}
    on_disk = sorted(path.name for path in host.files.rglob("*") if path.is_file())
    return store_keys, counted, on_disk


@pytest.mark.promise("OP-07")
def test_it_tells_what_it_did_and_leaves_what_is_in_use(backed_up: Hosting) -> None:
    before = in_use(backed_up)
    result = backed_up.restore("--drill")
    assert result.exit_code == 0, result.output
    assert "applied again: 1 erasure" in result.output
    assert "values of who was erased searched for in every table, none found" in result.output
    assert "0 values" not in result.output
    assert in_use(backed_up) == before
    assert not list(backed_up.backups.glob(".drill-*"))


def test_what_a_killed_drill_left_goes_and_two_at_once_are_one(backed_up: Hosting) -> None:
    left = backed_up.backups / ".drill-left" / "files"
    left.mkdir(parents=True)
    (left / "hers").write_bytes(b"hers")
    with places.held_for_drill(backed_up.backups):
        (left.parent).mkdir(exist_ok=True)
        second = backed_up.restore("--drill")
        assert second.exit_code == 1
        assert "another drill is at work" in second.stderr

    assert backed_up.restore("--drill").exit_code == 0
    assert not list(backed_up.backups.glob(".drill-*"))


def test_it_finds_what_was_not_erased_again(backed_up: Hosting) -> None:
    others = [each for each in APPLIED_AGAIN.all if each.kind is not Ending.ERASURE]
    kept = APPLIED_AGAIN.all
    APPLIED_AGAIN.connect(*others)
    try:
        result = backed_up.restore("--drill")
    finally:
        APPLIED_AGAIN.connect(*kept)
    assert result.exit_code == 1
    assert "the drill found what was erased" in result.stderr
    assert "rows of learner" in result.stderr
