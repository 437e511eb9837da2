"""Making certificates, before what they are about goes, in the transaction that erases it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import delete

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, digest_of_ending
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.core.shared_accounts import who_share_accounts
from portal.policy.queries import current_policy
from portal.requests.answers.erasures import Refusal
from portal.requests.numbers import next_number
from portal.retention.certificates.kept import (
    ACCOUNT,
    OTHER_ROLE,
    KeptPart,
    invoiced_until,
    kept_in_backups,
    kept_in_part,
    kept_of_whole,
    staff_data_kept,
)
from portal.retention.certificates.languages import languages_of
from portal.retention.certificates.links import path_of
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.erasures.queries import list_held


@dataclass(frozen=True)
class Erased:
    """What is about to be erased of somebody: these categories, or all that is held of her where there is none.

    `refused` has the article on which a category stays that she asked for; `ends` until when each may be held. Where
    `stays` is given it is all that stays of her. Without a language it is hers, as the portal knows it.
    """

    person_id: UUID
    categories: Sequence[str] = ()
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    ends: Mapping[str, date | None] = field(default_factory=dict)
    stays: Sequence[KeptPart] | None = None
    language: str | None = None


@dataclass(frozen=True)
class _Known:
    """What is read of several people at once before each has her certificate; of who goes whole but the languages.

    `sharing` are those whose account stays, for it serves somebody else or another role of hers.
    """

    invoiced_until: Mapping[UUID, date]
    sharing: Collection[UUID]
    held: Mapping[UUID, Collection[str]]
    languages: Mapping[UUID, str]
    in_backups: KeptPart


def certify(kind: PersonKind, erased: Sequence[Erased], *, why: ErasureReason, by: Actor) -> list[ErasureCertificate]:
    """Store a certificate for each of these erasures, and return them in their order; called before they are done."""
    if not erased:
        return []
    known = _known(kind, erased)
    # What stays once all of somebody went is the same for all who have the same invoices: the run certifies hundreds.
    of_whole = cache(lambda until: list(kept_of_whole(kind, until, is_asked=why is ErasureReason.ASKED)))
    first = next_number(ErasureCertificate.number, "W")
    year, _, number = first.rpartition("-")
    rows = [
        ErasureCertificate(
            id=new_id(),
            number=f"{year}-{int(number) + place:04}",
            made_on=today(),
            kind=kind,
            why=why,
            acted_as=sorted(by.roles),
            language=each.language or known.languages.get(each.person_id, DEFAULT),
            is_whole=not each.categories,
            erased=_categories(kind, each, known),
            kept=[part.as_json() for part in _kept(each, known, of_whole)],
            ledger=_digests(each),
        )
        for place, each in enumerate(erased)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _known(kind: PersonKind, erased: Sequence[Erased]) -> _Known:
    whole = [each.person_id for each in erased if not each.categories]
    sharing = frozenset(who_share_accounts(kind, whole))
    keys = [category.key for category in current_policy().categories]
    return _Known(
        invoiced_until=invoiced_until(kind, whole),
        sharing=sharing,
        held=list_held(kind, whole, keys, SYSTEM, sharing=sharing),
        languages=languages_of(kind, [each.person_id for each in erased if each.language is None]),
        in_backups=kept_in_backups(),
    )


def certify_contact(person_id: UUID, is_asked: bool, by: Actor) -> str:
    """Certify that somebody who is no learner is erased whole without a request of hers; return where it is read."""
    kind = PersonKind.CONTACT_PERSON
    why = ErasureReason.ASKED if is_asked else ErasureReason.GROUND
    whole = Erased(person_id, stays=list(kept_of_whole(kind, None, is_asked=False)))
    return path_of(*certify(kind, [whole], why=why, by=by))


def end_certificates(*, by: Actor) -> int:
    """Let go of the certificates past their own term, and return how many."""
    before = current_policy().accountability_term.kept_since(today())
    past = delete(ErasureCertificate).where(
        ErasureCertificate.school_id == current_school_id(), ErasureCertificate.made_on < before
    )
    count = len(session.execute(past.returning(ErasureCertificate.id)).all())
    if count:
        audit.record("retention.certificates_ended", facts={"certificates": count}, by=by)
    return count


def _categories(kind: PersonKind, erased: Erased, known: _Known) -> list[str]:
    """Return which of the policy's categories go, in its order; of who goes whole those that hold something.

    What has no place in the policy any more goes as well. What is of who works here hangs on her account.
    """
    keeps_account = erased.person_id in known.sharing
    if kind is PersonKind.STAFF:
        return staff_data_kept("staff") if not keeps_account else []
    ours = [category.key for category in current_policy().categories]
    wanted = set(erased.categories or known.held.get(erased.person_id, ()))
    wanted -= {ACCOUNT} if keeps_account else set()
    return [key for key in ours if key in wanted] + sorted(wanted - set(ours))


def _kept(erased: Erased, known: _Known, of_whole: Callable[[date | None], list[KeptPart]]) -> list[KeptPart]:
    if erased.stays is not None:
        kept = list(erased.stays)
    elif erased.categories:
        kept = list(kept_in_part(erased.refused, erased.ends))
    else:
        kept = list(of_whole(known.invoiced_until.get(erased.person_id)))
    if erased.person_id in known.sharing:
        kept.insert(0, KeptPart(ACCOUNT, OTHER_ROLE))
    return [*kept, known.in_backups]


def _digests(erased: Erased) -> list[bytes]:
    whom = erased.person_id
    subjects = [erased_category(whom, category) for category in erased.categories] or [whom]
    return [digest_of_ending(Ending.ERASURE, subject) for subject in subjects]
