"""Who gets data: recipients, the agreements with them, and the files that may be made for them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from portal.core.personal_data import Category as CategoryKey
from portal.policy.schema.categories import Nature
from portal.policy.schema.parts import FieldKey, Key, Part, Rule
from portal.policy.schema.periods import Period
from portal.policy.schema.texts import Text

RecipientKind = Literal[
    "client",
    "government",
    "survey",
    "quality_mark",
    "exam",
    "library",
    "payment",
    "school",
    "processor",
]
AgreementKind = Literal["processing", "sharing", "undertaking", "assignment", "law"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description='a country as two capitals, such as "NL"')]

# The European Union's members with Iceland, Liechtenstein and Norway: the European Economic Area.
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


FILE_TABLES = {
    "people": frozenset({"learner", "trajectory"}),
    "attendance": frozenset({"learner", "trajectory", "attendance_mark"}),
    "hours": frozenset({"learner", "trajectory", "attendance_mark.minutes"}),
    "exams": frozenset({"learner", "trajectory", "exam_result"}),
    "invoices": frozenset({"learner", "trajectory", "invoice_line"}),
    "course_figures": frozenset(),
}
"""The tables of which the writers of each shape of file know the columns, and the columns that they add up."""

TOTALS = ("learner.number", "learner.given_name", "learner.name_prefix", "learner.family_name")
"""What the totals of a file of lessons say of a learner beside her hours."""


class Agreement(Part):
    """What was agreed with a recipient, and when it was put on record; `law` where a law takes its place."""

    kind: AgreementKind = Field(description="processing, sharing, undertaking, assignment or law")
    recorded_on: date | None = Field(None, description="a date without quotes, such as 2021-01-19; none until then")


class Recipient(Rule):
    """A party that gets data of learners, and for what."""

    key: Key = Field(description="a name in small letters")
    title: Text = Field(description="a text by language")
    kind: RecipientKind = Field(description="client, government, survey, quality_mark, exam, library, payment, …")
    country: Country | None = Field(None, description='a country as two capitals, such as "NL"; none until it is known')
    purposes: tuple[Key, ...] = Field(min_length=1, description="a list of at least one purpose key")
    categories: tuple[CategoryKey, ...] = Field(min_length=1, description="a list of at least one category key")
    agreement: Agreement | None = Field(None, description="a table with kind and recorded_on")
    safeguard: Literal["adequacy", "standard_clauses"] | None = Field(
        None, description="outside the EEA: adequacy or standard_clauses"
    )

    @property
    def agreed_on(self) -> date | None:
        """Return the day on which the agreement with it was put on record; None until then."""
        return self.agreement.recorded_on if self.agreement is not None else None

    @property
    def is_agreed(self) -> bool:
        """Say whether an agreement holds: one on record, or a law that takes its place."""
        return self.agreement is not None and (self.agreement.kind == "law" or self.agreement.recorded_on is not None)

    @property
    def is_in_eea(self) -> bool:
        """Say whether the recipient is in the European Economic Area."""
        return self.country in EEA

    @property
    def is_processor(self) -> bool:
        """Say whether it works for the school, under the school's orders, and decides nothing itself."""
        return self.kind == "processor"


class Template(Rule):
    """A file that may be made for a recipient: its fields, and which learners can be in it."""

    key: Key = Field(description="a name in small letters")
    title: Text = Field(description="a text by language")
    shape: Literal["attendance", "hours", "people", "exams", "invoices", "course_figures"] = Field(
        description="attendance (lessons and hours of a period), hours (what each attended in a period, added up), "
        "people (a row for each learner), exams or invoices "
        "(a row for each of a period), or course_figures (months of courses, nobody's name)"
    )
    recipient: Key = Field(description="the key of a recipient")
    purpose: Key = Field(description="the key of the one purpose that the file serves")
    fields: tuple[FieldKey, ...] = Field((), description="a list of at least one field; none for course_figures")
    formats: tuple[Literal["xlsx", "csv", "pdf"], ...] = Field(
        ("xlsx", "csv"), description="a list out of xlsx, csv, pdf"
    )
    only: tuple[Literal["paid_by_recipient", "reporting_trajectory", "under_the_act", "reported_by_law"], ...] = Field(
        (),
        description="a list out of paid_by_recipient, reporting_trajectory, under_the_act (a trajectory under the "
        "Wet inburgering) and reported_by_law (one whose hours and invoices the government gets): who can be in it",
    )
    is_layout_verified: bool = Field(
        True, description="false where it isn't known in which order and form the recipient wants the columns"
    )
    courses: tuple[str, ...] = Field(
        (),
        description="a list of names of courses: whose learners can be in it; those of all courses where none stands",
    )
    kept: Period = Field(description="how long the finished file stays: a table with number and unit")


class Never(Rule):
    """Purposes that this school's data never serves."""

    natures: tuple[Nature, ...] = Field(description="a list of sorts of purpose, such as research")


class Sharing(Rule):
    """The school's rules about sharing, whoever the recipient."""

    consent_unless_statutory: bool = Field(
        description="true where a file needs the learner's consent unless a law asks it"
    )
    agreement_needed: bool = Field(description="true where a recipient without a recorded agreement can't be used")
    outside_eea: Literal["never", "with_safeguard"] = Field(description="never or with_safeguard")
    never: tuple[Never, ...] = Field((), description="a list of tables with natures and promises")
