"""What the list of who can be invited says of how that is done."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.invitations.queries import Way

WAYS: Mapping[str, LazyString] = {
    Way.EMAIL.value: _l("e-mail of brief"),
    Way.LETTER.value: _l("brief"),
    Way.PARENT.value: _l("jonger dan 16: de ouder logt in"),
    Way.ENDED.value: _l("de toegang is beëindigd"),
    Way.RESTRICTED.value: _l("afgeschermd: vraag de privacymedewerker"),
}
