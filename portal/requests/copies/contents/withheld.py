"""What a copy leaves out, each with its reason, and which columns hold no free text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind


@dataclass(frozen=True)
class Part:
    """Something that a copy doesn't give: what it is, in plain words, and why."""

    what: LazyString
    why: LazyString


_SECRET = Part(
    _l("Uw wachtwoord en codes om in te loggen"),
    _l("Dit beschermt uw account. Wie het leest, kan proberen in te loggen."),
)
_IN_LOG = Part(_l("Het logboek zelf"), _l("Dit staat bij “Wie keek in uw gegevens”, in woorden."))
_OF_OTHERS = Part(
    _l("Bestanden en lijsten waar ook anderen in staan"),
    _l("Hier staan ook gegevens van anderen. De school bewaart dit een dag. Wat over u gaat, staat hierboven."),
)
_ON_ITS_WAY = Part(
    _l("E-mail die nog weg moet"), _l("Een bericht dat naar u onderweg is. Het gaat weg zodra het is verstuurd.")
)
_OF_A_LEARNER = Part(
    _l("Over welke cursist iets gaat"), _l("Dit wijst naar een cursist. Die cursist heeft een eigen kopie.")
)

_LEARNER = frozenset({PersonKind.LEARNER})
_OTHERS = frozenset(PersonKind) - _LEARNER


@dataclass(frozen=True)
class _Rule:
    """Fields that a copy leaves out, for whom, and why."""

    part: Part
    fields: tuple[str, ...]
    kinds: frozenset[PersonKind] = frozenset(PersonKind)


_RULES = (
    _Rule(_SECRET, ("account.password_hash", "account.totp_secret", "account.totp_last_step")),
    _Rule(_ON_ITS_WAY, ("mail.sealed",)),
    _Rule(_OF_OTHERS, ("record_merge.people", "record_merge.contents")),
    _Rule(_OF_OTHERS, ("record_merge.kept_id", "record_merge.other_id"), _OTHERS),
    _Rule(
        _OF_OTHERS,
        ("import_run.file_id", "import_run.samples", "import_run.decisions", "import_page.content"),
        _LEARNER,
    ),
    _Rule(
        _IN_LOG,
        (
            "audit_event.at", "audit_event.event", "audit_event.learner_ids", "audit_event.subject_kind",
            "audit_event.subject_id", "audit_event.facts", "audit_event.sealed", "audit_learner.learner_id",
            "audit_unsealed.learner_ids",
        ),
        _LEARNER,
    ),
    _Rule(
        _OF_A_LEARNER,
        (
            "mail.learner_id", "notification.learner_id", "privacy_notice.learner_id", "data_request.learner_id",
            "request_advice.learner_id", "data_copy.learner_id", "copy_passage.learner_id", "stored_file.learner_id",
        ),
        _OTHERS,
    ),
    _Rule(_OF_A_LEARNER, ("coaching.learner_id",), frozenset({PersonKind.STAFF})),
    _Rule(_OF_A_LEARNER, ("representative.learner_id",), frozenset({PersonKind.REPRESENTATIVE})),
)  # fmt: skip


@lru_cache(maxsize=len(PersonKind))
def withheld(kind: PersonKind) -> Mapping[str, LazyString]:
    """Return the fields that are theirs by the registry and that people of this kind aren't given, each with why."""
    return dict(_withheld(kind))


def _withheld(kind: PersonKind) -> Iterator[tuple[str, LazyString]]:
    for rule in _RULES:
        if kind in rule.kinds:
            yield from ((key, rule.part.why) for key in rule.fields)


def withheld_parts(kind: PersonKind) -> list[Part]:
    """Return what people of this kind aren't given, each reason once."""
    parts = [rule.part for rule in _RULES if kind in rule.kinds]
    return [each for at, each in enumerate(parts) if not any(each is other for other in parts[:at])]


LOG = frozenset({"audit_event", "audit_learner", "audit_unsealed"})
"""Tables that the copy tells as the log of who looked."""

BESIDES: dict[str, tuple[str, ...]] = {
    "correction": ("field",),
    "field_origin": ("field", "entry_id"),
    "note": ("is_visible",),
    "mark_note": ("is_visible",),
    "group_teacher": ("group_id",),
}
"""Columns that hold nothing of a person and without which a row can't be read."""

STRUCTURED = frozenset(
    {
        "account.name", "account.email", "account.sign_in_number", "account.language", "account.help_phone",
        "account_session.ip_address", "account_session.browser", "sign_in_link.new_email", "saved_view.kept",
        "passkey.label",
        "learner.number", "learner.given_name", "learner.name_prefix", "learner.family_name", "learner.street",
        "learner.house_number", "learner.postcode", "learner.city", "learner.country", "learner.email",
        "learner.phone", "learner.phone_other", "learner.preferred_language", "learner.birth_place",
        "learner.birth_country", "learner.nationality", "learner.document_kind", "learner.document_number",
        "learner.bsn", "learner.residence_status", "learner.kvk_number", "learner.iban", "learner.company_name",
        "consent.purpose", "consent.language", "consent.given_by_name", "consent.text_shown", "representative.name",
        "representative.email", "withdrawal.purpose", "withdrawal_step.kind", "withdrawal_step.subject",
        "attendance_mark.source", "invoice_line.number", "trajectory.contract_number", "data_request.number",
        "data_request.asker_name", "data_request.asker_contact", "data_request.filed_by_name",
        "data_request.language", "data_request.restriction_ground", "data_request.organisation", "objection.purpose",
        "request_answer.subject", "request_answer.ground", "restriction_use.article", "data_copy.language",
        "data_copy.organisation", "copy_passage.field", "appointment.channel", "complaint.channel",
        "complaint.asker_name", "complaint.asker_contact", "complaint.filed_by_name", "complaint.language",
        "correspondence.channel", "enrolment.channel", "field_origin.channel", "identity_document.channel",
        "intake.channel", "invoice_line.channel", "lesson_evidence.channel", "order_line.channel",
        "trajectory.channel", "identity_document.requested_by", "import_row.before",
    }
)  # fmt: skip
"""Texts that hold a number, a code, an address or a name that is known to be hers, or of who acts for her."""
