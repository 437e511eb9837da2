"""What the ways of messages are called."""

from typing import Any

from portal.contacts.messages.models import MessageWay
from portal.core.http.languages import _l

WAYS: dict[Any, Any] = {
    MessageWay.PHONE: _l("telefoon"),
    MessageWay.EMAIL: _l("e-mail"),
    MessageWay.LETTER: _l("brief"),
    MessageWay.COUNTER: _l("aan de balie"),
    MessageWay.WEBSITE: _l("formulier op de website"),
}
