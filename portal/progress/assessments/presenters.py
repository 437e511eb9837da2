"""What the page of an assessment shows that its rows don't say: how far it is, and each row in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask import url_for
from flask_babel import format_date

from portal.core.errors import Refusal
from portal.core.http.access import require_actor
from portal.core.http.languages import _
from portal.progress.assessments.forms import is_changed, message_for
from portal.progress.assessments.labels import subject_label, value_labels
from portal.progress.assessments.queries import AssessmentRow
from portal.progress.assessments.services import Finding
from portal.progress.assessments.storage import Recorded
from portal.progress.assessments.subjects import CAN_DO, Assessment, kept_subjects, offered_values
from portal.progress.can_do.labels import statement_text
from portal.progress.can_do.queries import list_statements
from portal.progress.labels import WORDS
from portal.progress.models import LevelSource


@dataclass(kw_only=True, slots=True)
class RowView:
    """A row as the page shows it.

    `seen` is what the form sends back as what was seen; `earlier` what was found last beside this, in words; `chosen`
    the value that is marked. `was_stored`: by what she just did, which `step` takes back. `contest_id` is what the
    learner says against it. `rival` says what another stored meanwhile, `error` what is wrong.
    """

    id: str
    key: str
    name: str
    initials: str
    seen: str
    earlier: str
    chosen: str
    is_filled: bool
    was_stored: bool
    step: str
    contest_id: UUID | None
    rival: str = ""
    error: str = ""


@dataclass(kw_only=True, slots=True)
class AssessmentView:
    """An assessment's rows, its choices with their words, and which step can be taken back in how many rows."""

    rows: list[RowView]
    values: Mapping[str, str]
    is_level: bool
    title: str
    step: str
    step_size: int
    was_refused: bool = False
    gone: int = 0
    is_unchosen: bool = False

    @property
    def open(self) -> int:
        """How many have nothing yet on the day."""
        return sum(1 for row in self.rows if not row.is_filled)

    @property
    def done(self) -> int:
        """How many have something on the day."""
        return len(self.rows) - self.open

    @property
    def stored(self) -> int:
        """How many she just stored."""
        return sum(1 for row in self.rows if row.was_stored)


def present_assessment(
    assessment: Assessment,
    rows: list[RowView],
    *,
    last_step: tuple[str, int] | None = None,
    was_refused: bool = False,
    gone: int = 0,
    is_unchosen: bool = False,
) -> AssessmentView:
    """Return an assessment with what is left to do; where nothing was just stored, `last_step` can be taken back.

    `is_unchosen`: nothing was chosen for everyone who is open.
    """
    labels = value_labels(assessment.subject)
    stored = [row for row in rows if row.was_stored]
    step, step_size = (stored[0].step, len(stored)) if stored else last_step or ("", 0)
    return AssessmentView(
        rows=rows,
        values={value: labels[value] for value in offered_values(assessment.subject)},
        is_level=assessment.subject.is_level,
        title=subject_label(assessment.subject),
        step=step,
        step_size=step_size,
        was_refused=was_refused,
        gone=gone,
        is_unchosen=is_unchosen,
    )


def present_rows(
    assessment: Assessment, rows: Iterable[AssessmentRow], *, recorded: Recorded | None = None, error: str = ""
) -> list[RowView]:
    """Return rows as they are stored; those of `recorded` were just stored."""
    labels = value_labels(assessment.subject)
    stored = {row.learner_id for row in recorded.rows} if recorded is not None else set()
    return [_present(row, labels, was_stored=row.learner_id in stored, error=error) for row in rows]


def present_step(assessment: Assessment, rows: Iterable[AssessmentRow], step: str) -> list[RowView]:
    """Return rows as they are stored; those of a step (empty: none) were just stored."""
    labels = value_labels(assessment.subject)
    return [_present(row, labels, was_stored=bool(step) and row.step == step) for row in rows]


def present_refused(
    assessment: Assessment, rows: Iterable[AssessmentRow], findings: Mapping[UUID, Finding], refusal: Refusal
) -> list[RowView]:
    """Return rows after a refusal: what was chosen stays, a row that another changed shows what she stored."""
    labels, about = value_labels(assessment.subject), set(refusal.facts.get("learner_ids", ()))
    views = []
    for row in rows:
        view, sent = _present(row, labels), findings.get(row.learner_id)
        if sent is not None and refusal.code == "stale" and row.learner_id in about:
            view.rival = _told_of_rival(row, labels[sent.value], labels)
        elif sent is not None and is_changed(sent):
            view.chosen = sent.value
            view.error = message_for(refusal) if len(findings) == 1 else ""
        views.append(view)
    return views


def row_key(learner_id: UUID) -> str:
    """Return what tells a row from the others of its group in the ids of its elements."""
    return str(learner_id)[-9:]


def _present(row: AssessmentRow, labels: Mapping[str, str], *, was_stored: bool = False, error: str = "") -> RowView:
    before, _space, last = row.name.rpartition(" ")
    return RowView(
        id=str(row.learner_id),
        key=row_key(row.learner_id),
        name=f"{row.name} ({row.apart_by})" if row.apart_by else row.name,
        initials=(before[:1] + last[:1]).upper(),
        seen=row.seen,
        earlier=_earlier(row, labels),
        chosen=row.value,
        is_filled=row.is_filled,
        was_stored=was_stored,
        step=row.step,
        contest_id=row.contest_id,
        error=error,
    )


def _earlier(row: AssessmentRow, labels: Mapping[str, str]) -> str:
    """Return what was found last beside this, and until when she is in the group where that is known."""
    until = _("tot en met %(day)s", day=format_date(row.until, "medium")) if row.until else ""
    if row.earlier is None:
        said = _("nog geen")
    else:
        value, found_on, source = row.earlier
        said = _(
            "laatst %(value)s, %(day)s, %(source)s",
            value=labels[value],
            day=format_date(found_on, "medium"),
            source=str(WORDS[LevelSource(source)]).lower(),
        )
    return " · ".join(part for part in (said, until) if part)


def _told_of_rival(row: AssessmentRow, own: str, labels: Mapping[str, str]) -> str:
    value = labels.get(row.value) or _("leeg")
    if row.entered_by is not None and row.entered_by == require_actor().account_id:
        return _(
            "U hebt dit zelf al gewijzigd, in een ander venster, in: %(value)s. Hier koos u: %(own)s. Klopt dat, kies"
            " het dan opnieuw.",
            value=value,
            own=own,
        )
    return _(
        "%(name)s heeft dit intussen gewijzigd in: %(value)s. U koos: %(own)s. Klopt dat, kies het dan opnieuw.",
        name=row.entered_by_name or _("Iemand anders"),
        value=value,
        own=own,
    )


def subject_filters(group_id: UUID, asked: Assessment) -> Sequence[tuple[str, str, bool]]:
    """Return the subjects to choose from: words, address, whether it is the one in hand. The day goes along."""

    def address(slug: str) -> str:
        return url_for("progress.assessment", group_id=group_id, wat=slug, dag=asked.found_on.isoformat())

    kept = kept_subjects()
    filters = [(subject_label(each), address(each.slug), each is asked.subject) for each in kept]
    if any(each.is_level for each in kept):
        filters.append((_("Ik kan …"), address(CAN_DO), bool(asked.subject.text)))
    return filters


def statement_choices(asked: Assessment) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    """Return the school's statements to choose from, by skill and level: the value in an address and the words."""
    if not asked.subject.text:
        return []
    groups = groupby(list_statements(), key=lambda each: f"{WORDS[each.skill]} {each.level.value}")
    return [(label, [(str(each.id), statement_text(each.text)) for each in found]) for label, found in groups]
