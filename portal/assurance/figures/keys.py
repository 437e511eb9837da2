"""The name of a figure: what is counted, and of which term, right or condition of the policy."""

from enum import StrEnum
from typing import NamedTuple


class FigureKey(StrEnum):
    """What is counted."""

    STATEMENT_RECORDED = "statement_recorded"
    KEPT_CATEGORIES = "kept_categories"
    SOURCES_KNOWN = "sources_known"
    CONDITIONS_MET = "conditions_met"
    CONSENT_FIRST = "consent_first"
    CORRECTIONS_ANSWERED = "corrections_answered"
    TOLD_IN_TIME = "told_in_time"
    FILES_BY_POLICY = "files_by_policy"
    FILES_WITH_CONSENT = "files_with_consent"
    FILES_OF_CLIENT = "files_of_client"
    FILES_LOGGED = "files_logged"
    FILES_GONE = "files_gone"
    OBJECTIONS_KEPT = "objections_kept"
    RESTRICTIONS_KEPT = "restrictions_kept"
    RECIPIENTS_AGREED = "recipients_agreed"
    RECIPIENTS_IN_COUNTRY = "recipients_in_country"
    CONSENTS_ASKED = "consents_asked"
    NEWS_ASKED = "news_asked"
    NEWS_WANTED = "news_wanted"
    CONSENTS_BY_PARENT = "consents_by_parent"
    WITHDRAWALS_DONE = "withdrawals_done"
    ANSWERED_IN_TIME = "answered_in_time"
    IDENTITY_CHECKED = "identity_checked"
    DOCUMENTS_DESTROYED = "documents_destroyed"
    COMPLAINTS_IN_TIME = "complaints_in_time"
    VERSIONS_ANNOUNCED = "versions_announced"
    PAST_TERM = "past_term"
    CONTACTS_PAST_TERM = "contacts_past_term"
    RECORDS_GONE = "records_gone"
    ERASURES_KEPT = "erasures_kept"
    CONFIDENTIALITY_ACCEPTED = "confidentiality_accepted"
    LOOKS_BY_ROLE = "looks_by_role"
    ROLES_ENDED = "roles_ended"
    TRAIL_WHOLE = "trail_whole"
    SECOND_FACTOR = "second_factor"
    ACTIVITY_GONE = "activity_gone"
    DECIDED_BY_PERSON = "decided_by_person"
    ACCESS_REVIEWED = "access_reviewed"
    MEASURES_IN_PLACE = "measures_in_place"
    INCIDENTS_IN_TIME = "incidents_in_time"
    INCIDENTS_TOLD = "incidents_told"
    BACKUPS_MADE = "backups_made"
    RESTORE_TRIED = "restore_tried"
    COOKIES_NEEDED = "cookies_needed"


TESTED = frozenset({FigureKey.COOKIES_NEEDED})
"""What no row of a school says: the project's own tests count it, for each version of the portal."""

ATTESTED = frozenset({FigureKey.ACCESS_REVIEWED, FigureKey.MEASURES_IN_PLACE})
"""What no row of a school can say by itself: management signs for it, in a review of access."""


class Figure(NamedTuple):
    """What is counted, and of what: the key of a term, a right or a condition; empty where it is of the school."""

    key: FigureKey
    subject: str = ""


class Count(NamedTuple):
    """How many of how many are as the school promised. None of none says that there is nothing to count."""

    good: int
    total: int

    @property
    def is_kept(self) -> bool:
        """Say whether all are."""
        return self.good == self.total
