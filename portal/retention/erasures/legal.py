"""What may not be erased though she asked: a law asks to keep it, or a hold for a law or a claim does."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.representation.models import Representative
from portal.requests.answers.erasures import LegalKeep
from portal.requests.answers.grounds import Ground
from portal.requests.data_requests.services import PROOF
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.kinds import person_kind_of
from portal.retention.ends.queries import PersonEnds, list_ends
from portal.retention.erasures.queries import list_held
from portal.retention.holds.queries import list_holds
from portal.retention.models import HoldReason, RetentionHold

_GROUNDS = {HoldReason.LAW: Ground.LAW, HoldReason.CLAIM: Ground.CLAIM}
"""The reasons of a hold for which the law lets a school keep what somebody asked to erase (AVG art. 17(3)b and e)."""


def legal_keeps(
    kind: PersonKind, person_id: UUID, categories: Collection[str], *, lock: bool = False
) -> dict[str, LegalKeep]:
    """Return which of these categories may not be erased today because she asked, each with why and until when.

    With `lock` nobody sets a hold that keeps her before the commit. None of who is hidden, as who acted for a learner
    whose data is restricted is: she isn't erased here either.
    """
    if lock:
        _keep_holds_off(kind, person_id)
    found = list_ends(kind, [person_id], today(), SYSTEM)
    return list_legal_keeps(found[0], categories, today(), SYSTEM) if found else {}


def list_legal_keeps(ends: PersonEnds, categories: Collection[str], day: date, scope: Scope) -> dict[str, LegalKeep]:
    """Return what `legal_keeps` does, of a person whose ends are known: a law's own term, and what a hold keeps.

    Nothing of it is what shows what was done for her, which goes with the whole person alone; the parts of what is
    held of who works here have names of their own.
    """
    policy = current_policy()
    asked = frozenset(categories) - (PROOF if ends.kind is not PersonKind.STAFF else frozenset())
    by_law = {key: keep for key in asked if (keep := _by_law(policy, ends, key, day)) is not None}
    held = list_held(person_kind_of(ends.kind), [ends.person_id], by_law, scope).get(ends.person_id, set())
    found = {key: keep for key, keep in by_law.items() if key in held}
    for hold in _legal_holds(ends, day, scope):
        found |= {key: _under(hold, found.get(key)) for key in asked}
    return found


def law_asking(policy: Policy, category: str) -> str | None:
    """Return the law that asks to keep a category of a person by name, for its term; None where none does.

    One of its purposes is that law's. Where the law is met by sums without names, it asks for nobody's name.
    """
    known = policy.category(category)
    if known is None:
        return None
    law, term = policy.term_for(category).law, policy.term(known.term)
    if law is None or any(stage.then == "deidentify" for stage in term.stages):
        return None
    purposes = (policy.purpose(key) for key in known.purposes)
    laws = [each.law for each in purposes if each.is_statutory and each.law is not None]
    return law if any(each in law or law in each for each in laws) else None


def _by_law(policy: Policy, ends: PersonEnds, category: str, day: date) -> LegalKeep | None:
    law, end = law_asking(policy, category), ends.ends.get(category)
    if law is None or ends.kind is not PersonKind.LEARNER:
        return None
    if not ends.is_running and end is not None and end < day:
        return None
    return LegalKeep(Ground.LAW, law, None if ends.is_running else end)


def _legal_holds(ends: PersonEnds, day: date, scope: Scope) -> Iterator[RetentionHold]:
    kind, person_id = _whose_holds(person_kind_of(ends.kind), ends.person_id)
    if person_id is not None:
        holds = list_holds(kind, person_id, scope)
        yield from (each for each in holds if each.reason in _GROUNDS and each.is_in_force_on(day))


def _whose_holds(kind: PersonKind, person_id: UUID) -> tuple[PersonKind, UUID | None]:
    """Return whose holds keep a person: her own, or those of the learner for whom she acted."""
    if kind is not PersonKind.REPRESENTATIVE:
        return kind, person_id
    row = session.get(Representative, (current_school_id(), person_id))
    return PersonKind.LEARNER, row.learner_id if row is not None else None


def _keep_holds_off(kind: PersonKind, person_id: UUID) -> None:
    """Lock the row of whose holds keep a person, so that whoever sets one waits for the commit."""
    whose, id_ = _whose_holds(kind, person_id)
    model = recorded_of(whose).model
    session.execute(select(model.id).where(model.school_id == current_school_id(), model.id == id_).with_for_update())


def _under(hold: RetentionHold, keep: LegalKeep | None) -> LegalKeep:
    """Return why something stays that this hold keeps, and another keep where there is one: what ends last is told."""
    if keep is None or (keep.until is not None and keep.until < hold.ends_on):
        return LegalKeep(_GROUNDS[hold.reason], hold.details, hold.ends_on, is_held=True)
    return replace(keep, is_held=True)
