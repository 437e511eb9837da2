"""What counts each figure."""

from collections.abc import Callable, Mapping

from portal.assurance.counts import files, looks, oversight, records, requests, security, subscribers, terms
from portal.assurance.figures.keys import Count, FigureKey
from portal.policy.schema import Policy

COUNTS: Mapping[FigureKey, Callable[[Policy, str], Count]] = {
    FigureKey.STATEMENT_RECORDED: records.count_recorded_statements,
    FigureKey.KEPT_CATEGORIES: records.count_kept_values,
    FigureKey.SOURCES_KNOWN: records.count_known_sources,
    FigureKey.CONDITIONS_MET: records.count_met_conditions,
    FigureKey.CONSENT_FIRST: records.count_consents_first,
    FigureKey.CORRECTIONS_ANSWERED: records.count_answered_corrections,
    FigureKey.TOLD_IN_TIME: records.count_told_people,
    FigureKey.CONSENTS_ASKED: records.count_asked_consents,
    FigureKey.NEWS_ASKED: subscribers.count_asked_subscribers,
    FigureKey.NEWS_WANTED: subscribers.count_wanted_news,
    FigureKey.CONSENTS_BY_PARENT: records.count_consents_by_parent,
    FigureKey.FILES_BY_POLICY: files.count_files_by_policy,
    FigureKey.FILES_WITH_CONSENT: files.count_files_with_consent,
    FigureKey.FILES_OF_CLIENT: files.count_files_of_client,
    FigureKey.FILES_LOGGED: files.count_logged_files,
    FigureKey.FILES_GONE: files.count_gone_files,
    FigureKey.OBJECTIONS_KEPT: files.count_kept_objections,
    FigureKey.RESTRICTIONS_KEPT: files.count_kept_restrictions,
    FigureKey.RECIPIENTS_AGREED: files.count_agreed_recipients,
    FigureKey.RECIPIENTS_IN_COUNTRY: files.count_recipients_in_country,
    FigureKey.WITHDRAWALS_DONE: requests.count_done_withdrawals,
    FigureKey.ANSWERED_IN_TIME: requests.count_answered_requests,
    FigureKey.IDENTITY_CHECKED: requests.count_checked_identities,
    FigureKey.DOCUMENTS_DESTROYED: requests.count_destroyed_documents,
    FigureKey.COMPLAINTS_IN_TIME: requests.count_answered_complaints,
    FigureKey.VERSIONS_ANNOUNCED: requests.count_announced_versions,
    FigureKey.PAST_TERM: terms.count_past_term,
    FigureKey.CONTACTS_PAST_TERM: terms.count_contacts_past_term,
    FigureKey.RECORDS_GONE: terms.count_gone_records,
    FigureKey.ERASURES_KEPT: security.count_kept_erasures,
    FigureKey.ACCESS_REVIEWED: oversight.count_access_reviews,
    FigureKey.MEASURES_IN_PLACE: oversight.count_attested_measures,
    FigureKey.INCIDENTS_IN_TIME: oversight.count_reported_incidents,
    FigureKey.INCIDENTS_TOLD: oversight.count_people_told_of_incidents,
    FigureKey.BACKUPS_MADE: oversight.count_made_backups,
    FigureKey.RESTORE_TRIED: oversight.count_tried_restores,
    FigureKey.CONFIDENTIALITY_ACCEPTED: looks.count_accepted_duties,
    FigureKey.LOOKS_BY_ROLE: looks.count_looks_by_role,
    FigureKey.ROLES_ENDED: security.count_ended_roles,
    FigureKey.TRAIL_WHOLE: security.count_whole_trail,
    FigureKey.SECOND_FACTOR: security.count_second_factors,
    FigureKey.ACTIVITY_GONE: security.count_gone_activity,
    FigureKey.DECIDED_BY_PERSON: security.count_decisions_by_people,
}
