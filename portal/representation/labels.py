"""What the kinds of representatives are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.representation.models import ProofKind, RepresentativeKind

KINDS: dict[RepresentativeKind, LazyString] = {
    RepresentativeKind.PARENT: _l("ouder"),
    RepresentativeKind.GUARDIAN: _l("voogd"),
    RepresentativeKind.AUTHORISED: _l("gemachtigde"),
    RepresentativeKind.CURATOR: _l("curator"),
    RepresentativeKind.ADMINISTRATOR: _l("bewindvoerder"),
    RepresentativeKind.MENTOR: _l("mentor"),
}
REACHES: dict[RepresentativeKind, LazyString] = {
    RepresentativeKind.PARENT: _l("Beslist voor een kind tot 16 jaar."),
    RepresentativeKind.GUARDIAN: _l("Beslist voor een kind tot 16 jaar, in plaats van een ouder."),
    RepresentativeKind.AUTHORISED: _l("De cursist vroeg dit zelf. De cursist beslist zelf ook."),
    RepresentativeKind.CURATOR: _l("De rechter wees deze persoon aan. De curator beslist over alles."),
    RepresentativeKind.ADMINISTRATOR: _l("De rechter wees deze persoon aan, voor geld: overeenkomst en facturen."),
    RepresentativeKind.MENTOR: _l("De rechter wees deze persoon aan, voor zorg en begeleiding."),
}
"""What each may do, for who records one."""
PROOFS: dict[ProofKind, LazyString] = {
    ProofKind.EXTRACT: _l("uittreksel uit het register"),
    ProofKind.DECISION: _l("beslissing van de rechter"),
}
ROW_LABELS: dict[str, LazyString] = {
    "parental_dispute": _l("keren dat ouders het niet eens waren"),
    "representative": _l("gemachtigden"),
}
"""What rows about a learner are called, by table, with their number."""
