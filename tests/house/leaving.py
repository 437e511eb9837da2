"""The modules by which something leaves the school: a mail, a file, a list, paper, a figure or a disclosure.

Each asks whether data may be used for that purpose now, or says in a line why no purpose need be asked.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["mail", "file", "list", "paper", "disclosure"]

CALLS: dict[str, Kind] = {
    "flask.send_file": "file",
    "flask.send_from_directory": "file",
    "icalendar.Calendar": "file",
    "portal.core.crypto.files.open_file": "file",
    "portal.core.crypto.files.store": "file",
    "portal.core.http.lists.send_list": "list",
    "portal.core.mail.send": "mail",
    "portal.core.spreadsheets.csv_of": "list",
    "portal.core.spreadsheets.xlsx_of": "list",
    "portal.disclosures.files.records.record_given": "disclosure",
    "portal.disclosures.formats.pdf.compile_pdf": "file",
    "portal.disclosures.models.Disclosure": "disclosure",
    "smtplib.SMTP": "mail",
    "smtplib.SMTP_SSL": "mail",
    "typst.compile": "file",
    "xlsxwriter.Workbook": "file",
    "zipfile.ZipFile": "file",
}
"""What lets something out, by its full name."""

QUESTIONS = {"portal.purposes.queries.closed_because"}
"""The one question."""

ASKED_BY = {
    "portal.purposes.queries.list_closed": "portal.purposes.queries.closed_because",
    "portal.core.purposes.closed_to": "portal.core.purposes.CLOSED_TO.only",
    "portal.core.purposes.closed_to_mail": "portal.core.purposes.closed_to",
    "portal.core.mail._is_kept_back": "portal.core.purposes.closed_to_mail",
    "portal.core.mail.send_mail": "portal.core.mail._is_kept_back",
    "portal.learners.group_changes.queries.plan_mail": "portal.core.purposes.closed_to_mail",
    "portal.learners.lists.services.take_list": "portal.core.purposes.closed_to",
    "portal.disclosures.files.selection._reason": "portal.purposes.queries.closed_because",
    "portal.disclosures.files.selection.candidates": "portal.disclosures.files.selection._reason",
    "portal.disclosures.files.delivery.count_withdrawn": "portal.purposes.queries.closed_because",
    "portal.disclosures.files.delivery.give_file": "portal.disclosures.files.delivery.count_withdrawn",
    "portal.hours.figures.counts.may_count": "portal.purposes.queries.closed_because",
    "portal.hours.figures.counts._marks": "portal.hours.figures.counts.may_count",
    "portal.hours.figures.counts._members": "portal.hours.figures.counts.may_count",
    "portal.hours.figures.counts._events": "portal.hours.figures.counts.may_count",
    "portal.hours.figures.counts.count_without_group": "portal.hours.figures.counts.may_count",
    "portal.hours.figures.places.count_of_waiting": "portal.hours.figures.counts.may_count",
}
"""Functions that ask for their callers, with what each calls to do so; `CLOSED_TO` is connected to `list_closed`."""


@dataclass(frozen=True)
class Asks:
    """A module that asks: it calls this function, and each mail of it names the purpose (`purpose=`)."""

    by: str


@dataclass(frozen=True)
class Through:
    """A module that lets out what another one chose, which asks."""

    module: str


Way = Asks | Through | str
"""How a module asks, or why it needs not."""

_LISTS = Asks("portal.learners.lists.services.take_list")
_MAKING = Through("portal.disclosures.files.production")
_MACHINERY = "machinery: who calls it stands in this list"
_OWN_SIGN_IN = "to the holder of an account, about signing in to it"
_HER_RIGHT = "an answer to her own request (AVG art. 15 and 20)"
_SEEN_ONCE = "shown to who checks an identity within the school, once"
_HANDED_IN = "a workbook of the school itself, back to who handed it in"

_PROOF = "proof of a lesson, each learner's own part, to staff of the school and to her"
_NOBODY_IN_IT = "what the school does with data, by its policy (AVG art. 35); no person stands in it"
_SCHOOLS_OWN = "the school's own data, handed over to it when it leaves (AVG art. 28(3)(g))"

LEAVING: dict[str, Way] = {
    "portal.accounts.invitations.services": _OWN_SIGN_IN,
    "portal.accounts.members.routes": "staff's accounts; no learner stands in it",
    "portal.accounts.members.services": _OWN_SIGN_IN,
    "portal.accounts.own_account.emails": _OWN_SIGN_IN,
    "portal.accounts.passkeys.services": _OWN_SIGN_IN,
    "portal.accounts.passwords.resets": _OWN_SIGN_IN,
    "portal.attendance.evidence.queries": _PROOF,
    "portal.attendance.evidence.routes": _PROOF,
    "portal.attendance.evidence.services": _PROOF,
    "portal.attendance.open_registers.services": Asks("portal.accounts.council.queries.may_monitor_staff"),
    "portal.contacts.mailings.services": Asks("portal.core.mail.send"),
    "portal.contacts.messages.services": "the answer to a question of her own",
    "portal.contacts.people.services": "she is told that her data was erased (AVG art. 12(3))",
    "portal.contacts.subscriptions.services": "the link by which she says yes herself, and that she was erased",
    "portal.core.backups.manifest": "the hosting's own backup, under a key (AVG art. 32)",
    "portal.core.http.assets": "files of the portal's own; no person's data",
    "portal.core.http.lists": _MACHINERY,
    "portal.core.mail": Asks("portal.core.purposes.closed_to_mail"),
    "portal.core.spreadsheets": _MACHINERY,
    "portal.courses.groups.routes": "groups, with how many there are; no learner stands in it",
    "portal.disclosures.files.delivery": Asks("portal.purposes.queries.closed_because"),
    "portal.disclosures.files.production": Asks("portal.disclosures.files.selection.candidates"),
    "portal.disclosures.files.records": "what she has sent to whom she names herself (AVG art. 20(2))",
    "portal.disclosures.files.services": _MAKING,
    "portal.disclosures.formats.pdf": _MAKING,
    "portal.disclosures.formats.workbook": _MAKING,
    "portal.disclosures.recipients.changes": "who had her data must be told of what changed (AVG art. 19)",
    "portal.disclosures.recipients.withdrawals": "who had her data is told that she says no; a file is made anew",
    "portal.disclosures.routes": Asks("portal.disclosures.files.delivery.give_file"),
    "portal.identity.documents.queries": _SEEN_ONCE,
    "portal.identity.documents.services": _SEEN_ONCE,
    "portal.identity.routes": _SEEN_ONCE,
    "portal.imports.routes": _HANDED_IN,
    "portal.imports.runs.inspection": _HANDED_IN,
    "portal.imports.runs.refused_rows": _HANDED_IN,
    "portal.imports.runs.uploads": _HANDED_IN,
    "portal.imports.workbooks.container": _HANDED_IN,
    "portal.imports.workbooks.extent": _HANDED_IN,
    "portal.learners.corrections.on_behalf": "she is told what who acts for her changed of her own data",
    "portal.learners.corrections.services": "an answer to what she proposed herself (AVG art. 16)",
    "portal.learners.group_changes.services": Asks("portal.learners.group_changes.queries.plan_mail"),
    "portal.learners.invitations.routes": "letters with which learners get access of their own",
    "portal.learners.lesson_notices.services": Asks("portal.learners.group_changes.queries.plan_mail"),
    "portal.learners.lists.answers": _LISTS,
    "portal.notifications.daily_mails.services": Asks("portal.core.mail.send"),
    "portal.oversight.impact_assessments.presenters": _NOBODY_IN_IT,
    "portal.oversight.impact_assessments.routes": _NOBODY_IN_IT,
    "portal.oversight.incidents.one_routes": "letters by which people touched must be told (AVG art. 34)",
    "portal.oversight.incidents.routes": "numbers of people, without names, for the authority (AVG art. 33(3))",
    "portal.oversight.incidents.services": "to staff, that the hosting had an incident (AVG art. 33(2))",
    "portal.oversight.incidents.notices": "people whom an incident touches must be told (AVG art. 34)",
    "portal.overview.calendar.presenters": "lessons to who gives or follows them; no learner is named",
    "portal.overview.calendar.routes": "lessons to who gives or follows them; no learner is named",
    "portal.overview.evaluations.presenters": "an evaluation, to the two who agreed on it",
    "portal.overview.evaluations.routes": "an evaluation, to the two who agreed on it",
    "portal.overview.school.routes": Through("portal.hours.figures.counts"),
    "portal.progress.evaluations.own_routes": "an evaluation, to the two who agreed on it",
    "portal.progress.evaluations.routes": "an evaluation, to the two who agreed on it",
    "portal.purposes.coming_of_age.services": "both must know who decides once she is 16 (AVG art. 8; UAVG 5)",
    "portal.purposes.coming_of_age.routes": "letters to who turns 16 and has no address (AVG art. 8; UAVG 5)",
    "portal.purposes.privacy_notices.routes": "letters by which people must be told of their data (AVG art. 14)",
    "portal.purposes.privacy_notices.services": "people must be told that the school has their data (AVG art. 14)",
    "portal.purposes.restrictions.services": "she must be told before a restriction is lifted (AVG art. 18(3))",
    "portal.purposes.statement_notices.services": "everybody must be told what changes (AVG art. 13 and 14)",
    "portal.retention.certificates.presenters": "what shows that her data went; it names nobody (AVG art. 5(2))",
    "portal.retention.certificates.routes": "what shows that her data went; it names nobody (AVG art. 5(2))",
    "portal.schools.departures.folders": _SCHOOLS_OWN,
    "portal.schools.departures.older_backups": _SCHOOLS_OWN,
    "portal.schools.departures.services": _SCHOOLS_OWN,
    "portal.requests.copies.formats.archive": _HER_RIGHT,
    "portal.requests.copies.formats.paper": _HER_RIGHT,
    "portal.requests.copies.production": _HER_RIGHT,
    "portal.requests.copies.routes": _HER_RIGHT,
    "portal.requests.copies.services": _HER_RIGHT,
    "portal.requests.data_requests.notices": "a step of her own request (AVG art. 12)",
    "portal.requests.complaints.routes": "the answer to her own complaint, as a letter",
    "portal.requests.complaints.reminders": "to staff, that complaints wait; nobody is named, nor what they are about",
    "portal.requests.data_requests.letter_routes": "the answer to her own request, as a letter (AVG art. 12)",
    "portal.requests.data_requests.reminders": "to staff, how many requests are due; no learner is named",
    "portal.requests.documents.routes": _SEEN_ONCE,
    "portal.requests.restrictions.routes": "she must be told before a restriction is lifted (AVG art. 18(3))",
    "portal.retention.runs.services": "to staff, how many people wait to be erased; nobody is named",
    "portal.schools.routes": "colours and the logo of the school; no person's data",
}

FIGURES: dict[str, Way] = {
    "portal.hours.figures.counts": Asks("portal.purposes.queries.closed_because"),
    "portal.hours.figures.places": Asks("portal.hours.figures.counts.may_count"),
}
"""Where figures of several learners are counted."""
