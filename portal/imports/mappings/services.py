"""Choosing where the columns go and what counts for all rows; the school's choice is remembered by its header."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.core import audit
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.jobs import ask
from portal.imports.mappings.columns import SheetColumns, column_field, from_json, is_kept
from portal.imports.models import ImportMapping, ImportRun, RunState, Subject
from portal.imports.plans.rules import row_key
from portal.imports.queries import get_run_for, list_refused, state_of
from portal.imports.results.choices import KEEP, REPLACE, asks_which, checked_results, decision_key
from portal.imports.workbooks.targets import LEARNER_TARGETS, RESULT_TARGETS, Target
from portal.imports.workbooks.vocabulary import plain
from portal.learners.conditions.queries import category_name
from portal.learners.trajectories.models import Act
from portal.organisations.queries import list_organisations
from portal.policy.queries import current_policy

_BORN = "learner.birth_date"
_CHANGEABLE = frozenset({RunState.MAPPING, RunState.CHECKING, RunState.READY})


def sheets_of(run: ImportRun) -> list[SheetColumns]:
    """Return the columns of a run's sheets."""
    return [from_json(stored) for stored in run.sheets]


def offered_targets(subject: Subject, by: Actor) -> Mapping[str, Target]:
    """Return where this person may let the columns of such a workbook go.

    By a birth date only for who sees these: else she could find one out by trying.
    """
    if subject is Subject.LEARNERS:
        return LEARNER_TARGETS
    return {key: target for key, target in RESULT_TARGETS.items() if key != _BORN or "birth" in by.sees}


def choose_columns(
    run_id: UUID, choices: Sequence[Mapping[int, str]], *, used: Sequence[bool], options: Mapping[str, Any], by: Actor
) -> ImportRun:
    """Take over where each sheet's columns go (target by position) and ask what that would do.

    Raises Invalid beside the column: a field that the school doesn't keep, one chosen twice; Conflict when the run
    is past that.
    """
    run = get_run_for(by, run_id, lock=True)
    if state_of(run) not in _CHANGEABLE:
        raise Conflict("run_not_open", state=run.state.value)
    sheets = sheets_of(run)
    for index, (sheet, chosen) in enumerate(zip(sheets, choices, strict=True)):
        if sheet.follows is not None:
            sheet.follow(sheets[sheet.follows])
            continue
        sheet.is_used = used[index]
        _take_over(index, sheet, chosen, offered_targets(run.subject, by))
    if not any(sheet.is_used for sheet in sheets):
        raise Invalid("used", "no_sheet")
    checked = checked_results(options, sheets) if run.subject is Subject.RESULTS else _checked(options)
    remember_columns(sheets)
    run.sheets = [sheet.as_json() for sheet in sheets]
    run.options = checked | {key: run.options[key] for key in ("client", "group") if key in run.options}
    audit.record("imports.mapped", subject=("import_run", run.id), by=by)
    return ask_check(run)


def ask_check(run: ImportRun) -> ImportRun:
    """Ask the worker what a run would do now."""
    run.state = RunState.CHECKING
    run.job_id = ask("imports.check", {"run_id": str(run.id), "asked": str(new_id())}).id
    session.flush()
    return run


def decide_row(run_id: UUID, row: str, decision: str, *, by: Actor) -> ImportRun:
    """Say whom a row is about: the id of a learner it looks like, or "new"; then it is worked out anew.

    Raises NotFound where this row doesn't ask, or doesn't look like this learner.
    """
    run = get_run_for(by, run_id, lock=True)
    if state_of(run) is not RunState.READY:
        raise Conflict("run_not_open", state=run.state.value)
    asking = (each for each in list_refused(run) if each["candidates"] and row_key(each["sheet"], each["row"]) == row)
    candidates = [key for each in asking for key, _name in each["candidates"]]
    if decision not in (candidates and [*candidates, "new"]):
        raise NotFound("candidate")
    run.decisions = {**run.decisions, row: decision}
    about = [] if decision == "new" else [UUID(decision)]
    facts = {"row": int(row.rpartition("!")[2])}
    audit.record("imports.learner_chosen", learner_ids=about, subject=("import_run", run.id), facts=facts, by=by)
    return ask_check(run)


def decide_result(run_id: UUID, row: str, decision: str, *, by: Actor) -> ImportRun:
    """Say which of two results of a row stands, that of the list or the one that was there; then it is worked out anew.

    Raises NotFound for a row about which that isn't asked.
    """
    run = get_run_for(by, run_id, lock=True, about=Subject.RESULTS)
    if state_of(run) is not RunState.READY:
        raise Conflict("run_not_open", state=run.state.value)
    asking = [each for each in list_refused(run) if row_key(each["sheet"], each["row"]) == row and asks_which(each)]
    if not asking or decision not in {KEEP, REPLACE}:
        raise NotFound("row")
    run.decisions = {**run.decisions, decision_key(row): decision}
    about, facts = [UUID(each["learner"]) for each in asking], {"row": asking[0]["row"], "decision": decision}
    audit.record("imports.result_chosen", learner_ids=about, subject=("import_run", run.id), facts=facts, by=by)
    return ask_check(run)


def choose_whose_values(run_id: UUID, *, overwrites: bool, by: Actor) -> ImportRun:
    """Say whether the sheet also replaces what learners changed themselves; then it is worked out anew."""
    run = get_run_for(by, run_id, lock=True, about=Subject.LEARNERS)
    if state_of(run) is not RunState.READY:
        raise Conflict("run_not_open", state=run.state.value)
    run.options = {**run.options, "overwrites": overwrites}
    audit.record("imports.values_chosen", subject=("import_run", run.id), facts={"overwrites": overwrites}, by=by)
    return ask_check(run)


def choose_for_all(run_id: UUID, *, act: str | None, client: str | None, by: Actor) -> ImportRun:
    """Say which act, or which client, goes for all rows that name none; then it is worked out anew.

    Raises Invalid for an act or a client that there isn't.
    """
    run = get_run_for(by, run_id, lock=True, about=Subject.LEARNERS)
    if state_of(run) is not RunState.READY:
        raise Conflict("run_not_open", state=run.state.value)
    if act and act not in set(Act):
        raise Invalid("act", "choice_unknown")
    if client and client not in {str(each.id) for each in list_organisations()}:
        raise Invalid("client", "choice_unknown")
    chosen = {name: value for name, value in (("act", act), ("client", client)) if value}
    run.options = {**run.options, **chosen}
    audit.record("imports.mapped", subject=("import_run", run.id), by=by)
    return ask_check(run)


def _take_over(index: int, sheet: SheetColumns, chosen: Mapping[int, str], offered: Mapping[str, Target]) -> None:
    policy = current_policy()
    wanted = {position: key for position, key in chosen.items() if key and position < len(sheet.labels)}
    counted = Counter(wanted.values())
    for position, key in wanted.items():
        name = column_field(index, position)
        if key not in offered:
            raise Invalid(name, "unknown_target")
        if not is_kept(key, policy):
            field = next(each for each in offered[key].fields if not policy.allows(each))
            raise Invalid(name, "not_in_policy", category=category_name(policy, field))
        if counted[key] > 1:
            raise Invalid(name, "chosen_twice")
    sheet.targets, sheet.doubtful, sheet.counted, sheet.is_settled = wanted, [], [], True
    sheet.refused = {position: key for position, key in sheet.refused.items() if position not in wanted}
    sheet.is_group = sheet.is_group and "group.name" not in wanted.values()
    if sheet.is_used and not sheet.is_ready:
        raise Invalid(column_field(index, 0), "nobody_named")


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    act = options.get("act") or None
    if act is not None and act not in set(Act):
        raise Invalid("act", "choice_unknown")
    grounds = {key: text.strip()[:300] for key, text in (options.get("grounds") or {}).items() if text.strip()}
    return {"act": act, "grounds": grounds}


def remember_columns(sheets: Sequence[SheetColumns]) -> None:
    """Remember where the columns went, for the next workbook with this header."""
    for sheet in sheets:
        if sheet.follows is None:
            _remember(sheet)


def _remember(sheet: SheetColumns) -> None:
    targets = {plain(label): sheet.targets.get(position, "") for position, label in enumerate(sheet.labels) if label}
    row = {"targets": targets, "is_group": sheet.is_group, "is_used": sheet.is_used, "used_at": now()}
    statement = insert(ImportMapping).values(
        school_id=current_school_id(), id=new_id(), fingerprint=sheet.fingerprint, **row
    )
    session.execute(statement.on_conflict_do_update(constraint="uq_import_mapping_fingerprint", set_=row))
