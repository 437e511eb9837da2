"""Adding a school, and changing its settings, hosts and policy version; each change is in the audit."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from portal.core import audit
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.images import ImageRefused, clean_png
from portal.permissions import OUTSIDE, Permission, Role
from portal.schools.models import HolidayRegion, School, SchoolHost
from portal.schools.queries import get_school, list_hosts, set_current_school, view_of

LARGEST_LOGO = 200 * 1024  # bytes
_LARGEST_SIDE = 1024  # pixels
_STAFF = frozenset(role.value for role in Role if role not in OUTSIDE)
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def add_school(slug: str, name: str, *, hosts: list[str], by: Actor) -> School:
    """Add the school whose id is in scope, with its key and its hosts, the first of which is its own address.

    Raises Invalid for a slug or host that can't be one, and Conflict where another school has it.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid("slug", "not_a_slug", slug=slug)
    wanted = [checked_host(host) for host in hosts]
    row = School(id=current_school_id(), slug=slug, name=name.strip())
    _insert([row], "slug_taken", slug=slug)
    answering = [SchoolHost(host=host, is_primary=host == wanted[0]) for host in dict.fromkeys(wanted)]
    _insert(answering, "host_taken", host=", ".join(wanted))
    keys.add_school(row.id)
    set_current_school(view_of(row))
    audit.record("schools.added", facts={"slug": slug, "hosts": wanted}, by=by)
    return row


def change_look(name: str, *, hue: int, chroma: float, by: Actor) -> School:
    """Change the school's name and colour. The hue is in degrees; chroma is how strong the colour is, 0 to 0.2."""
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    was = {"name": row.name, "hue": row.hue, "chroma": row.chroma}
    row.name, row.hue, row.chroma = name, hue, chroma
    row.look_version += 1
    return _changed(row, "look", was, {"name": name, "hue": hue, "chroma": chroma}, by)


def store_logo(content: bytes, *, by: Actor) -> School:
    """Store a PNG as the school's logo, of which nothing but its picture is kept; raises Invalid."""
    by.must(Permission.SCHOOL_SET)
    if len(content) > LARGEST_LOGO:
        raise Invalid("logo", "logo_too_large", kilobytes=LARGEST_LOGO // 1024)
    try:
        picture = clean_png(content, largest_side=_LARGEST_SIDE)
    except ImageRefused as refusal:
        raise Invalid("logo", f"logo_{refusal.code}", pixels=_LARGEST_SIDE) from None
    row = get_school()
    row.logo, row.logo_type = picture, "image/png"
    row.look_version += 1
    return _changed(row, "logo", {}, {"bytes": len(picture)}, by)


def remove_logo(*, by: Actor) -> School:
    """Take the logo away."""
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    row.logo = row.logo_type = None
    row.look_version += 1
    return _changed(row, "logo", {}, {"bytes": 0}, by)


def change_sign_in_rules(*, idle_minutes: int, second_factor_roles: frozenset[str], by: Actor) -> School:
    """Change after how many minutes staff must sign in anew, and which roles of staff need a second factor.

    What stands there that is no role of staff stays. Raises Invalid where that would be weaker than the school's
    policy promises.
    """
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    if idle_minutes > row.idle_minutes_most:
        raise Invalid("idle_minutes", "longer_than_policy", most=row.idle_minutes_most)
    if set(row.second_factor_least) - second_factor_roles:
        raise Invalid("second_factor_roles", "less_than_policy")
    was = {"idle_minutes": row.idle_minutes, "second_factor_roles": list(row.second_factor_roles)}
    roles = sorted(second_factor_roles | (set(row.second_factor_roles) - _STAFF))
    row.idle_minutes, row.second_factor_roles = idle_minutes, roles
    is_now = {"idle_minutes": idle_minutes, "second_factor_roles": roles}
    return _changed(row, "sign_in", was, is_now, by)


def change_opening_hours(opening_hours: str | None, *, by: Actor) -> School:
    """Say on the page *Hulp* when the school can be reached; nothing takes that away."""
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    was: dict[str, object] = {"opening_hours": row.opening_hours}
    row.opening_hours = opening_hours or None
    return _changed(row, "help", was, {"opening_hours": row.opening_hours}, by)


def change_visitor_forms(*, takes: Mapping[str, bool], by: Actor) -> School:
    """Switch the forms for who doesn't sign in on or off, by the name of their column (ST-01, LL-08, OP-05)."""
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    was: dict[str, object] = {name: getattr(row, name) for name in takes}
    for name, is_on in takes.items():
        setattr(row, name, is_on)
    return _changed(row, "visitor_forms", was, dict(takes), by)


def change_levels(*, uses_sublevels: bool, shows_group_range: bool, by: Actor) -> School:
    """Say whether levels are entered with a minus or plus too, and whether learners see how their group is doing.

    What was entered with a minus or plus stays as it is.
    """
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    was: dict[str, object] = {"uses_sublevels": row.uses_sublevels, "shows_group_range": row.shows_group_range}
    row.uses_sublevels, row.shows_group_range = uses_sublevels, shows_group_range
    is_now: dict[str, object] = {"uses_sublevels": uses_sublevels, "shows_group_range": shows_group_range}
    return _changed(row, "levels", was, is_now, by)


def change_notifications(*, daily_mail_hour: int, notification_days: int, by: Actor) -> School:
    """Change from which hour the mail of the day goes out, and for how many days notifications are kept."""
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    was: dict[str, object] = {"daily_mail_hour": row.daily_mail_hour, "notification_days": row.notification_days}
    row.daily_mail_hour, row.notification_days = daily_mail_hour, notification_days
    is_now: dict[str, object] = {"daily_mail_hour": daily_mail_hour, "notification_days": notification_days}
    return _changed(row, "notifications", was, is_now, by)


def change_retention(*, preview_days: int, cap_people: int, cap_percent: int, by: Actor) -> School:
    """Change how many days before the run people are shown, and how many may go in a night without somebody's word.

    The larger of the number and the share of the people counts.
    """
    by.must(Permission.SCHOOL_SET)
    row = get_school()
    is_now: dict[str, object] = {
        "retention_preview_days": preview_days,
        "retention_cap_people": cap_people,
        "retention_cap_percent": cap_percent,
    }
    was: dict[str, object] = {name: getattr(row, name) for name in is_now}
    row.retention_preview_days, row.retention_cap_people, row.retention_cap_percent = (
        preview_days,
        cap_people,
        cap_percent,
    )
    return _changed(row, "retention", was, is_now, by)


def remember_holiday_region(region: HolidayRegion, *, by: Actor) -> School:
    """Remember of which part of the country the school keeps the holidays, for the next time that they are filled in.

    Whoever remembers it has the school's row until her transaction ends, so that two don't fill in a year at once.
    """
    by.must(Permission.TIMETABLE_KEEP)
    row = get_school()
    session.refresh(row, with_for_update={"key_share": True})
    if row.holiday_region is region:
        return row
    was: dict[str, object] = {"holiday_region": row.holiday_region}
    row.holiday_region = region
    return _changed(row, "holidays", was, {"holiday_region": region}, by)


def follow_policy(version_id: UUID, *, idle_minutes: int, second_factor: frozenset[str]) -> bool:
    """Let the school work by a policy version; says whether it worked by another before.

    Sign-in rules weaker than the policy promises are made as strict as that; stricter ones stay.
    """
    row = get_school()
    changed = row.policy_version_id != version_id
    row.policy_version_id = version_id
    row.idle_minutes_most = idle_minutes
    row.idle_minutes = min(row.idle_minutes, idle_minutes)
    row.second_factor_least = sorted(second_factor)
    row.second_factor_roles = sorted({*row.second_factor_roles, *second_factor})
    session.flush()
    set_current_school(view_of(row))
    return changed


def checked_host(host: str) -> str:
    """Return a host name in small letters; raises Invalid where it isn't one, such as an address with a port."""
    host = host.strip().lower().rstrip(".")
    if not _HOST.fullmatch(host):
        raise Invalid("host", "not_a_host", host=host)
    return host


def add_host(host: str, *, by: Actor) -> SchoolHost:
    """Let the school answer at another host; raises Invalid for no host name, Conflict where a school has it."""
    by.must(Permission.SCHOOL_SET)
    added = SchoolHost(host=checked_host(host))
    try:
        with session.begin_nested():
            session.add(added)
    except IntegrityError as error:
        raise Invalid("host", "host_taken", host=added.host) from error
    audit.record("schools.host_added", facts={"host": added.host}, by=by)
    return added


def remove_host(host_id: UUID, *, in_use: str, by: Actor) -> None:
    """Let the school no longer answer at a host; its own address, and the one `in_use` now, can't go."""
    by.must(Permission.SCHOOL_SET)
    row = _host(host_id)
    if row.is_primary or row.host == in_use:
        raise Conflict("host_in_use", host=row.host)
    session.delete(row)
    audit.record("schools.host_removed", facts={"host": row.host}, by=by)


def make_primary_host(host_id: UUID, *, by: Actor) -> None:
    """Make a host the school's own address, which mails and links carry."""
    by.must(Permission.SCHOOL_SET)
    row = _host(host_id)
    for other in list_hosts():
        other.is_primary = other.id == row.id
    audit.record("schools.host_chosen", facts={"host": row.host}, by=by)


def _insert(rows: Sequence[Base], code: str, **facts: str) -> None:
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as error:
        raise Conflict(code, **facts) from error


def _host(host_id: UUID) -> SchoolHost:
    row = session.get(SchoolHost, (current_school_id(), host_id))
    if row is None:
        raise NotFound("host")
    return row


def note_invoices_handed_over(until: date, *, by: Actor) -> School:
    """Note up to which day the bookkeeping has the invoices, whoever may say so."""
    row = get_school()
    was: dict[str, object] = {"until": row.invoices_handed_until and row.invoices_handed_until.isoformat()}
    row.invoices_handed_until = until
    return _changed(row, "invoices", was, {"until": until.isoformat()}, by)


def _changed(row: School, what: str, was: dict[str, object], is_now: dict[str, object], by: Actor) -> School:
    session.flush()
    set_current_school(view_of(row))
    changed = {key: [was.get(key), value] for key, value in is_now.items() if was.get(key) != value}
    audit.record("schools.changed", facts={"what": what, "changed": changed}, by=by)
    return row
