"""Adding a learner and changing her record: checked against the policy, with source and date, logged."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from portal.core import audit
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erase_fields
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind
from portal.courses.lessons.queries import LessonView
from portal.learners.conditions.queries import Facts, facts_of, refusals
from portal.learners.origins.queries import list_origins
from portal.learners.origins.rows import emptied_rows, origin_rows
from portal.learners.origins.services import drop_origins, store_origins
from portal.learners.record.conflicts import own_changes, with_grounds
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS
from portal.learners.record.models import Learner, Source
from portal.learners.record.names import split_name_fields
from portal.learners.record.numbers import check_number_is_free, follow_numbers, next_number
from portal.learners.record.values import changes_for_log, put, values_of
from portal.learners.scope.queries import reaches_learner
from portal.learners.scope.services import get_within_reach, must_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a learner's fields (by key) as they are stored; raises Invalid for the first that can't be."""
    cleaned: dict[str, Any] = {}
    for key, value in values.items():
        field = FIELDS.get(key)
        if field is None or field.table != "learner":
            raise Invalid(key, "unknown_field")
        cleaned[key] = field.clean(value)
    _split_name(cleaned)
    return cleaned


def _split_name(cleaned: dict[str, Any]) -> None:
    """Take what stands before a surname out of its field, where the field for it is empty: as an import does."""
    given, prefix, family = (cleaned.get(f"learner.{part}") for part in ("given_name", "name_prefix", "family_name"))
    if not family or prefix:
        return
    given, prefix, family = split_name_fields(given, None, family)
    if prefix:
        cleaned |= {"learner.name_prefix": prefix, "learner.family_name": family}
        if given:
            cleaned["learner.given_name"] = given


def add_learner(
    values: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None = None,
    grounds: Mapping[str, str] | None = None,
    by: Actor,
) -> Learner:
    """Make a record with these values by field key (`learner.given_name`); without a number it gets the next one.

    Raises Invalid for a value that can't be stored or that the school doesn't keep, NotAllowed for a category that
    `by` doesn't change.
    """
    required = {field.key: None for field in LEARNER_FIELDS if field.is_required}
    cleaned = {key: value for key, value in clean({**required, **values}).items() if value is not None}
    for key in cleaned:
        by.scope.must_change(FIELDS[key].category)
    for refusal in refusals(cleaned, Facts(), grounds, source=source):
        raise refusal
    if "learner.number" in cleaned:
        check_number_is_free(cleaned["learner.number"])
    else:
        cleaned["learner.number"] = next_number()
    learner = Learner(id=new_id(), last_contact_on=today())
    put(learner, cleaned)
    session.add(learner)
    session.flush()
    store_origins(origin_rows(learner.id, cleaned, source=source, channel=channel, grounds=grounds))
    audit.record(
        "learners.added",
        learner_id=learner.id,
        changes=changes_for_log({}, cleaned),
        facts={"source": source.value, "channel": channel},
        by=by,
    )
    return learner


def change_learner(
    learner_id: UUID,
    values: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None = None,
    seen: str | None = None,
    grounds: Mapping[str, str] | None = None,
    by: Actor,
) -> Learner:
    """Change fields of a record; what stays the same keeps its source and date.

    `seen` is what a form showed (`as_seen`): a field that was left as it was shown stays as it is now, and one that
    somebody else changed too raises Conflict("stale"). Raises Invalid, NotAllowed, NotFound.
    """
    learner = lock_learner(learner_id, by)
    if seen is not None:
        values = _own_changes(learner, clean(values), grounds or {}, seen)
    for key in values:
        field = FIELDS.get(key)
        if field is not None:
            by.scope.must_change(field.category)
    return apply_change(learner, values, source=source, channel=channel, grounds=grounds, by=by)


def correct_learner(
    learner_id: UUID,
    values: Mapping[str, Any],
    *,
    channel: str,
    seen: str | None,
    grounds: Mapping[str, str],
    by: Actor,
) -> bool:
    """Change fields of a record as its learner asked the school to (AVG art. 16); say whether anything changed.

    Who decides on what she asks changes what it is about, whatever her role changes otherwise. Raises as
    `change_learner` does.
    """
    by.must(Permission.REQUEST_KEEP)
    learner = lock_learner(learner_id, by)
    before = learner.version
    wanted = _own_changes(learner, clean(values), grounds, seen) if seen is not None else values
    apply_change(learner, wanted, source=Source.LEARNER, channel=channel, grounds=grounds, is_correction=True, by=by)
    return learner.version != before


def apply_change(
    learner: Learner,
    values: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None,
    grounds: Mapping[str, str] | None = None,
    is_correction: bool = False,
    by: Actor,
) -> Learner:
    """Change fields of a record that is locked, whoever asks; the policy's rules hold all the same. Raises Invalid.

    `is_correction`: the learner corrects what is held on her, which may come from her whatever its category says.
    """
    cleaned = clean(values)
    before = values_of(learner, [FIELDS[key] for key in cleaned])
    changed = {key: value for key, value in cleaned.items() if value != before[key]}
    new_grounds = _changed_grounds(learner, grounds, cleaned)
    touched = {**changed, **{key: cleaned[key] for key in new_grounds}}
    if not touched:
        return learner
    facts = facts_of([learner.id], touched, by.scope)[learner.id]
    for refusal in refusals(touched, facts, new_grounds, source=None if is_correction else source):
        raise refusal
    if "learner.number" in changed:
        changed["learner.number"] = touched["learner.number"] = changed["learner.number"] or next_number()
        check_number_is_free(changed["learner.number"], besides=learner.id)
    put(learner, changed)
    learner.version += 1
    if source is Source.LEARNER:
        learner.last_contact_on = max(learner.last_contact_on, today())
    session.flush()
    if "learner.number" in changed:
        follow_numbers([learner.id])
    store_origins(
        origin_rows(learner.id, touched, source=source, channel=channel, grounds={**facts.grounds, **new_grounds})
    )
    emptied = [key for key, value in changed.items() if value is None]
    if emptied:
        drop_origins([learner.id], emptied, by.scope)
    if source is Source.LEARNER:
        store_origins(emptied_rows(learner.id, emptied, channel=channel))
    audit.record(
        "learners.changed",
        learner_id=learner.id,
        changes=changes_for_log(before, changed),
        facts={"source": source.value, "channel": channel, "grounds": sorted(new_grounds)},
        by=by,
    )
    return learner


def _own_changes(
    learner: Learner, values: Mapping[str, Any], grounds: Mapping[str, str], seen: str
) -> Mapping[str, Any]:
    """Return of these values those that were typed; a value and its ground count as one."""
    origins = list_origins(learner) if grounds else {}
    on_record = {key: origin.ground for key, origin in origins.items() if key in grounds}
    now = values_of(learner, [FIELDS[key] for key in values])
    typed = with_grounds(values, {key: ground.strip() for key, ground in grounds.items()})
    mine = own_changes(typed, now=with_grounds(now, dict.fromkeys(grounds) | on_record), seen=seen)
    return {key: values[key] for key in mine}


def remove_ground(learner_id: UUID, field: str, *, by: Actor) -> None:
    """Take away the ground on which a value was kept; the value goes with it at once (OP-04)."""
    by.scope.must_change(FIELDS[field].category)
    origin = list_origins(lock_learner(learner_id, by, with_rows=True)).get(field)
    if origin is None or origin.ground is None:
        raise NotFound("ground")
    erase_fields(PersonKind.LEARNER, [learner_id], [field], why="ground_removed", by=by)


def lock_learner(learner_id: UUID, by: Actor, *, with_rows: bool = False) -> Learner:
    """Return a learner within reach, locked until the commit; raises NotFound, also for one merged into another.

    Rows may still be added that point to her (a file that is being made, say), unless `with_rows`.
    """
    how = {"key_share": not with_rows}
    learner = session.get(Learner, (current_school_id(), learner_id), with_for_update=how, populate_existing=True)
    if learner is None or not learner.is_in_use:
        raise NotFound("learner")
    must_reach(learner_id, by)
    return learner


def reveal_bsn(learner_id: UUID, *, by: Actor) -> str:
    """Return a learner's BSN; raises NotAllowed without the permission, NotFound where there is none to show."""
    by.must(Permission.BSN_REVEAL)
    learner = get_within_reach(learner_id, by)
    value = values_of(learner, [FIELDS["learner.bsn"]])["learner.bsn"]
    if value is None or not current_policy().allows("learner.bsn"):
        raise NotFound("bsn")
    audit.record("learners.bsn_revealed", learner_id=learner_id, by=by)
    return str(value)


def note_contact(lesson: LessonView, learner_ids: Sequence[UUID]) -> None:
    """Note contact with these learners in a lesson that was opened."""
    move_last_contact(learner_ids, lesson.held_on, SYSTEM)


def move_last_contact(learner_ids: Sequence[UUID], on: date, scope: Scope) -> None:
    """Let the last contact with these learners be on this day; one before the last contact changes nothing (LB-12)."""
    session.execute(
        update(Learner)
        .where(
            Learner.school_id == current_school_id(),
            Learner.id.in_(learner_ids),
            Learner.last_contact_on < on,
            reaches_learner(scope, Learner.id),
        )
        .values(last_contact_on=on),
        execution_options={"synchronize_session": "fetch"},
    )


def _changed_grounds(learner: Learner, grounds: Mapping[str, str] | None, cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Return the grounds that differ from those on record, of fields that have a value."""
    if not grounds:
        return {}
    on_record = list_origins(learner)
    given = {key: ground.strip() for key, ground in grounds.items() if cleaned.get(key) is not None}
    return {
        key: ground
        for key, ground in given.items()
        if ground != ((on_record[key].ground if key in on_record else None) or "")
    }
