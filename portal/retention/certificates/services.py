"""Making certificates, before what they are about goes, in the transaction that erases it."""

from collections.abc import Callable, Mapping, Sequence
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
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.requests.answers.erasures import Refusal
from portal.requests.numbers import next_number
from portal.retention.certificates.kept import (
    KeptPart,
    invoiced_until,
    kept_in_part,
    kept_of_whole,
    staff_data_kept,
)
from portal.retention.certificates.languages import languages_of
from portal.retention.certificates.links import path_of
from portal.retention.certificates.models import ErasureCertificate, ErasureReason


@dataclass(frozen=True)
class Erased:
    """What is about to be erased of somebody: these categories, or all of her where there is none.

    `refused` has the article on which a category stays that she asked for; `ends` until when each may be held. Where
    `stays` is given it is all that stays of her. Without a language it is hers, as the portal knows it.
    """

    person_id: UUID
    categories: Sequence[str] = ()
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    ends: Mapping[str, date | None] = field(default_factory=dict)
    stays: Sequence[KeptPart] | None = None
    language: str | None = None


def certify(kind: PersonKind, erased: Sequence[Erased], *, why: ErasureReason, by: Actor) -> list[ErasureCertificate]:
    """Store a certificate for each of these erasures, and return them in their order; called before they are done."""
    if not erased:
        return []
    bills = invoiced_until(kind, [each.person_id for each in erased if not each.categories])
    # What stays once all of somebody went is the same for all who have the same invoices: the run certifies hundreds.
    of_whole = cache(lambda until: list(kept_of_whole(kind, until, is_asked=why is ErasureReason.ASKED)))
    languages = languages_of(kind, [each.person_id for each in erased if each.language is None])
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
            language=each.language or languages.get(each.person_id, DEFAULT),
            is_whole=not each.categories,
            erased=_categories(kind, each),
            kept=[part.as_json() for part in _kept(each, bills.get(each.person_id), of_whole)],
            ledger=_digests(each),
        )
        for place, each in enumerate(erased)
    ]
    session.add_all(rows)
    session.flush()
    return rows


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


def _categories(kind: PersonKind, erased: Erased) -> list[str]:
    """Return which of the policy's categories go, in its order; what has none any more goes as well."""
    if kind is PersonKind.STAFF:
        return staff_data_kept("staff")
    known = [category.key for category in current_policy().categories]
    wanted = set(erased.categories or known)
    return [key for key in known if key in wanted] + sorted(wanted - set(known))


def _kept(
    erased: Erased, invoices_until: date | None, of_whole: Callable[[date | None], list[KeptPart]]
) -> list[KeptPart]:
    if erased.stays is not None:
        return list(erased.stays)
    if erased.categories:
        return list(kept_in_part(erased.refused, erased.ends))
    return of_whole(invoices_until)


def _digests(erased: Erased) -> list[bytes]:
    whom = erased.person_id
    subjects = [erased_category(whom, category) for category in erased.categories] or [whom]
    return [digest_of_ending(Ending.ERASURE, subject) for subject in subjects]
