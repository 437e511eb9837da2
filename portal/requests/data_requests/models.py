"""A request about somebody's own data, the answer to each part of it, and the officer's advice."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
    and_,
    or_,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import PersonKind, Sealed, by_account, not_personal, personal, reaches
from portal.learners.record.models import Learner


class RequestKind(StrEnum):
    """What somebody asks, named as policy files do."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    CONSENT_WITHDRAWAL = "consent_withdrawal"


class RequestChannel(StrEnum):
    """How a request reached the school."""

    PORTAL = "portal"
    WEBSITE = "website"  # on the public page, by who has no sign-in
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    COUNTER = "counter"


class IdentityCheck(StrEnum):
    """How the school knows that somebody is who she says she is (AVG art. 12(6))."""

    SIGN_IN = "sign_in"
    COUNTER = "counter"
    KNOWN_MAIL = "known_mail"
    DOCUMENT = "document"


class ExtensionReason(StrEnum):
    """Why an answer may take longer; the law knows no other reason (AVG art. 12(3))."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


class Outcome(StrEnum):
    """The answer to a request, or to a part of it."""

    GRANTED = "granted"
    IN_PART = "in_part"
    REFUSED = "refused"
    NOTHING_HELD = "nothing_held"  # the school knows who asks, and has nothing of her


class AboutPerson:
    """Whom a row is about: a learner, who represents one, a contact person, a member of staff, or nobody known here."""

    learner_id: Mapped[UUID | None] = reference("learner", info=personal("dealings"), nullable=True)
    contact_person_id: Mapped[UUID | None] = reference("contact_person", info=personal("dealings"), nullable=True)
    account_id: Mapped[UUID | None] = reference("account", info=personal("dealings"), nullable=True)
    representative_id: Mapped[UUID | None] = reference("representative", info=personal("dealings"), nullable=True)

    @property
    def known_person_id(self) -> UUID | None:
        """Return the id of whom it is about; None where nobody here knows her."""
        return self.learner_id or self.contact_person_id or self.account_id or self.representative_id

    @property
    def person_kind(self) -> PersonKind | None:
        """Return what she is to the school; None where nobody here knows her."""
        of = (
            (PersonKind.LEARNER, self.learner_id),
            (PersonKind.CONTACT_PERSON, self.contact_person_id),
            (PersonKind.STAFF, self.account_id),
            (PersonKind.REPRESENTATIVE, self.representative_id),
        )
        return next((kind for kind, key in of if key is not None), None)


class DataRequest(AboutPerson, SchoolOwned):
    """A request of a learner, who represents one, a contact person, who works here (`account_id`), or of somebody else.

    It waits until it is withdrawn, joined to an earlier one or closed. `due_on` is the day by which it is answered, as
    far as is known now: later after an extension, or where doubt about who asks stopped the clock.
    """

    __tablename__ = "data_request"
    __seen_when_restricted__ = "privacy staff answer what she asks, also about what stands still"
    __people__ = reaches(
        learner="learner_id",
        representative=(
            "representative_id",
            "asked_by_id",
            by_account("filed_by"),
            by_account("identity_checked_by"),
        ),
        contact_person="contact_person_id",
        staff=(
            "account_id",
            by_account("filed_by"),
            by_account("identity_checked_by"),
            by_account("handled_by"),
            by_account("proposed_by"),
            by_account("decided_by"),
        ),
    )
    __table_args__ = (
        UniqueConstraint("school_id", "number", name="uq_data_request_number"),
        Index("ix_data_request_due_on", "school_id", "due_on", postgresql_where="closed_at is null"),
        CheckConstraint("(identity_check is null) = (identity_checked_at is null)", name="check_has_moment"),
        CheckConstraint("(extended_because is null) = (extended_at is null)", name="extension_has_reason"),
        CheckConstraint("(outcome is null) = (decided_at is null)", name="outcome_has_moment"),
        CheckConstraint(
            "outcome is null or outcome = 'refused' or identity_check is not null "
            "or kind in ('objection', 'consent_withdrawal')",
            name="identity_before_outcome",
        ),
    )

    number: Mapped[str] = mapped_column(String(20), info=personal("dealings"))
    asker_name: Mapped[str | None] = mapped_column(String(200), info=personal("dealings", identifies=True))
    asker_contact: Mapped[str | None] = mapped_column(String(254), info=personal("dealings", identifies=True))
    asker_number: Mapped[str | None] = mapped_column(String(40), info=personal("dealings", identifies=True))
    """The number that she says she has at the school, by which the desk finds whom it is about."""
    asker_birth_date: Mapped[date | None] = mapped_column(info=personal("dealings"))
    asked_for: Mapped[str | None] = mapped_column(String(200), info=personal("dealings", identifies=True))
    """The name of whom it is about, where she asks for somebody else."""
    kind: Mapped[RequestKind] = one_of(RequestKind, info=personal("dealings"))
    channel: Mapped[RequestChannel] = one_of(RequestChannel, info=personal("dealings"))
    received_on: Mapped[date] = mapped_column(info=personal("dealings"))
    filed_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    filed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="filed_by"))
    filed_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("dealings", of=("learner_id", "filed_by"), identifies=True)
    )
    is_by_representative: Mapped[bool] = mapped_column(default=False, info=personal("dealings"))
    asked_by_id: Mapped[UUID | None] = reference(
        "representative",
        info=personal("activity", of="asked_by_id"),
        nullable=True,
        ondelete="SET NULL (asked_by_id)",
    )
    """Who acts for the learner and asks this off the portal, as the desk wrote down."""
    language: Mapped[str] = mapped_column(String(5), info=personal("dealings"))
    body: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings"))
    categories: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), server_default="{}", default=list, info=personal("dealings")
    )
    """What it is about; none here means everything that is held."""
    purposes: Mapped[list[str]] = mapped_column(
        ARRAY(String(60)), server_default="{}", default=list, info=personal("dealings")
    )
    """The uses that somebody objects to, or takes her consent back for."""
    beyond: Mapped[list[str]] = mapped_column(
        ARRAY(String(60)), server_default="{}", default=list, info=personal("dealings")
    )
    """What was asked, too, and lies outside what she may ask who asks for the learner: categories, or uses."""
    restriction_ground: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    is_restricted_meanwhile: Mapped[bool] = mapped_column(default=False, info=personal("dealings"))
    """Whether the data is restricted until the answer (AVG art. 18(1)(a) and (d))."""
    includes_findings: Mapped[bool] = mapped_column(default=False, info=personal("dealings"))
    organisation: Mapped[str | None] = mapped_column(String(200), info=personal("dealings"))
    """To whom the file to take along goes, where she names another than herself (AVG art. 20(2))."""
    entry_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), server_default="{}", default=list, info=personal("dealings")
    )
    """The entries of the audit of which she asks which member of staff it was; none: it asks something else."""
    due_on: Mapped[date] = mapped_column(info=personal("dealings"))
    identity_asked_on: Mapped[date | None] = mapped_column(info=personal("dealings"))
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=not_personal())
    """Of the code that was mailed to an address that is known to be hers; it is good for half an hour."""
    code_sent_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    identity_check: Mapped[IdentityCheck | None] = one_of(IdentityCheck, info=personal("dealings"), nullable=True)
    identity_checked_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    identity_checked_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="identity_checked_by"))
    identity_checked_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="identity_checked_by", identifies=True)
    )
    handled_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="handled_by"))
    handled_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="handled_by", identifies=True)
    )
    extended_because: Mapped[ExtensionReason | None] = one_of(ExtensionReason, info=personal("dealings"), nullable=True)
    extended_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    extension_reason: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings"))
    joined_to_id: Mapped[UUID | None] = reference(
        "data_request", info=personal("dealings"), nullable=True, ondelete="SET NULL (joined_to_id)"
    )
    proposed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="proposed_by"))
    """Who would refuse it as manifestly unfounded or excessive, until a second person decides (AVG art. 12(5))."""
    proposed_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="proposed_by", identifies=True)
    )
    outcome: Mapped[Outcome | None] = one_of(Outcome, info=personal("dealings"), nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="decided_by"))
    decided_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="decided_by", identifies=True)
    )
    reply: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings"))
    proof: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings"))
    """What the school proves, where proving is its part (AVG art. 12(5) and 21(1))."""
    certificate_number: Mapped[str | None] = mapped_column(String(20), info=personal("dealings"))
    """The number of the certificate of what was erased on it."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    reminded_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    closed_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))

    learner: Mapped[Learner | None] = related("DataRequest", "Learner", "learner_id")

    @property
    def person_id(self) -> UUID:
        """Return under whose key its texts are sealed: its own, where nobody here knows who asks."""
        return self.known_person_id or self.id

    @hybrid_property
    def is_of_known_person(self) -> bool:
        """Say whether it is known whose it is."""
        return self.known_person_id is not None

    @is_of_known_person.inplace.expression
    @classmethod
    def _is_of_known_person(cls) -> ColumnElement[bool]:
        known = (cls.learner_id, cls.contact_person_id, cls.account_id, cls.representative_id)
        return or_(*(each.is_not(None) for each in known))

    @property
    def is_unproven(self) -> bool:
        """Say whether it came from the public page and it isn't known who asks: whether she is found tells her nothing.

        What she reads is the same in words whoever she is (AVG art. 12(6), 32).
        """
        return self.channel is RequestChannel.WEBSITE and self.identity_check is None

    @property
    def is_doubted(self) -> bool:
        """Say whether consent is taken back by who isn't known: by letter, phone or on the website (AVG art. 12(6)).

        The use may stop on her word, for it can be given again; what is gone can't.
        """
        is_outside = self.kind is RequestKind.CONSENT_WITHDRAWAL and self.channel is not RequestChannel.PORTAL
        return is_outside and self.identity_check is None

    @property
    def is_answered_by_file(self) -> bool:
        """Say whether the answer is a file: granted once that is ready for her, closed when she has it.

        A contact person takes nothing along: what is held of her rests on no consent or contract of hers (art. 20(1)).
        """
        is_portable = self.kind is RequestKind.PORTABILITY and self.contact_person_id is None
        return (self.kind is RequestKind.ACCESS or is_portable) and self.is_of_known_person and not self.entry_ids

    @hybrid_property
    def is_left_to_do(self) -> bool:
        """Say whether it was granted by itself, and somebody must still do by hand what it asks."""
        return self.closed_at is None and self.decided_at is not None and self.kind is RequestKind.OBJECTION

    @is_left_to_do.inplace.expression
    @classmethod
    def _is_left_to_do(cls) -> ColumnElement[bool]:
        return and_(cls.closed_at.is_(None), cls.decided_at.is_not(None), cls.kind == RequestKind.OBJECTION)

    @hybrid_property
    def is_open(self) -> bool:
        """Say whether it still waits for something."""
        return self.closed_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.closed_at.is_(None)

    @hybrid_property
    def is_undecided(self) -> bool:
        """Say whether it waits for an answer."""
        return self.closed_at is None and self.decided_at is None

    @is_undecided.inplace.expression
    @classmethod
    def _is_undecided(cls) -> ColumnElement[bool]:
        return and_(cls.closed_at.is_(None), cls.decided_at.is_(None))


class RequestAnswer(SchoolOwned):
    """The answer to one part of a request: a category, a purpose, or all of it where `subject` is empty.

    Of what isn't erased though she asked, `kept_for` names the law or case, and `kept_until` the last day if known.
    """

    __tablename__ = "request_answer"
    __seen_when_restricted__ = "it belongs to a request"
    __people__ = reaches(
        learner="request_id", representative="request_id", contact_person="request_id", staff="request_id"
    )
    __table_args__ = (
        UniqueConstraint("school_id", "request_id", "subject", name="uq_request_answer_subject"),
        CheckConstraint("outcome in ('granted', 'nothing_held') or ground is not null", name="refusal_has_ground"),
    )

    request_id: Mapped[UUID] = reference("data_request", info=personal("dealings"))
    subject: Mapped[str] = mapped_column(String(60), default="", info=personal("dealings"))
    outcome: Mapped[Outcome] = one_of(Outcome, info=personal("dealings"))
    ground: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    kept_for: Mapped[str] = mapped_column(String(400), default="", server_default="", info=personal("dealings"))
    kept_until: Mapped[date | None] = mapped_column(info=personal("dealings"))


class RequestAdvice(AboutPerson, SchoolOwned):
    """What the privacy officer advises on a request, in writing; she decides nothing (AVG art. 38(6))."""

    __tablename__ = "request_advice"
    __seen_when_restricted__ = "it belongs to a request"
    __people__ = reaches(
        learner="learner_id",
        representative="representative_id",
        contact_person="contact_person_id",
        staff=("account_id", by_account("written_by")),
    )

    request_id: Mapped[UUID] = reference("data_request", info=personal("dealings"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("dealings"))
    written_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    written_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="written_by"))
    written_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="written_by", identifies=True)
    )
