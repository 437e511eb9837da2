"""A school's policy, read and checked: what may be kept, for whom, on which basis and until when."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from portal.policy.schema.categories import Category, CheckedFields, Condition, Purpose, Term
from portal.policy.schema.parts import Part
from portal.policy.schema.periods import Anchors, Period, counted_from
from portal.policy.schema.recipients import Recipient, Sharing, Template
from portal.policy.schema.statement import (
    Accountability,
    Audit,
    Changes,
    Complaints,
    Confidentiality,
    ContactUse,
    Controller,
    Deadline,
    Masks,
    Right,
    Section,
    Security,
    Staff,
)
from portal.policy.schema.texts import LocalText, Text

# A feature is on in a school when its policy keeps the category that the feature fills.
FEATURES: Mapping[str, str] = {
    "attendance": "attendance",
    "evidence": "evidence",
    "levels": "level",
    "exams": "exam",
    "notes": "progress",
    "intake": "intake",
    "appointments": "appointment",
    "trajectories": "trajectory",
    "newsletter": "newsletter",
    "companies": "company",
    "complaints": "complaint",
}
_MESSAGES = frozenset({"service", "communication"})
_FILE_KEPT = Period(number=30, unit="days")
Language = Literal["nl", "en", "ar", "tr", "uk", "ti"]
Version = Annotated[
    str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$", description='a short text such as "3.0" or "2021-01-19"')
]


class Policy(Part):
    """The whole of a policy file."""

    version: Version = Field(description='a short text such as "3.0" or "2021-01-19"')
    in_force_on: date | None = Field(
        None, description="a date without quotes, such as 2021-01-19; none where the statement bears no date"
    )
    updated_on: date | None = Field(None, description="the date of the last change, where the statement says it apart")
    languages: tuple[Language, ...] = Field(min_length=1, description='a list such as ["nl", "en", "ar"]')
    controller: Controller = Field(description="a table: who answers for the data")
    purposes: tuple[Purpose, ...] = Field(min_length=1, description="tables by key, such as [purposes.course]")
    terms: tuple[Term, ...] = Field(min_length=1, description="tables by key, such as [terms.default]")
    categories: tuple[Category, ...] = Field(min_length=1, description="tables by key, such as [categories.name]")
    conditions: tuple[Condition, ...] = Field((), description="tables by key, such as [conditions.bsn]")
    checked: CheckedFields = Field(description="a table with fields and why")
    sharing: Sharing = Field(description="a table with the rules about sharing")
    recipients: tuple[Recipient, ...] = Field((), description="tables by key, such as [recipients.client]")
    templates: tuple[Template, ...] = Field((), description="tables by key, such as [templates.survey_contacts]")
    rights: tuple[Right, ...] = Field(min_length=1, description="tables by key, such as [rights.access]")
    deadlines: tuple[Deadline, ...] = Field(min_length=1, description="tables by key, such as [deadlines.complaint]")
    masks: tuple[Masks, ...] = Field((), description="tables by key, such as [masks.request]")
    complaints: Complaints = Field(description="a table: where complaints go")
    confidentiality: Confidentiality = Field(description="a table with version and text")
    security: Security = Field(description="a table with idle_minutes and second_factor")
    audit: Audit = Field(description="a table: how long the log of views and changes is kept")
    staff: Staff | None = Field(None, description="a table: what is held of the people who work at the school")
    contacts: tuple[ContactUse, ...] = Field((), description="tables by key, such as [contacts.relation]")
    accountability: Accountability | None = Field(
        None, description="a table: how long certificates of erasure and answered requests of nobody known are kept"
    )
    changes: Changes = Field(description="a table: how people hear of a new version")
    sections: tuple[Section, ...] = Field((), description="tables by key, such as [sections.intro]")

    # The category of each column that the portal has, by its field key.
    _known: Mapping[str, str] = PrivateAttr(default_factory=dict)

    # ── What may be kept ──

    @cached_property
    def _categories(self) -> dict[str, Category]:
        return {category.key: category for category in self.categories}

    @cached_property
    def _category_by_field(self) -> dict[str, str]:
        return {field: category.key for category in self.categories for field in self._expanded(category)}

    def _expanded(self, category: Category) -> Iterator[str]:
        known = [field for field, key in self._known.items() if key == category.key]
        if category.fields == "all":
            yield from known
        for entry in category.entries:
            table, _, column = entry.partition(".")
            if column == "*":
                yield from (field for field in known if field.startswith(f"{table}."))
            else:
                yield entry

    @property
    def fields(self) -> frozenset[str]:
        """Return every field that the school keeps."""
        return frozenset(self._category_by_field)

    def allows(self, field: str) -> bool:
        """Say whether the school keeps this field (`table.column`) at all."""
        return field in self._category_by_field

    def category_of(self, field: str) -> Category | None:
        """Return the category in which the school keeps this field; None when it doesn't keep it."""
        key = self._category_by_field.get(field)
        return self._categories[key] if key is not None else None

    def category(self, key: str) -> Category | None:
        """Return a category; None when the school keeps nothing of the kind."""
        return self._categories.get(key)

    def source_of(self, field: str) -> str | None:
        """Return whether the statement names a field or the school added it; None for a field that isn't kept."""
        category = self.category_of(field)
        if category is None:
            return None
        added = category.added.fields if category.added is not None else ()
        return "school" if {field, f"{field.partition('.')[0]}.*"} & set(added) else category.source

    @cached_property
    def cites_statement(self) -> bool:
        """Say whether the policy cites a statement that the school has; else the policy is its statement."""
        return any(category.source == "statement" for category in self.categories)

    def feature(self, name: str) -> bool:
        """Say whether a feature is on: the policy keeps what it fills. Raises KeyError for an unknown feature."""
        return FEATURES[name] in self._categories

    # ── Under which condition ──

    @cached_property
    def _conditions(self) -> dict[str, tuple[Condition, ...]]:
        found: dict[str, tuple[Condition, ...]] = {}
        for condition in self.conditions:
            for field in condition.fields:
                found[field] = (*found.get(field, ()), condition)
        return found

    def conditions_of(self, field: str) -> tuple[Condition, ...]:
        """Return what must hold before this field may have a value."""
        return self._conditions.get(field, ())

    def conditions_in(self, category: str) -> tuple[Condition, ...]:
        """Return the conditions on fields of a category."""
        return tuple(
            condition
            for condition in self.conditions
            if any(self._category_by_field.get(field) == category for field in condition.fields)
        )

    def _needs(self, field: str, kind: str) -> bool:
        return any(condition.kind == kind for condition in self.conditions_of(field))

    def needs_ground(self, field: str) -> bool:
        """Say whether a value needs a recorded ground (OP-04)."""
        return self._needs(field, "recorded_ground")

    def needs_reporting_trajectory(self, field: str) -> bool:
        """Say whether a value needs a trajectory that reports to the government (MN-04)."""
        return self._needs(field, "reporting_trajectory")

    def needs_client_request(self, field: str) -> bool:
        """Say whether a value needs a recorded request of the client (MN-05)."""
        return self._needs(field, "client_request")

    def consent_for_field(self, field: str) -> str | None:
        """Return the key of the purpose whose consent must be in force before this field is stored; None for none.

        Either a condition asks it (OP-02), or everything that its category serves rests on consent (OP-01, LL-04).
        """
        if field not in self._consents:
            self._consents[field] = self._consent_for(field)
        return self._consents[field]

    @cached_property
    def _consents(self) -> dict[str, str | None]:
        return {}

    def _consent_for(self, field: str) -> str | None:
        for condition in self.conditions_of(field):
            if condition.kind == "consent":
                return condition.purpose
        category = self.category_of(field)
        if category is None:
            return None
        purposes = [self.purpose(key) for key in category.purposes]
        return category.purposes[0] if all(purpose.asks_consent for purpose in purposes) else None

    @cached_property
    def checked_fields(self) -> frozenset[str]:
        """Return the fields that wait for the school's check when a learner changes them (MN-17)."""
        return frozenset(self.checked.fields)

    # ── For what and for whom ──

    @cached_property
    def _purposes(self) -> dict[str, Purpose]:
        return {purpose.key: purpose for purpose in self.purposes}

    @cached_property
    def _recipients(self) -> dict[str, Recipient]:
        return {recipient.key: recipient for recipient in self.recipients}

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {template.key: template for template in self.templates}

    def purpose(self, key: str) -> Purpose:
        """Return a purpose; raises KeyError when the policy hasn't it."""
        return self._purposes[key]

    def consent_purposes(self) -> tuple[Purpose, ...]:
        """Return the purposes that rest on consent, in the order of the policy: each has its own switch."""
        return tuple(purpose for purpose in self.purposes if purpose.asks_consent)

    def gives_presence_to_client(self, purpose: str) -> bool:
        """Say whether a client, which may be a municipality, gets presence for a purpose (Besluit 9.6(3))."""
        return any(
            each.kind == "client" and purpose in each.purposes and "attendance" in each.categories
            for each in self.recipients
        )

    def purposes_of_mail(self) -> tuple[Purpose, ...]:
        """Return for what a learner's e-mail address may be used, as its category says (LB-04)."""
        held = self.category_of("learner.email")
        return tuple(self.purpose(key) for key in held.purposes) if held is not None else ()

    def purpose_of_messages(self) -> str | None:
        """Return for what a learner is mailed about her own course; one that needs no yes where there is one."""
        served = [each for each in self.purposes_of_mail() if each.nature in _MESSAGES]
        first = sorted(served, key=lambda each: (each.asks_consent, each.may_be_objected_to))[:1]
        return first[0].key if first else None

    def purposes_of_figures(self) -> tuple[str, ...]:
        """Return for which interests of the school its figures are made: who objects to one is in none (art. 21)."""
        held = self.category("attendance")
        served = [self.purpose(key) for key in held.purposes] if held is not None else []
        return tuple(each.key for each in served if each.nature == "quality" and each.may_be_objected_to)

    def used_for(self, purpose: str) -> frozenset[str]:
        """Return the keys of the categories that serve a purpose or hang on it; of one with neither, all."""
        deletes = self._purposes[purpose].deletes if purpose in self._purposes else None
        asked = [field for each in self.conditions if each.purpose == purpose for field in each.fields]
        hang = [self.category_of(field) for field in (*(deletes.fields if deletes else ()), *asked)]
        found = {each.key for each in self.categories if purpose in each.purposes or each in hang}
        return frozenset(found.union(deletes.categories if deletes else ())) or frozenset(self._categories)

    def recipient(self, key: str) -> Recipient:
        """Return a recipient; raises KeyError when the policy hasn't it."""
        return self._recipients[key]

    def template(self, key: str) -> Template:
        """Return a file template; raises KeyError when the policy hasn't it."""
        return self._templates[key]

    def templates_for(self, recipient: str) -> tuple[Template, ...]:
        """Return the files that may be made for a recipient."""
        return tuple(template for template in self.templates if template.recipient == recipient)

    def is_usable(self, recipient: Recipient) -> bool:
        """Say whether data may go to a recipient (OP-08, LL-15, LL-16).

        Its country is known, and its agreement is on record where one is needed.
        """
        return recipient.country is not None and (recipient.is_agreed or not self.sharing.agreement_needed)

    def needs_consent(self, recipient: Recipient) -> bool:
        """Say whether a recipient gets something only with the learner's consent."""
        return any(self.purpose(key).asks_consent for key in recipient.purposes)

    def consent_for_template(self, key: str) -> str | None:
        """Return the purpose to which each learner in a file must have consented; None where none is needed (LB-09)."""
        purpose = self.purpose(self.template(key).purpose)
        return purpose.key if purpose.asks_consent else None

    def categories_in(self, template: Template) -> tuple[str, ...]:
        """Return the keys of the categories of which a file holds fields, in the order of the policy."""
        held = {self._category_by_field[field] for field in template.fields}
        return tuple(category.key for category in self.categories if category.key in held)

    def recipients_of(self, category: str) -> tuple[Recipient, ...]:
        """Return who may get data of this category."""
        return tuple(recipient for recipient in self.recipients if category in recipient.categories)

    def contact_use(self, key: str) -> ContactUse | None:
        """Return what is held of contacts for a reason; None where the school has no such contacts."""
        return next((use for use in self.contacts if use.key == key), None)

    # ── Until when ──

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {term.key: term for term in self.terms}

    def term(self, key: str) -> Term:
        """Return a retention term; raises KeyError when the policy hasn't it."""
        return self._terms[key]

    def term_for(self, category: str) -> Term:
        """Return how long a category is kept; raises KeyError for a category that the policy hasn't."""
        return self._terms[self._categories[category].term]

    def keep_contact_until(self, key: str, anchors: Anchors) -> date | None:
        """Return the last day on which what is held of a contact for a reason stays; None while no end is known."""
        use = self.contact_use(key)
        ends = self._ends_of(self.term(use.term), anchors) if use is not None else ()
        return min((day for _, day in ends), default=None)

    @property
    def activity_term(self) -> Period:
        """Return how long sign-ins, addresses and own use are kept, in their own tables and in the audit.

        It is the term of the category `activity` (OP-03); without that category they go with the audit.
        """
        category = self.category("activity")
        stages = self.term_for(category.key).stages if category is not None else ()
        return next((stage for stage in stages if stage.then == "delete"), self.audit.term)

    @property
    def accountability_term(self) -> Period:
        """Return how long a certificate of erasure is kept, and a request or complaint that is about nobody known."""
        return self.accountability.term if self.accountability is not None else self.audit.term

    def stage_ends(self, category: str, anchors: Anchors) -> tuple[tuple[str, date], ...]:
        """Return what happens to a category's data and after which day, for the dates known of a person."""
        return self._ends_of(self.term_for(category), anchors)

    @staticmethod
    def _ends_of(term: Term, anchors: Anchors) -> tuple[tuple[str, date], ...]:
        starts = ((stage, counted_from(stage.counted_from, anchors)) for stage in term.stages)
        return tuple((stage.then, stage.added_to(start)) for stage, start in starts if start is not None)

    def keep_until(self, category: str, anchors: Anchors) -> date | None:
        """Return the last day on which a category's data can be traced to a person; None while no end is known."""
        ends = self.stage_ends(category, anchors)
        return min(day for _, day in ends) if ends else None

    def due_on(self, kind: str, received: date) -> date:
        """Return the date by which a request of this kind is answered; raises KeyError where none is set."""
        return self.deadline(kind).within.added_to(received)

    def extended_to(self, kind: str, received: date) -> date | None:
        """Return the date to which an answer may be put off; None where it may not."""
        extension = self.deadline(kind).extension
        return extension.added_to(self.due_on(kind, received)) if extension is not None else None

    def deadline(self, kind: str) -> Deadline:
        """Return the deadline of a kind of request; raises KeyError where none is set."""
        for deadline in self.deadlines:
            if kind in deadline.kinds:
                return deadline
        raise KeyError(kind)

    def right(self, key: str) -> Right | None:
        """Return a right as the statement names it; None where it doesn't."""
        return next((right for right in self.rights if right.key == key), None)

    def file_kept(self, right: str) -> Period:
        """Return how long a finished copy, or a file to take along, can be fetched; 30 days unless the policy says."""
        found = self.right(right)
        return (found.file_kept if found is not None else None) or _FILE_KEPT

    def masks_for(self, reason: str) -> tuple[str, ...]:
        """Return what is blacked out on an identity document asked for this reason; empty where none is asked."""
        return next((masks.parts for masks in self.masks if masks.reason == reason), ())

    # ── In which words ──

    @staticmethod
    def text(table: Text, language: str) -> LocalText:
        """Return a text in this language; where it is missing the Dutch, marked as such."""
        return table.in_language(language)

    def sections_at(self, place: str) -> tuple[Section, ...]:
        """Return the school's own pieces of text for a place on the statement page."""
        return tuple(section for section in self.sections if section.place == place)

    def with_known_fields(self, known: Mapping[str, str]) -> "Policy":
        """Return this policy, knowing which columns the portal has: category by field key."""
        policy = self.model_copy()
        policy.__dict__.pop("_category_by_field", None)
        policy.__dict__.pop("_consents", None)
        policy._known = dict(known)
        return policy
