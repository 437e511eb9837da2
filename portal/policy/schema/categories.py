"""What is kept, why, and how long: categories, the rules about single fields, purposes and retention terms."""

from typing import Literal

from pydantic import Field

from portal.core.personal_data import Category as CategoryKey
from portal.policy.schema.parts import FieldKey, FieldOrTable, Key, Part, Rule
from portal.policy.schema.periods import Anchor, Period
from portal.policy.schema.texts import Text

Basis = Literal["contract", "legal_obligation", "legitimate_interest", "consent"]
Nature = Literal[
    "service",
    "communication",
    "administration",
    "government",
    "client",
    "quality",
    "marketing",
    "legal",
    "research",
    "commercial",
    "charity",
]
ConditionKind = Literal["reporting_trajectory", "recorded_ground", "client_request", "consent"]
Origin = Literal["learner", "school", "referrer"]


class Addition(Part):
    """Fields that the statement doesn't name and the portal can't do without; the generated statement says so."""

    source: Literal["school"] = Field("school", description='"school"')
    fields: tuple[FieldOrTable, ...] = Field(min_length=1, description="a list of at least one field")
    why: Text = Field(description="a text by language: why the school adds this")


class Category(Rule):
    """A kind of data that the school keeps; a field in no category doesn't exist for the school."""

    key: CategoryKey = Field(description="one of the categories that the portal knows")
    title: Text = Field(description="a text by language")
    why: Text = Field(description="a text by language: why the school keeps this")
    fields: tuple[FieldOrTable, ...] | Literal["all"] = Field(
        description='a list of fields such as ["learner.phone"], or "all" for everything that the portal has of it'
    )
    added: Addition | None = Field(None, description="a table with source, fields and why: what the school adds itself")
    purposes: tuple[Key, ...] = Field(min_length=1, description="a list of at least one purpose key")
    term: Key = Field(description="the key of a retention term")
    origins: tuple[Origin, ...] = Field(
        ("learner", "school"), description='a list out of "learner", "school" and "referrer"'
    )

    @property
    def entries(self) -> tuple[str, ...]:
        """Return the fields and tables as they are listed; empty for a category that holds all."""
        listed: tuple[str, ...] = () if self.fields == "all" else self.fields
        return (*listed, *(self.added.fields if self.added is not None else ()))


class Condition(Rule):
    """When a field may be kept at all; without it the value is refused, and deleted when the condition ends."""

    key: Key = Field(description="a name in small letters")
    fields: tuple[FieldKey, ...] = Field(min_length=1, description="a list of at least one field")
    kind: ConditionKind = Field(description="reporting_trajectory, recorded_ground, client_request or consent")
    purpose: Key | None = Field(None, description="for consent: the key of the purpose that asks it")
    why: Text = Field(description="a text by language")


class CheckedFields(Rule):
    """Fields that a learner proposes and the school checks against a document before they change."""

    fields: tuple[FieldKey, ...] = Field(description="a list of fields")
    why: Text = Field(description="a text by language: why these wait for the school")
    answer_within: Period = Field(
        Period(number=14, unit="days"),
        description="how long the school may take to answer what a learner says against a finding, such as 14 days",
    )


class Deletion(Rule):
    """What a withdrawal of consent deletes."""

    categories: tuple[CategoryKey, ...] = Field((), description="a list of category keys")
    fields: tuple[FieldKey, ...] = Field((), description="a list of fields")


class Purpose(Rule):
    """What data is used for, and on which legal basis."""

    key: Key = Field(description="a name in small letters")
    title: Text = Field(description="a text by language")
    basis: Basis = Field(description="contract, legal_obligation, legitimate_interest or consent")
    nature: Nature = Field(description="what sort of purpose it is, such as service, client, government or quality")
    law: str | None = Field(None, description="for a legal obligation: the law that asks it")
    question: Text | None = Field(None, description="for consent: the question put to the learner, by language")
    withdrawn: Text | None = Field(None, description="for consent: what stops when it is withdrawn, by language")
    deletes: Deletion | None = Field(None, description="for consent: what is deleted when it is withdrawn")
    concerns: Literal["child"] | None = Field(
        None, description='for consent: "child" where it is asked about learners under 18 alone; none for everyone'
    )

    @property
    def is_statutory(self) -> bool:
        """Say whether a law asks for it, so that nobody's consent is needed."""
        return self.basis == "legal_obligation"

    @property
    def may_be_objected_to(self) -> bool:
        """Say whether a learner may object: it rests on an interest of the school (GDPR art. 21)."""
        return self.basis == "legitimate_interest"

    @property
    def asks_consent(self) -> bool:
        """Say whether it has a switch of its own, off until the learner turns it on."""
        return self.basis == "consent"

    def is_about(self, *, is_minor: bool) -> bool:
        """Say whether it concerns a learner who is, or isn't, under 18."""
        return is_minor or self.concerns is None


class Stage(Period):
    """One step in the life of data: so long after a date, it is de-identified or deleted."""

    counted_from: tuple[Anchor, ...] = Field(
        min_length=1, description="a list of dates, such as last_contact; the first that is known counts"
    )
    then: Literal["delete", "deidentify"] = Field("delete", description="delete or deidentify")


class Term(Rule):
    """How long data is kept. Without stages it stays until somebody asks for its deletion."""

    key: Key = Field(description="a name in small letters")
    title: Text = Field(description="a text by language")
    stages: tuple[Stage, ...] = Field((), description="a list of steps, each with number, unit, counted_from and then")
    until_asked: bool = Field(False, description="true where it goes sooner when the learner asks for deletion")
    law: str | None = Field(None, description="the law that asks to keep it, where one does")
