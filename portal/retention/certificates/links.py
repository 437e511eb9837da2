"""The address at which a certificate is read without a sign-in: who was erased has none any more."""

from portal.core.crypto import keys
from portal.retention.certificates.models import ErasureCertificate

ID_SIGNS = 32
_KEY_SIGNS = 32


def token_of(certificate: ErasureCertificate) -> str:
    """Return what stands in the address of a certificate: nobody finds one by trying numbers."""
    key = keys.digest(str(certificate.id), "erasure certificate").hex()[:_KEY_SIGNS]
    return f"{certificate.id.hex}{key}"


def path_of(certificate: ErasureCertificate) -> str:
    """Return the path at which who has the link reads a certificate."""
    return f"/wisbewijs/{token_of(certificate)}"
