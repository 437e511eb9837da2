"""Certificates of erasure, made as a run or a request makes them."""

from typing import Any

from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.certificates.services import Erased, certify


def make_certificate(learner: Learner, *categories: str, **more: Any) -> ErasureCertificate:
    """Store a certificate of these categories of a learner, or of all of her; nothing is erased."""
    erased = Erased(learner.id, categories=categories, **more)
    [row] = certify(PersonKind.LEARNER, [erased], why=ErasureReason.ASKED, by=PORTAL)
    return row
