"""What a notification says, by kind."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.notifications.models import NotificationKind

TITLES: Mapping[NotificationKind, LazyString] = {
    NotificationKind.LESSON_CHANGED: _l("Een les is veranderd"),
    NotificationKind.LESSON_TAKEN_OVER: _l("U geeft een les voor een collega"),
    NotificationKind.GROUP_TAUGHT: _l("U geeft les aan een groep"),
    NotificationKind.ABSENCE_REPORTED: _l("Een cursist meldt zich af voor een les"),
    NotificationKind.ABSENCE_ANSWERED: _l("De school gaf antwoord op een afmelding"),
    NotificationKind.EVALUATION_WAITS: _l("Een evaluatie wacht op u"),
    NotificationKind.SIGNAL_RAISED: _l("Er is een signaal over een cursist"),
    NotificationKind.LEARNERS_GIVEN: _l("U begeleidt nieuwe cursisten"),
    NotificationKind.COACH_STOOD_IN: _l("U vervangt een andere begeleider"),
    NotificationKind.REGISTERS_OPEN: _l("De administratie vraagt u om presentie in te vullen"),
    NotificationKind.APPOINTMENT_NEAR: _l("Herinnering aan een afspraak"),
    NotificationKind.APPOINTMENT_CHANGED: _l("Een afspraak is gemaakt of veranderd"),
    NotificationKind.APPOINTMENT_CANCELLED: _l("Een afspraak gaat niet door"),
    NotificationKind.PARENTS_DISAGREE: _l("Ouders zijn het niet eens"),
    NotificationKind.CORRECTION_ANSWERED: _l("De school gaf antwoord op een wijziging"),
    NotificationKind.RECORD_CHANGED: _l("Een vertegenwoordiger wijzigde gegevens of vroeg daarom"),
    NotificationKind.QUESTION_ASKED: _l("Er is een nieuwe vraag"),
    NotificationKind.ERASURE_ANNOUNCED: _l("Binnenkort worden oude gegevens gewist"),
    NotificationKind.NAME_GIVEN: _l("Een cursist vroeg wie keek, en leest nu uw naam"),
}
LESSON_CANCELLED = _l("Een les gaat niet door")
