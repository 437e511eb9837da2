"""Certificates of erasure: the school's list, each with its PDF, and the link by which she reads hers."""

from io import BytesIO
from uuid import UUID

from flask import Response, request, send_file, url_for

from portal.accounts.blueprint import private
from portal.core.errors import NotFound
from portal.core.http.access import public, require_actor, requires
from portal.core.http.languages import COOKIE, DEFAULT, LANGUAGES, _, in_language, language
from portal.core.http.pages import page, page_number
from portal.permissions import Permission
from portal.requests.data_requests.queries import get_own_request
from portal.retention.blueprint import blueprint
from portal.retention.certificates.labels import REASONS
from portal.retention.certificates.links import token_of
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.certificates.presenters import certificate_pdf, view_of
from portal.retention.certificates.queries import get_by_token, get_certificate, list_certificates


@blueprint.get("/wisbewijzen")
@requires(Permission.REQUEST_VIEW)
def certificates() -> Response:
    """List the certificates."""
    found = list_certificates(require_actor(), page=page_number())
    return page("retention/certificates.html", found=found, reasons=REASONS)


@blueprint.get("/wisbewijzen/<number>")
@requires(Permission.REQUEST_VIEW)
def certificate(number: str) -> Response:
    """Show a certificate, to print for the school or for who is at the counter."""
    row = get_certificate(number)
    return _page(row, "staff", url_for("retention.certificate_as_pdf", number=number))


@blueprint.get("/wisbewijzen/<number>/pdf")
@requires(Permission.REQUEST_VIEW)
def certificate_as_pdf(number: str) -> Response:
    """Give a certificate as a PDF in Dutch for the school, or in the language of whom it is about."""
    row = get_certificate(number)
    return _pdf(row, row.language if request.args.get("voor") == "persoon" else DEFAULT)


@blueprint.get("/mijn/rechten/<uuid:request_id>/wisbewijs")
@requires(Permission.REQUEST_OWN)
def own_certificate(request_id: UUID) -> Response:
    """Show the certificate of what was erased on a request of hers."""
    number = get_own_request(request_id, require_actor()).certificate_number
    if number is None:
        raise NotFound("erasure_certificate")
    row = get_certificate(number)
    layout = "staff" if require_actor().is_staff else "learner"
    return _page(row, layout, url_for("retention.followed_certificate_as_pdf", token=token_of(row)), request_id)


@blueprint.get("/wisbewijs/<token>")
@public
def followed_certificate(token: str) -> Response:
    """Show a certificate to who has its link, in her language: an account she hasn't any more."""
    row = get_by_token(token)
    with in_language(language() if COOKIE in request.cookies else row.language):
        return private(_page(row, "public", url_for("retention.followed_certificate_as_pdf", token=token)))


@blueprint.get("/wisbewijs/<token>/pdf")
@public
def followed_certificate_as_pdf(token: str) -> Response:
    """Give a certificate as a PDF to who has its link, in her language."""
    row = get_by_token(token)
    return private(_pdf(row, row.language))


def _page(row: ErasureCertificate, layout: str, pdf: str, request_id: UUID | None = None) -> Response:
    return page(
        "retention/certificate.html",
        view=view_of(row),
        layout=layout,
        pdf=pdf,
        request_id=request_id,
        hers=LANGUAGES[row.language] if row.language != DEFAULT and layout == "staff" else None,
    )


def _pdf(row: ErasureCertificate, code: str) -> Response:
    with in_language(code):
        name = f"{_('bewijs van wissen')}-{row.number}.pdf"
    response = send_file(BytesIO(certificate_pdf(row, code)), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response
