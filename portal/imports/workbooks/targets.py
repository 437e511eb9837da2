"""Where a column of a workbook can go: the fields of the record that an import fills, and how their cells are read."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "number",
    "name",
    "prefix",
    "family_name",
    "full_name",
    "address",
    "postcode",
    "place",
    "date",
    "past_date",
    "bsn",
    "phone",
    "email",
    "language",
    "iban",
    "kvk",
    "yes_no",
    "hours",
    "whole_hours",
    "choice",
    "level",
    "exam",
]


@dataclass(frozen=True)
class Target:
    """A place for a column: its key, how cells are read, and the fields of the policy that it needs."""

    key: str
    kind: Kind
    fields: tuple[str, ...]

    @property
    def table(self) -> str:
        """The first half of its key: learner, group, enrolment, trajectory, level or exam."""
        return self.key.partition(".")[0]


def _plain(kind: Kind, *keys: str) -> list[Target]:
    return [Target(key, kind, (key,)) for key in keys]


_NAME = ("learner.given_name", "learner.family_name")
SKILLS = ("reading", "listening", "writing", "speaking", "conversation")
EXAM_PARTS = ("knm", "ona", "reading", "listening", "writing", "speaking")

_ALL: list[Target] = [
    *_plain("number", "learner.number"),
    *_plain("name", "learner.given_name"),
    Target("learner.initials", "name", ("learner.given_name",)),
    *_plain("prefix", "learner.name_prefix"),
    *_plain("family_name", "learner.family_name"),
    Target("learner.full_name", "full_name", _NAME),
    *_plain("choice", "learner.gender"),
    *_plain("past_date", "learner.birth_date"),
    *_plain("text", "learner.birth_place", "learner.birth_country", "learner.nationality"),
    *_plain("bsn", "learner.bsn"),
    *_plain("phone", "learner.phone", "learner.phone_other"),
    *_plain("email", "learner.email"),
    Target("learner.address", "address", ("learner.street", "learner.house_number")),
    *_plain("text", "learner.street", "learner.house_number"),
    Target("learner.house_addition", "text", ("learner.house_number",)),
    *_plain("postcode", "learner.postcode"),
    Target("learner.postcode_city", "place", ("learner.postcode", "learner.city")),
    *_plain("text", "learner.city", "learner.country"),
    *_plain("language", "learner.preferred_language"),
    *_plain("text", "learner.languages", "learner.education_level", "learner.diplomas", "learner.competences"),
    *_plain("text", "learner.work_experience", "learner.employer"),
    *_plain("choice", "learner.marital_status"),
    *_plain("text", "learner.care_duties", "learner.circumstances", "learner.conditions"),
    *_plain("text", "learner.residence_status"),
    *_plain("past_date", "learner.arrived_on"),
    *_plain("text", "learner.document_kind", "learner.document_number"),
    *_plain("date", "learner.document_valid_until"),
    *_plain("text", "learner.company_name"),
    *_plain("kvk", "learner.kvk_number"),
    *_plain("iban", "learner.iban"),
    Target("group.name", "text", ("enrolment.group_id", "enrolment.starts_on")),
    Target("group.course", "text", ("enrolment.group_id",)),
    *_plain("date", "enrolment.starts_on", "enrolment.ends_on"),
    *_plain("choice", "trajectory.act", "trajectory.route", "trajectory.target_group", "trajectory.funding"),
    *_plain("yes_no", "trajectory.reports_to_government"),
    Target("trajectory.client", "text", ("trajectory.client_id",)),
    Target("trajectory.client_manager", "text", ("trajectory.client_manager_id",)),
    *_plain("date", "trajectory.starts_on", "trajectory.ends_on", "trajectory.agreement_on"),
    *_plain("text", "trajectory.contract_number", "trajectory.agreement"),
    *_plain("whole_hours", "trajectory.hours_bought"),
    Target("trajectory.hours_before", "hours", ("trajectory.minutes_before",)),
    *(Target(f"level.{skill}", "level", ("level.level", "level.skill")) for skill in SKILLS),
    Target("level.found_on", "past_date", ("level.found_on",)),
    *(Target(f"exam.{part}", "exam", ("exam_result.part", "exam_result.is_passed")) for part in EXAM_PARTS),
    Target("exam.taken_on", "past_date", ("exam_result.taken_on",)),
]

LEARNER_TARGETS: dict[str, Target] = {target.key: target for target in _ALL}
"""Where a column of a list of learners can go."""

# A sheet holds learners when one of these is among its columns.
IDENTIFYING = frozenset({"learner.number", "learner.bsn", "learner.family_name", "learner.full_name"})

_WHO = ("number", "given_name", "initials", "name_prefix", "family_name", "full_name", "birth_date")
_OF_RESULTS: list[Target] = [
    *(LEARNER_TARGETS[f"learner.{name}"] for name in _WHO),
    *(Target(f"result.{name}", "text", ()) for name in ("skill", "level", "outcome", "score", "test")),
    Target("result.day", "past_date", ()),
    *(Target(f"skill.{skill}", "text", ("level.level", "level.skill")) for skill in SKILLS),
    *(Target(f"outcome.{part}", "text", ("exam_result.part", "exam_result.is_passed")) for part in EXAM_PARTS),
]

RESULT_TARGETS: dict[str, Target] = {target.key: target for target in _OF_RESULTS}
"""Where a column of a list of results can go: whose it is, and a skill or part of an exam each or one of them a row."""

TARGETS: dict[str, Target] = {**LEARNER_TARGETS, **RESULT_TARGETS}

SAYING = frozenset(key for key in RESULT_TARGETS if key.startswith(("result.", "skill.", "outcome."))) - {
    "result.skill", "result.test", "result.day",
}  # fmt: skip
"""The targets that say what somebody's result is."""
