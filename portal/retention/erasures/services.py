"""Erasing what may no longer be held of people: by category, or whole once no category is held for longer.

The one service for whoever asks it: the nightly run, a certificate, a lost ground. It says what went and what stayed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.erasure import erase_categories, erase_people
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.core.shared_accounts import who_go_along, who_share_accounts
from portal.finances.queries import FINANCE
from portal.organisations.services import keep_what_outlasts
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.requests.answers.erasures import MET_ELSEWHERE, Certified, Erasing, Refusal
from portal.retention.certificates.kept import (
    FISCAL,
    NEEDED,
    NOT_OVER,
    OTHER_ROLE,
    TO_BOOKS,
    KeptPart,
    account_outcome,
    kept_in_part,
    staff_data_kept,
)
from portal.retention.certificates.links import path_of
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.certificates.services import Erased, certify
from portal.retention.deidentified.services import deidentify
from portal.retention.ends.queries import PersonEnds, list_ends
from portal.retention.ends.terms import is_of_person
from portal.retention.erasures.legal import list_legal_keeps
from portal.retention.erasures.queries import categories_of_own_row, list_held, list_merged, list_partly_gone
from portal.retention.invoices.queries import list_waiting_ids
from portal.retention.models import PartialEnding


class Why(StrEnum):
    """Why something may no longer be held; the audit holds it."""

    TERM = "term"
    """The policy's term ended."""
    CONSENT = "withdrawn"
    """She withdrew the consent on which it rested."""
    GROUND = "ground_removed"
    """The ground without which it may not be held is gone."""
    ASKED = "asked"
    """She asked for it (AVG art. 17)."""


_REASONS = {
    Why.TERM: ErasureReason.TERM,
    Why.CONSENT: ErasureReason.CONSENT,
    Why.GROUND: ErasureReason.GROUND,
    Why.ASKED: ErasureReason.ASKED,
}


class KeptBecause(StrEnum):
    """Why something stayed."""

    LAW = "law"
    """A law asks the school to keep it."""
    TERM = "term"
    """Its term hasn't ended."""
    RECORD = "record"
    """What is kept for longer can't do without it: her name, and where it came from."""
    BOOKKEEPING = "bookkeeping"
    """The bookkeeping must have it first (AWR art. 52)."""
    OTHER_ROLE = "other_role"
    """Her account serves her in another role too."""


_KEPT_WHYS = {
    KeptBecause.RECORD: NEEDED,
    KeptBecause.OTHER_ROLE: OTHER_ROLE,
    KeptBecause.BOOKKEEPING: TO_BOOKS,
}
"""What a certificate says of it; of the others that their time isn't over."""


@dataclass(frozen=True)
class Kept:
    """A category that stayed: why, until which day where one is known, and the law that asks it."""

    category: str
    because: KeptBecause
    until: date | None
    law: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What an erasure left of one person. `is_whole`: nothing, and `erased` names all that was to go."""

    person_id: UUID
    is_whole: bool
    erased: tuple[str, ...]
    kept: tuple[Kept, ...]
    certificate: ErasureCertificate | None = None


@dataclass(frozen=True)
class Answered:
    """What was answered to who asked to erase: what stays on which article, and the language of the answer.

    What a law asks is met elsewhere for `elsewhere`: the bookkeeping has the invoices. What a hold keeps stays here.
    """

    refused: Mapping[str, Refusal] = field(default_factory=dict)
    language: str | None = None
    elsewhere: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class _Order:
    """Why, as on which day and by whom it is erased, and what she was answered where she asked."""

    why: Why
    day: date
    by: Actor
    answered: Answered


@dataclass(frozen=True)
class _Plan:
    person_id: UUID
    is_whole: bool
    going: frozenset[str]
    kept: tuple[Kept, ...]
    ended_on: date | None

    @property
    def facts(self) -> Mapping[str, Any]:
        if self.is_whole:
            return {"is_whole": True}
        return {"categories": sorted(self.going), "kept": sorted(each.category for each in self.kept)}


def erase_ended(
    kind: PersonKind,
    wanted: Mapping[UUID, Collection[str]],
    *,
    why: Why,
    day: date,
    by: Actor,
    answered: Answered | None = None,
) -> list[Outcome]:
    """Erase these categories of these people, and return what went and stayed of each, in their order.

    Somebody goes whole, with her account, her keys and what was made from her data, where her term ended or she asked
    and nothing else is held. Until then her name stays with what is kept. What a law asks to keep isn't erased because
    she asked, nor what a hold for a law or a claim keeps (AVG art. 17(3)); other holds are the caller's to look at, and
    nobody is left out here because she is still followed. Who acted for a learner goes with her whole. The ledger and
    an entry of the audit for each person are written with it. Safe to repeat.
    """
    order = _Order(why=why, day=day, by=by, answered=answered or Answered())
    plans = _plans(kind, wanted, order)
    certificates = _certify(kind, plans, order)
    if why is Why.TERM and kind is PersonKind.LEARNER:
        _keep_without_names(plans, wanted, day, by)
    whole = [each for each in plans if each.is_whole]
    if whole and kind is PersonKind.CONTACT_PERSON:
        keep_what_outlasts([each.person_id for each in whole], by.scope)
    if whole:
        everybody = _all_records(kind, whole, by)
        _certify_along(kind, everybody, by)
        erase_people(
            kind,
            everybody,
            why=why,
            noted=_noted(whole),
            by=by,
            keeps_signatures=kind is PersonKind.STAFF and bool(staff_data_kept("learners")),
        )
    for going, some in _by_categories(each for each in plans if not each.is_whole and each.going):
        erase_categories(kind, _all_records(kind, some, by), sorted(going), why=why, noted=_noted(some), by=by)
    if why == Why.TERM and kind is PersonKind.LEARNER:
        _remember(each for each in plans if not each.is_whole)
    return [
        Outcome(each.person_id, each.is_whole, tuple(sorted(each.going)), each.kept, certificates.get(each.person_id))
        for each in plans
    ]


def erase_asked(erasing: Erasing, by: Actor) -> Certified | None:
    """Erase what is granted of a request, and return its certificate; None where nothing of it was there.

    That the bookkeeping has the invoices, where there are any, was said before this.
    """
    categories = erasing.categories or [each.key for each in current_policy().categories]
    answered = Answered(erasing.refused, erasing.language, elsewhere=MET_ELSEWHERE)
    wanted = {erasing.person_id: categories}
    outcomes = erase_ended(erasing.kind, wanted, why=Why.ASKED, day=today(), by=by, answered=answered)
    rows = [each.certificate for each in outcomes if each.certificate is not None]
    return Certified(rows[0].number, path_of(rows[0]), account_outcome(rows[0])) if rows else None


def _certify(kind: PersonKind, plans: Iterable[_Plan], order: _Order) -> dict[UUID, ErasureCertificate]:
    """Certify, before it is done, what goes of each person and what stays; return the certificates by person."""
    going = [each for each in plans if each.is_whole or each.going]
    erased = [_erased(each, order.why, order.answered) for each in going]
    rows = certify(kind, erased, why=_REASONS[order.why], by=order.by)
    return {each.person_id: row for each, row in zip(going, rows, strict=True)}


def _certify_along(kind: PersonKind, ids: Sequence[UUID], by: Actor) -> None:
    """Certify that who acted for these learners goes with them: she has nothing else here, nor did she ask it."""
    for other, along in who_go_along(kind, ids):
        certify(other, [Erased(each) for each in along], why=ErasureReason.GROUND, by=by)


def _erased(plan: _Plan, why: Why, answered: Answered) -> Erased:
    if plan.is_whole:
        return Erased(plan.person_id, language=answered.language)
    stays = [_stays(part) for part in plan.kept]
    if why is Why.ASKED:
        stays = [part for part in stays if part.why in (NEEDED, OTHER_ROLE)]
        known = {part.what for part in stays}
        said = kept_in_part(answered.refused, {each.category: each.until for each in plan.kept})
        stays = [*(part for part in said if part.what not in known), *stays]
    return Erased(plan.person_id, sorted(plan.going), stays=stays, language=answered.language)


def _keep_without_names(plans: Sequence[_Plan], wanted: Mapping[UUID, Collection[str]], day: date, by: Actor) -> None:
    """Keep of what goes now, of several people together, what statutory retention needs for longer (LB-13)."""
    going = {each.person_id: frozenset(wanted[each.person_id]) if each.is_whole else each.going for each in plans}
    ends = {each.person_id: each.ends for each in list_ends(PersonKind.LEARNER, list(going), day, by.scope)}
    for category in sorted(frozenset().union(*going.values())):
        hers = [each for each, categories in going.items() if category in categories]
        over_on = {each: end for each in hers if (end := ends[each].get(category)) is not None}
        deidentify(category, over_on, scope=by.scope)


def _stays(kept: Kept) -> KeptPart:
    return KeptPart(kept.category, _KEPT_WHYS.get(kept.because, NOT_OVER), kept.law, kept.until)


def _plans(kind: PersonKind, wanted: Mapping[UUID, Collection[str]], order: _Order) -> list[_Plan]:
    policy, why, by = current_policy(), order.why, order.by
    ends = {each.person_id: each for each in list_ends(kind, list(wanted), order.day, by.scope)}
    asked = {each: _may_go(ends[each], wanted[each], order) for each in wanted if each in ends}
    waiting = _list_waiting(kind, asked, order)
    gone = list_partly_gone(waiting, by.scope)
    asked |= {each: asked[each] - {FINANCE} - gone.get(each, frozenset()) for each in waiting}
    others = {each: _others(policy, ends[each], going, why) for each, going in asked.items()}
    looked_at = (*others.values(), *(ends[each].went for each in asked))
    held = list_held(kind, list(asked), frozenset().union(*looked_at), by.scope)
    rest = {each: held.get(each, set()) & others[each] for each in asked}
    is_whole = {each: _is_whole(kind, asked[each], rest[each], why) for each in asked}
    went = {each: ends[each].went - held.get(each, set()) for each in asked if why is Why.TERM and not is_whole[each]}
    asked |= {each: asked[each] - gone for each, gone in went.items()}
    sharing = set(who_share_accounts(kind, [each for each in asked if not is_whole[each]]))
    return [
        _plan(ends[each], asked[each], rest[each], order, is_whole=is_whole[each], shares=each in sharing)
        for each in asked
    ]


def _may_go(ends: PersonEnds, categories: Collection[str], order: _Order) -> frozenset[str]:
    """Return of these categories those that no law and no hold keeps, where she asked; else all of them.

    What a law alone keeps goes where it is met elsewhere.
    """
    if order.why is not Why.ASKED:
        return frozenset(categories)
    keeps = list_legal_keeps(ends, categories, order.day, order.by.scope)
    elsewhere = order.answered.elsewhere
    return frozenset(each for each in categories if each not in keeps or keeps[each].may_go(each, elsewhere))


def _list_waiting(kind: PersonKind, asked: Mapping[UUID, Collection[str]], order: _Order) -> set[UUID]:
    """Return of whom invoices stay at the end of their term, until somebody says that the bookkeeping has them."""
    if kind is not PersonKind.LEARNER or order.why is not Why.TERM:
        return set()
    return list_waiting_ids(
        [each for each, categories in asked.items() if FINANCE in categories], order.day, order.by.scope
    )


def _over_of(kept: Iterable[Kept]) -> list[str]:
    """Return what is past its term and stays for the bookkeeping alone: no later night looks at it before that."""
    return [each.category for each in kept if each.because is KeptBecause.BOOKKEEPING]


def _others(policy: Policy, ends: PersonEnds, going: frozenset[str], why: Why) -> frozenset[str]:
    """Return the categories that would stay; where her term ended, not those whose rows have a term of their own.

    A term without stages has no end. Of who worked here all that is her own goes at once.
    """
    if ends.kind is PersonKind.STAFF:
        return frozenset()
    own = categories_of_own_row(ends.kind)
    stay = (each for each in policy.categories if each.key not in going and each.key not in own)
    if why is not Why.TERM:
        return frozenset(each.key for each in stay)
    terms = ((each.key, policy.term(each.term)) for each in stay)
    return frozenset(key for key, term in terms if not term.stages or is_of_person(term))


def _is_whole(kind: PersonKind, going: frozenset[str], rest: Collection[str], why: Why) -> bool:
    policy = current_policy()
    own = {each for each in categories_of_own_row(kind) if policy.category(each) is not None}
    return why in (Why.TERM, Why.ASKED) and not rest and own <= going


def _plan(
    ends: PersonEnds, asked: frozenset[str], rest: Collection[str], order: _Order, *, is_whole: bool, shares: bool
) -> _Plan:
    if is_whole:
        return _Plan(ends.person_id, is_whole=True, going=asked, kept=(), ended_on=None)
    policy = current_policy()
    own, known = categories_of_own_row(ends.kind), [ends.ends[each] for each in rest if ends.ends.get(each) is not None]
    last = max((each for each in known if each is not None and each >= order.day), default=None)
    account = frozenset({"account"}) if shares else frozenset()
    kept = [
        *(_kept(policy, ends, each, order.day) for each in sorted(rest)),
        *(Kept(each, KeptBecause.RECORD, last) for each in sorted(own & asked)),
        *(Kept(each, KeptBecause.OTHER_ROLE, None) for each in sorted(account & asked - own)),
    ]
    over = [end for each in (*asked, *_over_of(kept)) if (end := ends.ends.get(each)) is not None]
    return _Plan(ends.person_id, False, asked - own - account, tuple(kept), max(over, default=None))


def _kept(policy: Policy, ends: PersonEnds, category: str, day: date) -> Kept:
    law, end = policy.term_for(category).law, ends.ends.get(category)
    if category == FINANCE and not ends.is_running and end is not None and end < day:
        return Kept(category, KeptBecause.BOOKKEEPING, None, FISCAL)
    return Kept(category, KeptBecause.LAW if law else KeptBecause.TERM, ends.ends.get(category), law)


def _all_records(kind: PersonKind, plans: Sequence[_Plan], by: Actor) -> list[UUID]:
    """Return these people, and the records that became part of theirs."""
    ids = [each.person_id for each in plans]
    return [*ids, *list_merged(ids, by.scope)] if kind is PersonKind.LEARNER else ids


def _noted(plans: Iterable[_Plan]) -> dict[UUID, Mapping[str, Any]]:
    return {each.person_id: each.facts for each in plans}


def _by_categories(plans: Iterable[_Plan]) -> Iterable[tuple[frozenset[str], list[_Plan]]]:
    found: dict[frozenset[str], list[_Plan]] = {}
    for each in plans:
        found.setdefault(each.going, []).append(each)
    return found.items()


def _remember(plans: Iterable[_Plan]) -> None:
    """Note up to which end a part of them went, so that no run looks at it again."""
    found = [each for each in plans if each.ended_on is not None]
    gone = list_partly_gone([each.person_id for each in found], SYSTEM)
    rows = [
        {
            "learner_id": each.person_id,
            "ended_on": each.ended_on,
            "categories": sorted(each.going | gone.get(each.person_id, frozenset())),
            "erased_at": now(),
        }
        for each in found
    ]
    if rows:
        new = insert(PartialEnding).values(rows)
        changed = {name: new.excluded[name] for name in ("ended_on", "categories", "erased_at")}
        session.execute(new.on_conflict_do_update(constraint="uq_partial_ending_learner", set_=changed))
