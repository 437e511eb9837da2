"""Who answers for the data, what people may ask and when it is answered, and the texts of the public statement."""

from typing import Literal

from pydantic import Field

from portal.policy.schema.parts import Key, Part, Rule
from portal.policy.schema.periods import Period
from portal.policy.schema.texts import Text

RequestKind = Literal[
    "access", "rectification", "erasure", "restriction", "portability", "objection", "consent_withdrawal", "complaint"
]
StaffRole = Literal["teacher", "coach", "administration", "privacy_officer", "privacy_staff", "management"]
MaskPart = Literal["photo", "mrz", "document_number", "bsn"]


class Controller(Part):
    """The organisation that answers for the data. Posts and addresses of the school, no names of persons."""

    name: str = Field(description="the name of the organisation")
    street: str | None = Field(None, description="street and number")
    postcode: str | None = Field(None, pattern=r"^[1-9][0-9]{3} [A-Z]{2}$", description='a postcode such as "3584 BH"')
    city: str | None = Field(None, description="the town")
    email: str | None = Field(None, description="an e-mail address")
    privacy_email: str | None = Field(None, description="the e-mail address for questions about personal data")
    phone: str | None = Field(None, description="a phone number")
    website: str | None = Field(None, description="a web address")
    chamber_of_commerce: str | None = Field(None, pattern=r"^[0-9]{8}$", description="a KvK number of 8 digits")
    has_privacy_officer: bool = Field(False, description="true where the school has named a privacy officer")

    @property
    def questions_email(self) -> str | None:
        """Return where questions about personal data go: its own address, else the general one, if there is any."""
        return self.privacy_email or self.email

    @property
    def address(self) -> str:
        """Return the postal address in a line, as far as it is known."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.street, town) if part)


class Deadline(Rule):
    """By when a request is answered, and how much longer that may take."""

    key: Key = Field(description="a name in small letters")
    kinds: tuple[RequestKind, ...] = Field(min_length=1, description="a list of requests, such as access or erasure")
    within: Period = Field(description="a table with number and unit")
    extension: Period | None = Field(None, description="a table with number and unit, where it may take longer")
    identity_pause: Text | None = Field(
        None,
        description="a text by language: why the days don't count while it isn't sure who asks; none where they do",
    )


class Right(Rule):
    """What a learner may ask for."""

    key: RequestKind = Field(description="access, rectification, erasure, restriction, portability, objection, …")
    to_third_party: bool = Field(False, description="for portability: true where it may go to another organisation")
    file_kept: Period | None = Field(
        None,
        description="for access and portability: how long the finished file can be fetched; 30 days where none stands",
    )


class Masks(Rule):
    """Which parts of an identity document are made unreadable before it is kept."""

    key: Key = Field(description="a name in small letters")
    reason: Literal["request", "client"] = Field(
        description="request (who asks is checked) or client (client asks for it)"
    )
    parts: tuple[MaskPart, ...] = Field(min_length=1, description="a list out of photo, mrz, document_number, bsn")
    deleted: Literal["after_check", "with_record"] = Field(description="after_check or with_record")


class Complaints(Rule):
    """Where complaints go."""

    role: Literal["management", "privacy_officer"] = Field(
        description="the role that answers: management or privacy_officer"
    )
    names_authority: bool = Field(description="true where the statement names the Autoriteit Persoonsgegevens")


class Confidentiality(Rule):
    """The duty that staff accept before the first learner's record opens."""

    version: str = Field(pattern=r"^[0-9]+$", description='a number between quotes, such as "1"')
    text: Text = Field(description="a text by language")


class Security(Rule):
    """The least that the school promises about signing in; its settings may be stricter."""

    idle_minutes: int = Field(60, ge=5, le=720, strict=True, description="a whole number of minutes from 5 to 720")
    second_factor: tuple[StaffRole, ...] = Field((), description="a list of roles that always need a second factor")


class Audit(Rule):
    """How long the audit is kept: who saw, changed or passed on what. Its sign-in traces have the category's term.

    `looks` says whether a learner reads the name of who looked, which counts once staff agreed to it, or the role.
    """

    term: Period = Field(description="a table with number and unit")
    looks: Literal["name", "role"] = Field(
        "role", description="name or role: how a learner reads which member of staff looked"
    )


class Accountability(Rule):
    """How long the school keeps what shows that it answered and erased, once that is about nobody by name any more."""

    term: Period = Field(description="a table with number and unit")


class StaffData(Part):
    """Something that is held of the people who work at the school: what, why, on which basis and how long."""

    key: Key = Field(description="a name in small letters")
    title: Text = Field(description="a text by language")
    why: Text = Field(description="a text by language")
    basis: Literal["contract", "legal_obligation", "legitimate_interest"] = Field(
        description="contract, legal_obligation or legitimate_interest"
    )
    law: str | None = Field(None, description="for a legal obligation: the law that asks it")
    seen_by: Text = Field(description="a text by language: who sees it")
    kept: Literal["staff", "audit", "activity", "learners"] = Field(
        description="staff (the term of this table), audit, activity, or learners (as long as what it is part of)"
    )


class Staff(Rule):
    """What the school says to the people who work there about their own data."""

    term: Period = Field(description="a table with number and unit: how long after somebody stopped working here")
    text: Text = Field(description="a text by language")
    data: tuple[StaffData, ...] = Field(min_length=1, description="a list of tables, such as [[staff.data]]")


class ContactUse(Rule):
    """What is held of people who follow no course and don't work at the school, for one reason (LL-02).

    `relation` is who works at an organisation or buys a service, `question` who asks something, `enquiry` who signs up
    for an intake. What isn't there the school doesn't do.
    """

    key: Literal["relation", "question", "enquiry"] = Field(description="relation, question or enquiry")
    title: Text = Field(description="a text by language")
    why: Text = Field(description="a text by language: what is held and why")
    basis: Literal["contract", "legitimate_interest"] = Field(description="contract or legitimate_interest")
    term: Key = Field(description="the key of a retention term")

    @property
    def may_be_objected_to(self) -> bool:
        """Say whether she may object: it rests on an interest of the school (GDPR art. 21)."""
        return self.basis == "legitimate_interest"


class Changes(Rule):
    """How people hear of a new version."""

    told: Literal["published", "told_after", "told_before"] = Field(
        description="published (on the page alone), told_after (by e-mail too) or told_before (before it holds)"
    )


class Section(Rule):
    """A piece of the public statement in the school's own words."""

    key: Key = Field(description="a name in small letters")
    place: Literal["start", "data", "sharing", "keeping", "security", "cookies", "rights", "changes"] = Field(
        description="where on the page it stands: start, data, sharing, keeping, security, cookies, rights or changes"
    )
    title: Text | None = Field(None, description="a text by language")
    text: Text = Field(description="a text by language")
