"""What a member of staff isn't given of what the registry declares as hers, each with its reason."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l

_SECRET = _l("Dit beschermt uw account. Wie het leest, kan proberen in te loggen.")
_OF_A_LEARNER = _l("Dit wijst naar een cursist. U ziet die bij uw werk.")
_OF_OTHERS = _l("Hier staan gegevens van cursisten in. De school bewaart dit een dag.")
_ON_ITS_WAY = _l("Een bericht dat naar u onderweg is. Het gaat weg zodra het is verstuurd.")
_AS_LEARNER = _l("Dit is van iemand die zelf cursist is. Het staat in de kopie voor cursisten.")

WITHHELD: Mapping[str, LazyString] = {
    "account.password_hash": _SECRET,
    "account.totp_secret": _SECRET,
    "account.totp_last_step": _SECRET,
    "mail.sealed": _ON_ITS_WAY,
    "mail.learner_id": _OF_A_LEARNER,
    "coaching.learner_id": _OF_A_LEARNER,
    "notification.learner_id": _OF_A_LEARNER,
    "consent.given_by_name": _AS_LEARNER,
    "data_request.filed_by_name": _AS_LEARNER,
    "request_answer.request_id": _AS_LEARNER,
    "request_answer.subject": _AS_LEARNER,
    "request_answer.outcome": _AS_LEARNER,
    "request_answer.ground": _AS_LEARNER,
    "record_merge.kept_id": _OF_OTHERS,
    "record_merge.other_id": _OF_OTHERS,
    "record_merge.people": _OF_OTHERS,
    "record_merge.contents": _OF_OTHERS,
}
"""By field. Her own requests with their answers stand at *Mijn rechten*."""
