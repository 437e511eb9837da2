"""What courses writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "courses",
    _l("groepen en rooster"),
    events=(
        Event("courses.course_saved", _l("bewaard")),
        Event("courses.group_copied", _l("gekopieerd")),
        Event("courses.group_saved", _l("bewaard")),
        Event("courses.holiday_added", _l("toegevoegd")),
        Event("courses.holiday_removed", _l("verwijderd")),
        Event("courses.lesson_cancelled", _l("geannuleerd")),
        Event("courses.lesson_deleted", _l("gewist")),
        Event("courses.lesson_restored", _l("hersteld")),
        Event("courses.lesson_saved", _l("bewaard")),
        Event("courses.list_taken", _l("lijst opgehaald")),
        Event("courses.replacement_taken_back", _l("ongedaan gemaakt")),
        Event("courses.slot_added", _l("toegevoegd")),
        Event("courses.slot_ended", _l("beëindigd")),
        Event("courses.teacher_added", _l("toegevoegd")),
        Event("courses.teacher_ended", _l("beëindigd")),
        Event("courses.teacher_replaced", _l("vervangen")),
        Event("courses.term_added", _l("toegevoegd")),
        Event("courses.term_removed", _l("verwijderd")),
    ),
)
