"""The menu: which pages there are for whom. One table; the layouts draw it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import LazyString

from portal.core.http.access import Actor, current_actor
from portal.core.http.languages import _l, language
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@dataclass(frozen=True)
class Place:
    """A page in the menu: its endpoint, its name, the permission that it asks, features of which one is on.

    `categories` are those of her own record of which it shows any. `short` is its name under a thumb, where there is
    room for one word. `of_another` is its name for who looks for somebody else. `within` are pages that belong to it.
    `unless` is a permission whose page leads there.
    """

    endpoint: str
    label: LazyString
    permission: Permission
    features: tuple[str, ...] = ()
    short: LazyString | None = None
    categories: frozenset[str] = frozenset()
    of_another: LazyString | None = None
    within: tuple[str, ...] = ()
    unless: Permission | None = None


class MenuItem(NamedTuple):
    """A line of the menu as the layout draws it."""

    url: str
    label: str
    is_current: bool
    name: str
    short: str


STAFF: tuple[Place, ...] = (
    Place("overview.today", _l("Vandaag"), Permission.TODAY_VIEW),
    Place("overview.my_week", _l("Mijn week"), Permission.WEEK_OWN),
    Place("overview.my_learners", _l("Mijn cursisten"), Permission.CASELOAD_OWN),
    Place("learners.find", _l("Cursisten"), Permission.LEARNER_VIEW),
    Place("courses.groups", _l("Groepen"), Permission.TIMETABLE_VIEW),
    Place("overview.timetable", _l("Rooster"), Permission.TIMETABLE_KEEP),
    Place("attendance.open_registers", _l("Presentie"), Permission.REGISTER_KEEP, ("attendance",)),
    Place("signals.signals", _l("Signalen"), Permission.SIGNAL_VIEW, ("attendance",)),
    Place("overview.school_figures", _l("Cijfers"), Permission.SCHOOL_FIGURES),
    Place(
        "contacts.people",
        _l("Contacten"),
        Permission.CONTACT_VIEW,
        within=(
            "contacts.person",
            "contacts.edit_person",
            "contacts.new_person",
            "contacts.questions",
            "intakes.applications",
        ),
    ),
    Place("contacts.mailings", _l("Nieuwsbrieven"), Permission.NEWS_SEND, ("newsletter",)),
    Place("learners.corrections", _l("Wijzigingen"), Permission.CORRECTION_VIEW),
    Place("requests.desk", _l("Verzoeken"), Permission.REQUEST_VIEW),
    Place(
        "requests.choose_asker",
        _l("Verzoek opschrijven"),
        Permission.REQUEST_ENTER,
        unless=Permission.REQUEST_VIEW,
    ),
    Place("requests.complaints", _l("Klachten"), Permission.COMPLAINT_KEEP, ("complaints",)),
    Place(
        "retention.forecast",
        _l("Bewaartijd"),
        Permission.RETENTION_VIEW,
        within=("retention.people", "retention.holds", "retention.invoices"),
    ),
    Place("disclosures.files", _l("Bestanden"), Permission.FILE_MAKE),
    Place("imports.runs", _l("Inlezen"), Permission.IMPORT_RUN),
    Place("purposes.overview", _l("Toestemmingen"), Permission.CONSENT_VIEW, within=("purposes.untold",)),
    Place("policy.announcements", _l("Privacyverklaring"), Permission.POLICY_ANNOUNCE),
    Place("assurance.evidence", _l("Bewijs"), Permission.ASSURANCE_VIEW),
    Place("oversight.impact_assessment", _l("DPIA"), Permission.ASSURANCE_VIEW),
    Place("accounts.members", _l("Medewerkers"), Permission.MEMBER_KEEP),
    Place("oversight.incidents", _l("Incidenten"), Permission.INCIDENT_VIEW),
    Place("oversight.access_reviews", _l("Controle van toegang"), Permission.ACCESS_REVIEW_VIEW),
    Place("schools.settings", _l("School"), Permission.SCHOOL_SET),
    Place("signals.rules", _l("Regels voor signalen"), Permission.SCHOOL_SET, ("attendance",)),
    Place("overview.audit", _l("Logboek"), Permission.AUDIT_VIEW),
    Place("accounts.who_may_what", _l("Wie mag wat"), Permission.ACCESS_VIEW),
)
LEARNER: tuple[Place, ...] = (
    Place(
        "overview.my_lessons",
        _l("Mijn lessen"),
        Permission.RECORD_OWN,
        short=_l("Lessen"),
        categories=frozenset({"attendance"}),
        of_another=_l("Lessen"),
    ),
    Place(
        "overview.my_attendance",
        _l("Mijn aanwezigheid"),
        Permission.RECORD_OWN,
        ("attendance",),
        short=_l("Aanwezigheid"),
        categories=frozenset({"attendance"}),
        of_another=_l("Aanwezigheid"),
    ),
    Place(
        "overview.my_data",
        _l("Mijn gegevens"),
        Permission.RECORD_OWN,
        short=_l("Gegevens"),
        of_another=_l("Gegevens"),
    ),
    Place(
        "overview.my_levels",
        _l("Mijn niveau"),
        Permission.RECORD_OWN,
        ("levels", "exams", "notes"),
        categories=frozenset({"level", "exam", "progress"}),
        of_another=_l("Niveau"),
    ),
    Place(
        "purposes.mine",
        _l("Mijn toestemmingen"),
        Permission.RECORD_OWN,
        categories=frozenset({"consent"}),
        of_another=_l("Toestemmingen"),
    ),
    Place("requests.my_rights", _l("Mijn rechten"), Permission.REQUEST_OWN, of_another=_l("Rechten")),
)
GROUP: tuple[Place, ...] = (
    Place("courses.group", _l("Rooster"), Permission.TIMETABLE_VIEW),
    Place("learners.group_learners", _l("Cursisten"), Permission.LEARNER_VIEW),
    Place(
        "hours.group_figures",
        _l("Presentie"),
        Permission.FIGURES_VIEW,
        ("attendance",),
        within=("hours.group_matrix", "hours.group_weeks"),
    ),
    Place("progress.group", _l("Niveau"), Permission.PROGRESS_VIEW, ("levels", "exams")),
)


ONE_LEARNER: tuple[Place, ...] = (
    Place("learners.record", _l("Gegevens"), Permission.LEARNER_VIEW),
    Place("learners.entries", _l("Traject en dossier"), Permission.LEARNER_VIEW),
    Place("hours.learner_attendance", _l("Presentie"), Permission.FIGURES_VIEW, ("attendance",)),
    Place(
        "progress.learner",
        _l("Voortgang"),
        Permission.PROGRESS_VIEW,
        ("levels", "exams", "notes"),
        within=("progress.enter_result", "progress.write_note", "progress.write_evaluation"),
    ),
    Place("representation.access", _l("Toegang"), Permission.LEARNER_INVITE),
    Place("learners.history", _l("Geschiedenis"), Permission.LEARNER_VIEW),
)


def group_tabs(group_id: UUID) -> list[tuple[LazyString, str, bool]]:
    """Return the pages about a group that whoever asks may open: label, address, whether it is this one."""
    return _tabs(GROUP, group_id=group_id)


def learner_tabs(learner_id: UUID) -> list[tuple[LazyString, str, bool]]:
    """Return the pages about a learner that whoever asks may open: label, address, whether it is this one."""
    return _tabs(ONE_LEARNER, learner_id=learner_id)


def _tabs(places: tuple[Place, ...], **ids: Any) -> list[tuple[LazyString, str, bool]]:
    """Return these pages; a form that was refused stands at the address of its page."""
    actor, here = current_actor(), request.script_root + request.path
    urls = (
        (place, url_for(place.endpoint, **ids))
        for place in places
        if actor is not None and actor.may(place.permission) and _is_on(place)
    )
    return [(place.label, url, url == here or request.endpoint in place.within) for place, url in urls]


def menu_for(actor: Actor | None) -> tuple[MenuItem, ...]:
    """Return the lines of the menu that this person may open, in order."""
    if actor is None:
        return ()
    policy = current_school().policy_version_id
    sees = actor.own.sees if actor.learner_id is not None else None
    return _menu(
        actor.permissions,
        actor.is_staff,
        sees,
        policy,
        actor.represents,
        request.endpoint,
        language(),
        request.script_root,
    )


@lru_cache(maxsize=2_000)
def _menu(
    permissions: frozenset[str],
    is_staff: bool,
    sees: frozenset[str] | None,
    _policy: UUID | None,
    represents: bool,
    endpoint: str | None,
    _lang: str,
    _root: str,
) -> tuple[MenuItem, ...]:
    """Make a menu, without pages of the own record that `sees` leaves empty.

    Policy, language and root aren't read from the arguments, but decide what it says.
    """
    return tuple(
        MenuItem(
            url=url_for(place.endpoint),
            label=_name(place, represents),
            is_current=endpoint == place.endpoint,
            name=place.endpoint.rpartition(".")[2],
            short=str(place.short or _name(place, represents)),
        )
        for place in (STAFF if is_staff else LEARNER)
        if place.endpoint in current_app.view_functions and place.permission.value in permissions and _is_on(place)
        if sees is None or not place.categories or place.categories & sees
        if place.unless is None or place.unless.value not in permissions
    )


def _name(place: Place, represents: bool) -> str:
    return str(place.of_another or place.label if represents else place.label)


def _is_on(place: Place) -> bool:
    """Say whether the school's policy keeps what the page shows; a page without features is always there."""
    return not place.features or (
        current_school().policy_version_id is not None
        and any(current_policy().feature(feature) for feature in place.features)
    )
