"""The tables of the record; each file holds the tables of one thing."""

from portal.learners.models.correction import Correction, CorrectionState
from portal.learners.models.entries import (
    Appointment,
    Complaint,
    Correspondence,
    CorrespondenceKind,
    IdentityDocument,
    Intake,
    InvoiceLine,
    LessonEvidence,
    OrderLine,
)
from portal.learners.models.learner import (
    FULL_NAME,
    OWN_RECORD,
    FieldOrigin,
    Gender,
    Learner,
    MaritalStatus,
    Originated,
    Source,
)
from portal.learners.models.organisation import ContactPerson, Organisation, OrganisationKind
from portal.learners.models.representative import Representative, RepresentativeKind
from portal.learners.models.trajectory import Act, Enrolment, Funding, Route, TargetGroup, Trajectory

__all__ = [
    "FULL_NAME",
    "OWN_RECORD",
    "Act",
    "Appointment",
    "Complaint",
    "ContactPerson",
    "Correction",
    "CorrectionState",
    "Correspondence",
    "CorrespondenceKind",
    "Enrolment",
    "FieldOrigin",
    "Funding",
    "Gender",
    "IdentityDocument",
    "Intake",
    "InvoiceLine",
    "Learner",
    "LessonEvidence",
    "MaritalStatus",
    "OrderLine",
    "Organisation",
    "OrganisationKind",
    "Originated",
    "Representative",
    "RepresentativeKind",
    "Route",
    "Source",
    "TargetGroup",
    "Trajectory",
]
