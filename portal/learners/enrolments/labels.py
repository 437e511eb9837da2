"""What the choices of an enrolment are called."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.enrolments.models import EndReason

END_REASONS: Mapping[str, LazyString] = {
    EndReason.FINISHED.value: _l("klaar met de cursus"),
    EndReason.STOPPED.value: _l("gestopt"),
    EndReason.ELSEWHERE.value: _l("gaat naar een andere school"),
    EndReason.MISTAKE.value: _l("stond hier per ongeluk"),
    EndReason.OTHER.value: _l("iets anders"),
}
