"""Sending the notice of a new version of the privacy statement, once (LL-01, MN-19)."""

from uuid import UUID

from babel.dates import format_date

from portal.accounts.invitations.links import address_of
from portal.core import mail
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.policy.announcements.queries import announced_policy, get_announcement
from portal.policy.announcements.services import note_told
from portal.policy.schema import Policy
from portal.purposes.statement_notices.queries import Addressee, count_readers, list_addressees
from portal.schools.queries import current_school


def send_notices(announcement_id: UUID, *, by: Actor) -> int:
    """Mail everybody with an address that the statement changes, and from then on show it to who signs in.

    Returns how many mails were asked for. Safe to run again: what went out, or was cancelled, isn't sent once more.
    """
    row = get_announcement(announcement_id, by.scope, lock=True)
    if row.told_at is not None or row.cancelled_at is not None:
        return 0
    policy = announced_policy(row)
    addressees = list_addressees()
    for each in addressees:
        code = each.language if each.language in LANGUAGES else DEFAULT
        mail.send(
            each.email,
            "purposes/statement_notice",
            language=code,
            account_id=each.account_id,
            learner_id=each.learner_id,
            name=each.name,
            school=current_school().name,
            day=format_date(row.in_force_on, "long", locale=code),
            is_in_force=row.in_force_at is not None,
            asked=_asked(policy, row.asked_anew, each, code),
            link=address_of("/privacyverklaring/bericht"),
            page=address_of(f"/privacy/{row.version}"),
        )
    note_told(row, mails=len(addressees), readers=count_readers())
    return len(addressees)


def _asked(policy: Policy, purposes: list[str], to: Addressee, code: str) -> list[str]:
    """Return the titles of what a learner, or who acts for her, is asked anew; none for who works at the school."""
    if to.learner_id is None:
        return []
    return [policy.text(policy.purpose(key).title, code).text for key in purposes]
