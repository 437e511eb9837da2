"""Reads of certificates: the school's, one by its number or link, and those of somebody who is still held."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.core.crypto.ledger import Ending, digest_of_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Reach, Scope
from portal.core.personal_data import CATEGORIES
from portal.retention.certificates.links import ID_SIGNS, token_of
from portal.retention.certificates.models import ErasureCertificate


@dataclass(frozen=True)
class CertificatePage(Paged[ErasureCertificate]):
    """A page of certificates, the newest first."""


def list_certificates(by: Actor, *, page: int = 1) -> CertificatePage:
    """Return a page of the school's certificates."""
    by.scope.must_reach_school("erasure_certificate")
    here = ErasureCertificate.school_id == current_school_id()
    total = session.scalar(select(func.count()).select_from(ErasureCertificate).where(here)) or 0
    newest = select(ErasureCertificate).where(here).order_by(ErasureCertificate.id.desc())
    rows = session.scalars(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return CertificatePage(list(rows), page, total)


def get_certificate(number: str) -> ErasureCertificate:
    """Return the certificate of this number; raises NotFound."""
    wanted = select(ErasureCertificate).where(
        ErasureCertificate.school_id == current_school_id(), ErasureCertificate.number == number
    )
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound("erasure_certificate")
    return row


def get_by_token(token: str) -> ErasureCertificate:
    """Return the certificate that this link leads to; raises NotFound for a link that isn't ours."""
    try:
        certificate_id = UUID(token[:ID_SIGNS])
    except ValueError:
        raise NotFound("erasure_certificate") from None
    row = session.get(ErasureCertificate, (current_school_id(), certificate_id))
    if row is None or not hmac.compare_digest(token_of(row).encode(), token.encode()):
        raise NotFound("erasure_certificate")
    return row


def list_of(learner_id: UUID, scope: Scope) -> list[ErasureCertificate]:
    """Return the certificates of what was erased of a learner who is still held, the newest first."""
    if scope.reach is not Reach.SCHOOL and scope.own_learner_id != learner_id:
        raise NotFound("learner")
    subjects = [learner_id, *(erased_category(learner_id, category) for category in CATEGORIES)]
    digests = [digest_of_ending(Ending.ERASURE, subject) for subject in subjects]
    wanted = select(ErasureCertificate).where(
        ErasureCertificate.school_id == current_school_id(), ErasureCertificate.ledger.bool_op("&&")(digests)
    )
    return list(session.scalars(wanted.order_by(ErasureCertificate.id.desc())).all())
