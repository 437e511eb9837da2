"""What *Bewijs* shows: each promise with its figures in words, and what is not as promised first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import format_decimal

from portal.assurance.figures.keys import TESTED, Count, FigureKey
from portal.assurance.figures.labels import PUBLIC, TEXTS, PublicText
from portal.assurance.figures.promises import figures_of
from portal.assurance.figures.queries import Attestation, Evidence, PromiseEvidence, sums_by_key
from portal.core.http.languages import _, language
from portal.policy.public_figures import PublicFigure, PublicFigures
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.requests.data_requests.labels import KINDS


class FigureState(StrEnum):
    """How a figure stands, or a promise by its figures."""

    KEPT = "kept"
    RED = "red"
    NOTHING = "nothing"  # there is nothing to measure
    TESTED = "tested"  # no row says it; the project's own tests do
    WAITING = "waiting"  # nobody counted yet


@dataclass(frozen=True)
class FigureLine:
    """A figure in words: what is counted, of what, how many of how many, and what to do about the rest.

    `is_attested`: somebody signs for it, and `attestation` says who did last and when; None where nobody had.
    """

    title: str
    detail: str | None
    text: str
    state: FigureState
    advice: str
    is_attested: bool
    attestation: Attestation | None


@dataclass(frozen=True)
class PromiseLine:
    """A promise with its figures."""

    promise: str
    figures: tuple[FigureLine, ...]
    state: FigureState


@dataclass(frozen=True)
class Report:
    """All promises of a school, the figures that are red with the promises they are of, and when that was counted.

    `states` says of how many promises each state is; together they are all.
    """

    promises: tuple[PromiseLine, ...]
    red: tuple[tuple[FigureLine, tuple[str, ...]], ...]
    states: Mapping[FigureState, int]
    checked_at: datetime | None


def present_report(found: Sequence[PromiseEvidence], policy: Policy) -> Report:
    """Return what the page shows of these promises."""
    lines = [
        PromiseLine(each.promise, tuple(_line(figure, policy) for figure in each.evidence), state_of_promise(each))
        for each in found
    ]
    red: dict[FigureLine, list[str]] = {}
    for line in lines:
        for figure in line.figures:
            if figure.state is FigureState.RED:
                red.setdefault(figure, []).append(line.promise)
    moments = [figure.checked_at for each in found for figure in each.evidence if figure.checked_at is not None]
    return Report(
        tuple(lines),
        tuple((figure, tuple(promises)) for figure, promises in red.items()),
        Counter(line.state for line in lines),
        min(moments, default=None),
    )


def state_of_promise(promise: PromiseEvidence) -> FigureState:
    """Return how a promise stands: kept only where all was counted, something was there to count, and all was right."""
    states = {state_of(each) for each in promise.evidence}
    order = (FigureState.RED, FigureState.WAITING, FigureState.KEPT, FigureState.NOTHING)
    return next((each for each in order if each in states), FigureState.TESTED)


def state_of(evidence: Evidence) -> FigureState:
    """Return how a figure stands."""
    if evidence.is_tested:
        return FigureState.TESTED
    if evidence.count is None:
        return FigureState.WAITING
    if evidence.count.total == 0:
        return FigureState.NOTHING
    return FigureState.RED if evidence.is_red else FigureState.KEPT


def _line(evidence: Evidence, policy: Policy) -> FigureLine:
    words, state = TEXTS[evidence.figure.key], state_of(evidence)
    return FigureLine(
        title=str(words.title),
        detail=_detail(evidence, policy),
        text=_text(evidence, state),
        state=state,
        advice=str(words.advice),
        is_attested=evidence.is_attested and state is not FigureState.WAITING,
        attestation=evidence.attestation,
    )


def _text(evidence: Evidence, state: FigureState) -> str:
    match state:
        case FigureState.TESTED:
            return _("getest")
        case FigureState.WAITING:
            return _("nog niet geteld")
        case FigureState.NOTHING:
            return _("niets te meten")
    count = evidence.count
    if count is None:
        return ""
    return _("%(good)s van %(total)s", good=format_decimal(count.good), total=format_decimal(count.total))


def _detail(evidence: Evidence, policy: Policy) -> str | None:
    """Return of which term, right or condition a figure is; None where it is of the whole school."""
    key, subject = evidence.figure
    if key is FigureKey.PAST_TERM:
        return policy.text(policy.term(subject).title, language()).text
    if key is FigureKey.CONTACTS_PAST_TERM:
        use = policy.contact_use(subject)
        return policy.text(use.title, language()).text if use is not None else None
    if key is FigureKey.CONDITIONS_MET:
        condition = next(each for each in policy.conditions if each.key == subject)
        return policy.text(condition.why, language()).text
    if key is FigureKey.ANSWERED_IN_TIME:
        return str(next((label for kind, label in KINDS.items() if kind.value == subject), "")) or None
    return None


def present_public_figures() -> PublicFigures | None:
    """Return what everybody reads on the statement, of the figures that its policy has; None before the first count."""
    counted = sums_by_key()
    if not counted:
        return None
    keys = {figure.key for figure in figures_of(current_policy())}
    lines = [_public(each, counted, keys) for each in PUBLIC]
    return PublicFigures(
        tuple(line for line in lines if line is not None), min(moment for _count, moment in counted.values())
    )


def _public(
    text: PublicText, counted: Mapping[FigureKey, tuple[Count, datetime]], keys: AbstractSet[FigureKey]
) -> PublicFigure | None:
    if TESTED.issuperset(text.keys) and keys & set(text.keys):
        return PublicFigure(str(text.title), 0, 0, is_tested=True)
    found = [counted[key][0] for key in text.keys if key in counted]
    if not found:
        return None
    return PublicFigure(str(text.title), sum(each.good for each in found), sum(each.total for each in found))
