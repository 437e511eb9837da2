"""The draft of an impact assessment, as the policy and the portal know it, for a page and for paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.attendance.evidence.queries import is_kept as keeps_pictures
from portal.core.http.languages import _, direction, language, written
from portal.disclosures.formats.pdf import compile_pdf
from portal.disclosures.glyphs import printable
from portal.oversight.impact_assessments.labels import ADVISERS, CLIENT, OPEN, PICTURES, RISKS, SIGNALS, Risk
from portal.policy.explanation.labels import BASES, listed
from portal.policy.explanation.open_points import list_open_points
from portal.policy.impact_assessments.models import ImpactAssessment
from portal.policy.queries import current_policy
from portal.policy.schema import Policy, Text
from portal.policy.schema.categories import Purpose
from portal.schools.queries import current_school
from portal.signals.queries import thresholds_on
from portal.signals.services import are_kept as keeps_signals

LAYOUT = Path(__file__).resolve().parents[3] / "templates" / "oversight" / "pdf" / "assessment.typ"


@dataclass(frozen=True, kw_only=True)
class Processing:
    """What the school does with data for one purpose: on which ground, with what, for whom, until when."""

    title: str
    ground: str
    law: str | None
    categories: str
    recipients: str
    terms: list[str]


@dataclass(frozen=True, kw_only=True)
class Use:
    """A use of data that waits for the assessment: what can go wrong, what is done about it, and whether it is on."""

    title: str
    risk: Risk
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The draft: what is done with data, the uses that wait for it, risks and measures, and what is open."""

    version: str
    processings: list[Processing]
    uses: list[Use]
    risks: tuple[Risk, ...]
    open: list[str]


def draft_assessment() -> Draft:
    """Return the draft for the school in scope, by the policy in force, in the language in hand."""
    policy = current_policy()

    def says(text: Text) -> str:
        return str(policy.text(text, language()))

    return Draft(
        version=policy.version,
        processings=[_processing(policy, each, says) for each in policy.purposes],
        uses=list(_uses()),
        risks=RISKS,
        open=[*(str(each) for each in OPEN), *list_open_points(policy, says)],
    )


def uses_are_on() -> bool:
    """Say whether one of the uses that wait for the assessment is on at this school."""
    return any(each.is_on for each in _uses())


def _uses() -> Iterator[Use]:
    if keeps_signals():
        yield Use(title=_("Signalen over cursisten"), risk=SIGNALS, is_on=bool(thresholds_on()))
    if keeps_pictures():
        yield Use(title=_("Beelden van online lessen"), risk=PICTURES, is_on=True)
    yield Use(title=_("Inloggen door een opdrachtgever"), risk=CLIENT, is_on=False)


def _processing(policy: Policy, purpose: Purpose, says: Any) -> Processing:
    kept = [each for each in policy.categories if purpose.key in each.purposes]
    given = [each for each in policy.recipients if purpose.key in each.purposes]
    return Processing(
        title=says(purpose.title),
        ground=str(BASES[purpose.basis]),
        law=purpose.law,
        categories=listed(says(each.title) for each in kept) or _("geen"),
        recipients=listed(says(each.title) for each in given) or _("niemand buiten de school"),
        terms=list(dict.fromkeys(says(policy.term(each.term).title) for each in kept)),
    )


def assessment_pdf(draft: Draft, recorded: ImpactAssessment | None) -> bytes:
    """Return the draft on paper."""
    data: dict[str, object] = _printable(_data(draft, recorded))
    return compile_pdf(LAYOUT, data)


def _data(draft: Draft, recorded: ImpactAssessment | None) -> dict[str, Any]:
    return {
        "lang": language(),
        "rtl": direction(language()) == "rtl",
        "title": _("Concept van een DPIA"),
        "school": current_school().name,
        "lead": told_day(recorded),
        "chapters": [
            [_("Wat de school doet met gegevens"), [_told_processing(each) for each in draft.processings]],
            [_("Wat wacht op een besluit"), [[each.title, _told_risk(each.risk)] for each in draft.uses]],
            [_("Wat er mis kan gaan"), [[str(each.risk), [str(each.measure)]] for each in draft.risks]],
            [_("Wat de school zelf invult"), [[each, ["…"]] for each in draft.open]],
        ],
    }


def told_day(recorded: ImpactAssessment | None) -> str:
    """Return in words whether it was decided on, and when."""
    if recorded is None:
        return _("De school heeft nog niet vastgelegd op welke dag zij besloot.")
    day, adviser = written("date", recorded.decided_on), ADVISERS[recorded.adviser]
    return _("Besloten op %(day)s. Advies van: %(adviser)s.", day=day, adviser=adviser)


def _told_processing(each: Processing) -> list[Any]:
    lines = [
        _("Grond: %(ground)s", ground=f"{each.ground}: {each.law}" if each.law else each.ground),
        _("Gegevens: %(categories)s", categories=each.categories),
        _("Wie het krijgt: %(recipients)s", recipients=each.recipients),
        *(_("Hoe lang: %(term)s", term=term) for term in each.terms),
    ]
    return [each.title, lines]


def _told_risk(risk: Risk) -> list[str]:
    return [_("Risico: %(risk)s", risk=risk.risk), _("Maatregel: %(measure)s", measure=risk.measure)]


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value
