"""Each item of the statements' lists of data has the column that holds it, in the school that names it and no other.

The lists are written out here by hand, in the order of the statements, so that a policy can't drop an item unseen.
"""

import pytest

from portal.policy.queries import known_fields
from tests.factories.policy import shipped

NAME = ("learner.given_name", "learner.name_prefix", "learner.family_name")
ADDRESS = ("learner.street", "learner.house_number", "learner.postcode", "learner.city")
EMAIL = ("learner.email",)
PHONE = ("learner.phone",)

ITEMS: dict[str, dict[str, tuple[str, ...]]] = {
    "lest-best": {
        "name": NAME,
        "address": ADDRESS,
        "nationality": ("learner.nationality",),
        "country of birth": ("learner.birth_country",),
        "identification": ("learner.document_kind", "learner.document_number", "learner.document_valid_until"),
        "education": ("learner.education_level", "learner.diplomas"),
        "work": ("learner.work_experience", "learner.employer"),
        "language proficiency": ("learner.languages", "level.skill", "level.level", "level.found_on"),
        "circumstances relevant to progress": ("learner.circumstances",),
        "care duties": ("learner.care_duties",),
        "course results": ("exam_result.part", "exam_result.is_passed", "evaluation.body", "note.body"),
        "presence and absence": ("attendance_mark.status", "attendance_mark.minutes"),
        "civic integration": ("trajectory.act", "trajectory.route", "trajectory.starts_on"),
        "BSN": ("learner.bsn",),
        "screenshots of online lessons": ("lesson_evidence.file_id",),
    },
    "meester-in-nt2": {
        "name": NAME,
        "address": ADDRESS,
        "phone": PHONE,
        "e-mail": EMAIL,
        "date of birth": ("learner.birth_date",),
        "country of birth": ("learner.birth_country",),
        "language level": ("level.level", "level.skill"),
        "education level": ("learner.education_level",),
        "work experience": ("learner.work_experience",),
        "trajectory data": ("trajectory.act", "trajectory.route", "trajectory.starts_on", "trajectory.ends_on"),
        "exam data": ("exam_result.part", "exam_result.taken_on", "exam_result.is_passed"),
        "client manager": ("trajectory.client_manager_id",),
        "BSN": ("learner.bsn",),
        "identity document": ("identity_document.file_id", "identity_document.requested_by"),
        "presence in lessons": ("attendance_mark.status", "attendance_mark.minutes"),
        "development in class and participation": ("evaluation.body", "note.body"),
        "invoice data": ("invoice_line.number", "invoice_line.amount_cents"),
    },
    "step-inburgering": {
        "names": NAME,
        "gender": ("learner.gender",),
        "BSN": ("learner.bsn",),
        "date, place and country of birth": ("learner.birth_date", "learner.birth_place", "learner.birth_country"),
        "address": ADDRESS,
        "phone numbers": (*PHONE, "learner.phone_other"),
        "e-mail addresses": EMAIL,
        "residence status": ("learner.residence_status",),
        "date of arrival": ("learner.arrived_on",),
        "competences": ("learner.competences",),
        "diplomas": ("learner.diplomas",),
        "intake result": ("intake.result", "intake.held_on"),
        "conditions to arrange": ("learner.conditions",),
        "trajectory agreements": ("trajectory.agreement", "trajectory.agreement_on"),
        "presence": ("attendance_mark.status",),
        "progress notes": ("note.body",),
        "progress and final evaluations": ("evaluation.kind", "evaluation.body"),
        "appointments": ("appointment.starts_at", "appointment.subject"),
        "test and exam results": ("exam_result.part", "exam_result.score"),
        "complaint handling": ("complaint.body", "complaint.handling"),
        "invoices": ("invoice_line.number", "invoice_line.amount_cents"),
    },
    "onderwijs-pro": {
        "names": NAME,
        "gender": ("learner.gender",),
        "date of birth": ("learner.birth_date",),
        "place of birth": ("learner.birth_place",),
        "address": ADDRESS,
        "phone": PHONE,
        "e-mail": EMAIL,
        "IP address": ("account_session.ip_address",),
        "activity": ("account_session.created_at", "account_session.browser"),
        "IBAN": ("learner.iban",),
        "education level": ("learner.education_level",),
        "questions and reports, free text": ("correspondence.kind", "correspondence.body"),
        "marital status": ("learner.marital_status",),
        "BSN": ("learner.bsn",),
        "nationality": ("learner.nationality",),
        "employer": ("learner.employer",),
    },
    "leren-leren": {
        "names": NAME,
        "company": ("learner.company_name",),
        "KvK number": ("learner.kvk_number",),
        "address": ADDRESS,
        "phone": PHONE,
        "e-mail": EMAIL,
        "financial data": ("learner.iban", "invoice_line.amount_cents"),
        "order data": ("order_line.description",),
        "what people write or say": ("correspondence.body",),
        "sensitive data of a child": ("learner.special_notes",),
        "IP address": ("account_session.ip_address",),
    },
}

ABSENT: dict[str, tuple[str, ...]] = {
    "lest-best": ("learner.gender", "learner.birth_place", "learner.residence_status", "learner.iban", "intake.result"),
    "meester-in-nt2": ("learner.gender", "learner.nationality", "learner.employer", "learner.care_duties"),
    "step-inburgering": ("learner.nationality", "learner.work_experience", "learner.iban", "learner.education_level"),
    "onderwijs-pro": ("attendance_mark.status", "level.level", "trajectory.act", "learner.birth_country"),
    "leren-leren": ("attendance_mark.status", "level.level", "learner.bsn", "learner.nationality", "learner.gender"),
}

PAIRS = [(slug, item) for slug, items in ITEMS.items() for item in items]


@pytest.mark.parametrize(("slug", "item"), PAIRS, ids=[f"{slug}: {item}" for slug, item in PAIRS])
def test_each_item_of_a_statement_has_its_column(slug: str, item: str) -> None:
    policy = shipped(slug)

    for field in ITEMS[slug][item]:
        assert field in known_fields()
        assert policy.allows(field), f"{field} is not kept"
        assert policy.source_of(field) == "statement"


@pytest.mark.parametrize("slug", ABSENT)
def test_what_a_statement_does_not_name_is_not_kept(slug: str) -> None:
    policy = shipped(slug)

    for field in ABSENT[slug]:
        assert field in known_fields()
        assert not policy.allows(field)
        assert policy.category_of(field) is None


@pytest.mark.parametrize("slug", ITEMS)
def test_what_a_policy_keeps_beyond_the_list_is_marked_as_added_by_the_school(slug: str) -> None:
    policy = shipped(slug)
    named = {field for fields in ITEMS[slug].values() for field in fields}
    tables = {field.partition(".")[0] for field in named} - {"learner"}

    beyond = {
        field if field.startswith("learner.") else field.partition(".")[0]
        for field in policy.fields - named
        if policy.source_of(field) == "statement" and field.partition(".")[0] not in tables
    }

    assert beyond <= OF_THE_SAME_ITEM | SAID_ELSEWHERE.get(slug, set())


# What belongs to an item of every list that has it.
OF_THE_SAME_ITEM = {
    "learner.number",  # the name: tells two people of the same name apart
    "learner.country",  # the address
    "learner.phone_other",  # the phone
    "enrolment",  # the trajectory
    "coaching",  # the trajectory: who guides it
    "waiting_entry",  # the trajectory: what she waits for before it
    "absence_notice",  # the attendance: what she said of it beforehand
    "mark_note",  # the notes: those at a lesson
    "mark_change",  # the attendance: what stood there before a correction
    "signal",  # the attendance: what it asks a person to look at
    "can_do",  # the level, in sentences
    "joint_evaluation",  # the evaluations: those that both fill in
    "goal",  # the level that she aims at
    "passkey",  # the account: what signs in to it instead of a password
}
# What a statement names outside its list of data.
SAID_ELSEWHERE = {
    "lest-best": {"learner.competences"},
}
