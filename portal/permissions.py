"""Every permission with its meaning, every role with what it may, and which categories it sees and changes: one screen.

*Wie mag wat* is made from these tables. A school's policy narrows them further; `REACH` says which rows it opens.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from portal.core.http.scope import Reach
from portal.core.personal_data import CATEGORIES


class Role(StrEnum):
    """What somebody is at a school."""

    LEARNER = "learner"
    REPRESENTATIVE = "representative"
    TEACHER = "teacher"
    COACH = "coach"
    ADMINISTRATION = "administration"
    PRIVACY_OFFICER = "privacy_officer"  # advises and sees all; decides nothing
    PRIVACY_STAFF = "privacy_staff"  # handles and decides requests; management does where there is none
    MANAGEMENT = "management"
    CLIENT_CONTACT = "client_contact"  # works at a client: progress and presence of its own learners
    AUDITOR = "auditor"  # for a day: the lessons that were drawn for her, and nothing else


RESERVED = frozenset({Role.CLIENT_CONTACT, Role.AUDITOR})
"""Roles that open nothing yet but the own account, so that nobody is given one."""

OUTSIDE = frozenset({Role.LEARNER, Role.REPRESENTATIVE, Role.CLIENT_CONTACT, Role.AUDITOR})
"""Roles of people who don't work at the school."""


class Permission(StrEnum):
    """What may be done; named thing first, then the act."""

    ACCOUNT_OWN = "account.own"  # see and end own sessions, change own password and second factor
    NOTIFICATION_OWN = "notification.own"  # see what happened for oneself
    RECORD_OWN = "record.own"  # see the own record, correct it, steer consent
    TODAY_VIEW = "today.view"  # open Vandaag, the start page of staff
    WEEK_OWN = "week.own"  # see the lessons of a week that one gives, or that another gives for one
    REGISTER_KEEP = "register.keep"  # fill in and correct registers of lessons within reach
    REGISTER_REMIND = "register.remind"  # remind teachers of registers that are open
    TIMETABLE_VIEW = "timetable.view"  # see courses, groups and lessons within reach
    TIMETABLE_KEEP = "timetable.keep"  # make and change courses, groups, lessons, holidays
    LEARNER_VIEW = "learner.view"  # find learners within reach and open their records
    LEARNER_KEEP = "learner.keep"  # add learners, change their records, enrolments and trajectories
    CONTACT_VIEW = "contact.view"  # see people who are no learners: at organisations, who ask, who sign up
    CONTACT_KEEP = "contact.keep"  # keep organisations and contacts, and handle what they ask
    CONTACT_ERASE = "contact.erase"  # erase a contact who asks it, or who is needed no longer
    NEWS_SEND = "news.send"  # write the newsletter and news of services, and send them
    LEARNER_MERGE = "learner.merge"  # make one record of two
    CASELOAD_OWN = "caseload.own"  # have learners of one's own to coach, and a list of them
    CASELOAD_KEEP = "caseload.keep"  # say who has which coach, and who stands in for her
    BSN_REVEAL = "bsn.reveal"  # show a BSN in full, a logged act
    CORRECTION_VIEW = "correction.view"  # see what learners propose, in categories that one sees
    CORRECTION_DECIDE = "correction.decide"  # accept or refuse it, in categories that one changes
    PROGRESS_VIEW = "progress.view"  # see levels, results and notes within reach
    PROGRESS_KEEP = "progress.keep"  # enter levels, results and notes within reach
    NOTE_COACHING = "note.coaching"  # read notes that are meant for who coaches
    STATEMENT_KEEP = "statement.keep"  # change the sentences that say what somebody at a level can do
    FIGURES_VIEW = "figures.view"  # see attendance and hours of groups and the school
    SCHOOL_FIGURES = "school.figures"  # see the school's figures by group, course, client and route: no persons
    SIGNAL_VIEW = "signal.view"  # see what asks attention within reach, and what was answered
    SIGNAL_ANSWER = "signal.answer"  # say what one did with it
    IMPORT_RUN = "import.run"  # bring in a workbook, and undo it
    RESULT_IMPORT = "result.import"  # bring in a list of results of learners within reach, and undo it
    FILE_MAKE = "file.make"  # make and download a file for a recipient
    CONSENT_VIEW = "consent.view"  # see consents and how withdrawals go
    NOTICE_SEND = "notice.send"  # tell people whose data came from others that the school has it
    MEMBER_KEEP = "member.keep"  # invite people, give and end roles
    LEARNER_INVITE = "learner.invite"  # invite learners and their representatives to sign in
    COMPLAINT_KEEP = "complaint.keep"  # write down what learners complain of, and what the school did
    REQUEST_OWN = "request.own"  # ask to see, correct, erase, restrict, take along; object, complain
    REQUEST_ENTER = "request.enter"  # write down what somebody asked by phone, letter, mail or at the counter
    REQUEST_VIEW = "request.view"  # see every request, its dates and its answer
    REQUEST_ADVISE = "request.advise"  # advise on a request in writing
    REQUEST_KEEP = "request.keep"  # check who asks, decide on requests and answer them
    RETENTION_VIEW = "retention.view"  # see how many people's terms end, and what the nightly run did
    RETENTION_KEEP = "retention.keep"  # see who is due, let more people go than the cap, set and end holds
    SCHOOL_SET = "school.set"  # change the school's name, look, hosts and sign-in rules
    POLICY_VIEW = "policy.view"  # see the policy as the portal enforces it
    POLICY_ANNOUNCE = "policy.announce"  # announce a version of the policy, follow it, and take it back before its day
    ASSESSMENT_KEEP = "assessment.keep"  # record on which day the school decided on its impact assessment
    ASSURANCE_VIEW = "assurance.view"  # see each promise of the school with its live figure
    AUDIT_VIEW = "audit.view"  # see who looked at and changed what
    ACCESS_VIEW = "access.view"  # open Wie mag wat
    ACCESS_REVIEW_VIEW = "access_review.view"  # see who can reach what by person, as it was signed each quarter
    ACCESS_REVIEW_SIGN = "access_review.sign"  # go through it, end what isn't needed, and sign
    INCIDENT_VIEW = "incident.view"  # see incidents with data: what happened, whom it touched, what was decided
    INCIDENT_ADVISE = "incident.advise"  # advise on an incident in writing
    INCIDENT_KEEP = "incident.keep"  # write incidents down, and decide who is told of them


_EVERYONE = {Permission.ACCOUNT_OWN}
_STAFF = _EVERYONE | {
    Permission.NOTIFICATION_OWN,
    Permission.REQUEST_OWN,
    Permission.TODAY_VIEW,
    Permission.ACCESS_VIEW,
    Permission.POLICY_VIEW,
}
_OWN = _EVERYONE | {Permission.NOTIFICATION_OWN, Permission.RECORD_OWN, Permission.REQUEST_OWN}

MAY: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset(_OWN),
    Role.REPRESENTATIVE: frozenset(_OWN),
    Role.TEACHER: frozenset(
        _STAFF
        | {
            Permission.WEEK_OWN,
            Permission.REGISTER_KEEP,
            Permission.TIMETABLE_VIEW,
            Permission.LEARNER_VIEW,
            Permission.CORRECTION_VIEW,
            Permission.CORRECTION_DECIDE,
            Permission.PROGRESS_VIEW,
            Permission.PROGRESS_KEEP,
            Permission.RESULT_IMPORT,
            Permission.FIGURES_VIEW,
        }
    ),
    Role.COACH: frozenset(
        _STAFF
        | {
            Permission.CONTACT_VIEW,
            Permission.CONTACT_KEEP,
            Permission.TIMETABLE_VIEW,
            Permission.LEARNER_VIEW,
            Permission.LEARNER_KEEP,
            Permission.CASELOAD_OWN,
            Permission.CASELOAD_KEEP,
            Permission.CORRECTION_VIEW,
            Permission.CORRECTION_DECIDE,
            Permission.PROGRESS_VIEW,
            Permission.NOTE_COACHING,
            Permission.PROGRESS_KEEP,
            Permission.RESULT_IMPORT,
            Permission.STATEMENT_KEEP,
            Permission.FIGURES_VIEW,
            Permission.SIGNAL_VIEW,
            Permission.SIGNAL_ANSWER,
        }
    ),
    Role.ADMINISTRATION: frozenset(
        _STAFF
        | {
            Permission.CONTACT_VIEW,
            Permission.CONTACT_KEEP,
            Permission.NEWS_SEND,
            Permission.CONTACT_ERASE,
            Permission.REGISTER_KEEP,
            Permission.REGISTER_REMIND,
            Permission.TIMETABLE_VIEW,
            Permission.TIMETABLE_KEEP,
            Permission.LEARNER_VIEW,
            Permission.LEARNER_KEEP,
            Permission.CASELOAD_KEEP,
            Permission.LEARNER_MERGE,
            Permission.LEARNER_INVITE,
            Permission.BSN_REVEAL,
            Permission.CORRECTION_VIEW,
            Permission.CORRECTION_DECIDE,
            Permission.PROGRESS_VIEW,
            Permission.NOTE_COACHING,
            Permission.STATEMENT_KEEP,
            Permission.FIGURES_VIEW,
            Permission.SCHOOL_FIGURES,
            Permission.SIGNAL_VIEW,
            Permission.SIGNAL_ANSWER,
            Permission.IMPORT_RUN,
            Permission.RESULT_IMPORT,
            Permission.FILE_MAKE,
            Permission.CONSENT_VIEW,
            Permission.NOTICE_SEND,
            Permission.REQUEST_ENTER,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset(
        _STAFF
        | {
            Permission.CONTACT_VIEW,
            Permission.LEARNER_VIEW,
            Permission.CORRECTION_VIEW,
            Permission.PROGRESS_VIEW,
            Permission.NOTE_COACHING,
            Permission.FIGURES_VIEW,
            Permission.SCHOOL_FIGURES,
            Permission.SIGNAL_VIEW,
            Permission.CONSENT_VIEW,
            Permission.COMPLAINT_KEEP,
            Permission.REQUEST_VIEW,
            Permission.REQUEST_ADVISE,
            Permission.RETENTION_VIEW,
            Permission.ASSURANCE_VIEW,
            Permission.AUDIT_VIEW,
            Permission.ACCESS_REVIEW_VIEW,
            Permission.INCIDENT_VIEW,
            Permission.INCIDENT_ADVISE,
        }
    ),
    Role.PRIVACY_STAFF: frozenset(
        _STAFF
        | {
            Permission.CONTACT_VIEW,
            Permission.CONTACT_ERASE,
            Permission.LEARNER_VIEW,
            Permission.PROGRESS_VIEW,
            Permission.NOTE_COACHING,
            Permission.FIGURES_VIEW,
            Permission.CONSENT_VIEW,
            Permission.NOTICE_SEND,
            Permission.REQUEST_ENTER,
            Permission.REQUEST_VIEW,
            Permission.REQUEST_KEEP,
            Permission.RETENTION_VIEW,
            Permission.RETENTION_KEEP,
            Permission.ASSESSMENT_KEEP,
            Permission.POLICY_ANNOUNCE,
            Permission.ASSURANCE_VIEW,
            Permission.AUDIT_VIEW,
            Permission.ACCESS_REVIEW_VIEW,
            Permission.INCIDENT_VIEW,
            Permission.INCIDENT_KEEP,
        }
    ),
    Role.CLIENT_CONTACT: frozenset(_EVERYONE),
    Role.AUDITOR: frozenset(_EVERYONE),
    Role.MANAGEMENT: frozenset(
        _STAFF
        | {
            Permission.TIMETABLE_VIEW,
            Permission.TIMETABLE_KEEP,
            Permission.FIGURES_VIEW,
            Permission.SCHOOL_FIGURES,
            Permission.MEMBER_KEEP,
            Permission.LEARNER_INVITE,
            Permission.CORRECTION_VIEW,
            Permission.CORRECTION_DECIDE,
            Permission.COMPLAINT_KEEP,
            Permission.REQUEST_ENTER,
            Permission.REQUEST_VIEW,
            Permission.REQUEST_KEEP,
            Permission.RETENTION_VIEW,
            Permission.RETENTION_KEEP,
            Permission.SCHOOL_SET,
            Permission.ASSESSMENT_KEEP,
            Permission.POLICY_ANNOUNCE,
            Permission.ASSURANCE_VIEW,
            Permission.AUDIT_VIEW,
            Permission.ACCESS_REVIEW_VIEW,
            Permission.ACCESS_REVIEW_SIGN,
            Permission.INCIDENT_VIEW,
            Permission.INCIDENT_KEEP,
        }
    ),
}

_ALL = frozenset(CATEGORIES)
_TEACHES = frozenset({"name", "contact", "attendance", "level", "exam", "progress", "evidence"})
_COACHES = _ALL - {"bsn", "finance", "complaint", "activity", "account", "dealings"}
_OFFICE = _ALL - {"complaint", "activity", "account", "dealings", "special"}

SEES: dict[Role, frozenset[str]] = {
    Role.LEARNER: _ALL,
    Role.REPRESENTATIVE: _ALL,
    Role.TEACHER: _TEACHES,
    Role.COACH: _COACHES,
    Role.ADMINISTRATION: _OFFICE,
    Role.PRIVACY_OFFICER: _ALL,
    Role.PRIVACY_STAFF: _ALL,
    Role.MANAGEMENT: frozenset({"name", "complaint", "dealings"}),
    Role.CLIENT_CONTACT: frozenset({"name", "attendance", "level", "exam", "progress"}),
    Role.AUDITOR: frozenset({"name", "attendance", "evidence"}),
}
CHANGES: dict[Role, frozenset[str]] = {
    Role.LEARNER: frozenset(),
    Role.REPRESENTATIVE: frozenset(),
    Role.TEACHER: frozenset({"attendance", "evidence", "level", "exam", "progress"}),
    Role.COACH: _COACHES - {"attendance", "consent", "newsletter"},
    Role.ADMINISTRATION: _OFFICE - {"consent", "newsletter", "progress"},
    Role.PRIVACY_OFFICER: frozenset({"complaint"}),  # decides on nothing that she must judge (GDPR art. 38(6))
    Role.PRIVACY_STAFF: frozenset({"dealings"}),
    Role.MANAGEMENT: frozenset({"complaint", "dealings"}),
    Role.CLIENT_CONTACT: frozenset(),
    Role.AUDITOR: frozenset(),
}

# what can show a learner's data: staff accept the confidentiality duty before any of it opens (LB-07)
REACHES_LEARNERS: frozenset[Permission] = frozenset(Permission) - {
    Permission.ACCOUNT_OWN,
    Permission.RECORD_OWN,
    Permission.REQUEST_OWN,
    Permission.MEMBER_KEEP,
    Permission.SCHOOL_SET,
    Permission.POLICY_VIEW,
    Permission.POLICY_ANNOUNCE,
    Permission.ASSESSMENT_KEEP,
    Permission.ACCESS_VIEW,
    Permission.ACCESS_REVIEW_VIEW,
    Permission.ACCESS_REVIEW_SIGN,
    Permission.TIMETABLE_KEEP,
}

REACH: dict[Role, Reach] = {
    Role.LEARNER: Reach.ONE_LEARNER,
    Role.REPRESENTATIVE: Reach.ONE_LEARNER,
    Role.TEACHER: Reach.OWN_GROUPS,
    Role.COACH: Reach.SCHOOL,
    Role.ADMINISTRATION: Reach.SCHOOL,
    Role.PRIVACY_OFFICER: Reach.SCHOOL,
    Role.PRIVACY_STAFF: Reach.SCHOOL,
    Role.MANAGEMENT: Reach.SCHOOL,
    Role.CLIENT_CONTACT: Reach.OWN_CLIENT,
    Role.AUDITOR: Reach.SAMPLED_LESSONS,
}
"""Which rows each role reaches; of several roles at work the widest counts."""


@lru_cache(maxsize=512)
def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Return what these roles together may do, as values."""
    return frozenset(permission.value for role in roles for permission in MAY[Role(role)])


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that have a permission."""
    return [role for role in Role if permission in MAY[role]]


def _at_work(roles: Iterable[str]) -> set[Role]:
    """Return the roles in which somebody meets others' data: being a learner or a parent too widens none of it."""
    held = {Role(role) for role in roles}
    return held - {Role.LEARNER, Role.REPRESENTATIVE} or held


@lru_cache(maxsize=512)
def categories_seen(roles: frozenset[str]) -> frozenset[str]:
    """Return the categories that these roles together may see."""
    return frozenset().union(*(SEES[role] for role in _at_work(roles)))


@lru_cache(maxsize=512)
def categories_changed(roles: frozenset[str]) -> frozenset[str]:
    """Return the categories that these roles together may change."""
    return frozenset().union(*(CHANGES[Role(role)] for role in roles))


def who_decides_on(category: str) -> list[Role]:
    """Return the roles that accept or refuse what a learner proposes in a category: those that change it."""
    return [role for role in Role if Permission.CORRECTION_DECIDE in MAY[role] and category in CHANGES[role]]


@lru_cache(maxsize=512)
def reach_of(roles: frozenset[str]) -> Reach:
    """Return how far these roles together reach: the widest, in which somebody meets others' data (LB-06)."""
    reached = {REACH[role] for role in _at_work(roles)}
    return next((reach for reach in Reach if reach in reached), Reach.NOBODY)


def has_work(roles: frozenset[str]) -> bool:
    """Say whether one of these roles is about other people than oneself or whom one represents."""
    return any(role not in {Role.LEARNER, Role.REPRESENTATIVE} for role in roles)
