"""What a signal rests on, as a template says it, and what the form of the rules holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import LazyString

from portal.core.http.access import Actor
from portal.core.http.languages import _, comma
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission
from portal.progress.labels import WORDS
from portal.progress.models import Skill
from portal.signals.evaluation import USUAL
from portal.signals.labels import KINDS, OWN
from portal.signals.models import SignalKind, SignalRule
from portal.signals.queries import list_open_signals
from portal.signals.services import are_kept

_DAYS = ("first_on", "last_on", "ends_on")


@dataclass(frozen=True)
class Basis:
    """What a signal rests on: what it is called, to staff and to her, and the numbers, days and skills by name."""

    kind: str
    title: LazyString
    own_title: LazyString
    facts: Mapping[str, Any]


def basis_of(kind: SignalKind, facts: Mapping[str, Any]) -> Basis:
    """Return what a signal rests on, with its days as days and its skills in words."""
    read = dict(facts)
    read |= {name: date.fromisoformat(facts[name]) for name in _DAYS if facts.get(name)}
    if "skills" in facts:
        read["skills"] = comma().join(str(WORDS[Skill(skill)]).lower() for skill in facts["skills"])
    return Basis(kind.value, KINDS[kind], OWN[kind], read)


def signals_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return what asks attention of a learner; None where nothing does, or who asks doesn't see signals."""
    if not are_kept() or not by.may(Permission.SIGNAL_VIEW) or "attendance" not in by.sees:
        return None
    found = list_open_signals(learner_id, by.scope)
    if not found:
        return None
    return SummaryFact(
        label=_("Signaal"),
        text=comma().join(str(KINDS[signal.kind]) for signal in found),
        about=_("wacht op een antwoord"),
        url=url_for("signals.signal", signal_id=found[0].id),
    )


def as_typed(rules: Mapping[SignalKind, SignalRule]) -> dict[str, Any]:
    """Return what the form of the rules holds: the school's own, or what is proposed to one that has none."""
    values: dict[str, Any] = {kind.value: usual for kind, usual in USUAL.items()}
    values |= {kind.value: rule.threshold for kind, rule in rules.items()}
    values["is_on"] = [kind.value for kind in SignalKind if kind in rules and rules[kind].is_on]
    return values
