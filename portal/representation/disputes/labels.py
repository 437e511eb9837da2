"""What disputes are about, and how they end, in words."""

from flask_babel import LazyString

from portal.core.http.languages import _, _l, language
from portal.policy.labels import label_of
from portal.policy.queries import current_policy
from portal.representation.disputes.models import DisputeSubject, ParentalDispute, Settlement

DISPUTED: dict[DisputeSubject, LazyString] = {
    DisputeSubject.CONSENT: _l("een toestemming"),
    DisputeSubject.CORRECTION: _l("een gegeven"),
    DisputeSubject.REQUEST: _l("een verzoek"),
}
SETTLEMENTS: dict[Settlement, LazyString] = {
    Settlement.AGREED: _l("Beide ouders zeggen hetzelfde"),
    Settlement.COURT: _l("De rechter besliste"),
}
REQUESTS: dict[str, LazyString] = {
    "access": _l("gegevens zien"),
    "rectification": _l("iets verbeteren"),
    "erasure": _l("iets wissen"),
    "restriction": _l("gegevens afschermen"),
    "portability": _l("gegevens meenemen"),
    "objection": _l("nee zeggen tegen een gebruik"),
}


def about(dispute: ParentalDispute) -> str:
    """Return in words what a dispute is about."""
    if dispute.subject is DisputeSubject.CONSENT:
        policy = current_policy()
        purpose = next((each for each in policy.purposes if each.key == dispute.topic), None)
        title = policy.text(purpose.title, language()).text if purpose is not None else dispute.topic
        return _("toestemming: %(title)s", title=title)
    if dispute.subject is DisputeSubject.CORRECTION:
        return _("een gegeven: %(field)s", field=label_of(dispute.topic))
    kind = dispute.topic.partition(" ")[0]
    return _("een verzoek: %(what)s", what=REQUESTS.get(kind, kind))
