"""An erasure reaches whatever there is of a learner: tables, files, Redis, jobs, mails, search, digests (MN-15)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Enum, String, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.core import mail
from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.scope import checkpoint, current_school_id, reveal
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_person
from portal.core.personal_data import PersonKind, Sealed, fields_of, paths_about, people_of, rows_of
from portal.core.submissions import claim, note_answer
from portal.learners.record.models import Learner
from portal.learners.search.keys import bsn_digest
from portal.requests.data_requests.services import PROOF
from tests.core.erasure.findable import readable
from tests.factories import consent, disclosures
from tests.factories.learners import make_learner
from tests.factories.sealing import sealed
from tests.factories.whole_school import Whole, make_whole
from tests.house import rows
from tests.house.people import MadePerson
from tests.signing_in import make_account

LEARNER = PersonKind.LEARNER
BSN = "999999990"
OWN = {
    "given_name": ("name", "Zulfikariye"),
    "family_name": ("name", "Karaosmanoglu"),
    "number": ("name", "Q-774411"),
    "email": ("contact", "zulfikariye@voorbeeld.example"),
    "phone": ("contact", "+31612009988"),
    "street": ("address", "Wilgenhoutlaan"),
    "birth_place": ("birth", "Qaraqosh"),
    "circumstances": ("circumstances", "Zorgt voor de tweeling"),
    "employer": ("work", "Bakkerij Vlinderstruik"),
}
_SHORTEST = 12
PROOF_BY_ID = {"audit_event", "audit_learner", "audit_unsealed", "key_outbox"}
"""What names her by an id alone: the audit, and keys that are to be destroyed in both copies."""


class Marked(MadePerson):
    """Somebody who is there already, with rows whose every text is a mark that stands nowhere else."""

    def __init__(self, learner: Learner, account_id: UUID) -> None:
        self.kind, self.id, self.account_id = LEARNER, learner.id, account_id
        self.rows: dict[str, list[UUID]] = {}
        self.marks: dict[str, list[str]] = {}

    def reach_everywhere(self) -> None:
        """Make a row for each way in which a table reaches her, where the school hasn't made its only one already."""
        for table in rows.TABLES.values():
            for path in people_of(table).paths[self.kind]:
                with suppress(IntegrityError), session.begin_nested():
                    self.reach(table.name, path)

    def _make(self, name: str, **given: Any) -> UUID:
        table = rows.TABLES[name]
        # Proof that is kept has no mark, nor a session of somebody else, who chose her record.
        is_another = bool(people_of(table).kept_because) or (name == "account_session" and "learner_id" in given)
        for each in fields_of(table, LEARNER) if paths_about(table, LEARNER) and not is_another else ():
            column = table.columns[each.column]
            if column.name in {"name", *given} or "references" in column.info or rows._listed(column):
                continue
            if isinstance(column.type, Sealed) and not column.info.get("sealed_as"):
                given[column.name] = sealed(self.id, column, {}, self._mark(each.category))
            elif _takes_a_mark(column):
                given[column.name] = self._mark(each.category)
        return super()._make(name, **given)

    def _mark(self, category: str) -> str:
        marks = self.marks.setdefault(category, [])
        marks.append(f"zqm{category[:3]}{len(marks):04d}x")
        return marks[-1]


def _takes_a_mark(column: Any) -> bool:
    kind = column.type
    if not isinstance(kind, String) or isinstance(kind, Enum) or column.name in rows._WORDS:
        return False
    return kind.length is None or kind.length >= _SHORTEST


@dataclass
class Her:
    """A learner of whom there is something in every table; `said` are her values by category."""

    learner: Learner
    whole: Whole
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def values(self) -> list[str]:
        return [value for values in self.said.values() for value in values]


@pytest.fixture
def make_her(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Her]:
    """Make a whole school in the school in scope, in which Amina has values that nobody else has."""

    def made(name: str, *more: Any, **values: Any) -> Learner:
        own = {column: value for column, (_, value) in OWN.items()} if name == "Amina" else {"given_name": name}
        return make_learner(**({"family_name": "Yilmaz"} | own), **({"bsn": BSN} if name == "Amina" else {}))

    accounts: dict[str, Account] = {}

    def signed_in(name: str, *roles: str, **more: Any) -> Account:
        """Give Amina one account, however often she acts."""
        if "Zulfikariye" not in name:
            return make_account(name, *roles, **more)
        if name not in accounts:
            accounts[name] = make_account(name, *roles, **more)
        return accounts[name]

    def make() -> Her:
        monkeypatch.setattr(disclosures, "make_learner", made)
        monkeypatch.setattr(consent, "make_account", signed_in)
        whole = make_whole()
        learner = session.get_one(Learner, (current_school_id(), whole.scene.amina.id))
        [account] = accounts.values()
        learner.account_id = account.id
        session.flush()
        person = Marked(learner, account.id)
        person.reach_everywhere()
        note_answer(claim([str(learner.id)])[0] or learner.id, f"/cursisten/{learner.id}")
        mail.send(OWN["email"][1], "requests/code", learner_id=learner.id, name="Zulfikariye", code="1")
        session.execute(update(mail.Mail).values(asked_at=now() - timedelta(days=1)))
        her = Her(learner, whole, person.marks)
        for category, value in OWN.values():
            her.said.setdefault(category, []).append(value)
        her.said.setdefault("bsn", []).extend([BSN, bsn_digest(BSN).hex()])
        checkpoint()
        reveal()
        return her

    return make


def _found(values: list[str]) -> dict[str, list[str]]:
    held = readable()
    found = {place: [value for value in values if value.lower() in said] for place, said in held.items()}
    return {place: values for place, values in found.items() if values}


def _rows_of(learner_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return what is about one learner and nobody else, by table."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if people_of(table).kept_because or not paths_about(table, LEARNER):
            continue
        wanted = select(table).where(rows_of(table, LEARNER, [learner_id])).order_by(table.c.id)
        found[table.name] = [dict(row) for row in session.execute(wanted).mappings()]
    return found


@pytest.mark.promise("MN-15")
def test_nothing_is_found_anywhere_others_keep_theirs_and_who_comes_after_inherits_nothing(
    enter: Callable[[str], Any], make_her: Callable[[], Her]
) -> None:
    with enter("lest-best"):
        her = make_her()
        learner_id, other = her.learner.id, her.whole.scene.bereket.id
        before = _rows_of(other)
        assert len(_found(her.values)) > 20

        parts = sorted(set(her.said) - PROOF)
        for category in parts:
            erase_category(LEARNER, [learner_id], category, why="asked")
        checkpoint()

        assert _found([value for category in parts for value in her.said[category]]) == {}
        assert "learner.family_name" in _found(her.said["name"])

        erase_person(LEARNER, learner_id, why="asked")
        checkpoint()

        assert _found(her.values) == {}
        assert {place.partition(".")[0] for place in _found([str(learner_id)])} <= PROOF_BY_ID
        assert _rows_of(other) == before
        again = make_learner(**{column: value for column, (_, value) in OWN.items()}, bsn=BSN)
        assert {name for name, found in _rows_of(again.id).items() if found} == {"learner", "field_origin"}
