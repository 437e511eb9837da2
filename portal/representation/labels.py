"""What the kinds of representatives are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.representation.models import RepresentativeKind

KINDS: dict[RepresentativeKind, LazyString] = {
    RepresentativeKind.PARENT: _l("ouder"),
    RepresentativeKind.GUARDIAN: _l("voogd of curator"),
    RepresentativeKind.AUTHORISED: _l("gemachtigde"),
}
ROW_LABELS: dict[str, LazyString] = {
    "representative": _l("gemachtigden"),
}
"""What rows about a learner are called, by table, with their number."""
