"""Sending the notice of a new version of the privacy statement, once (LL-01, MN-19)."""

from uuid import UUID

from babel.dates import format_date

from portal.accounts.invitations.links import address_of
from portal.core import mail
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.announcements.queries import announced_policy, count_mails, get_announcement
from portal.policy.announcements.services import ask_to_look_again, ask_to_try_again, note_told
from portal.policy.schema import Policy
from portal.purposes.statement_notices.queries import Addressee, count_readers, list_addressees
from portal.schools.queries import current_school


def send_notices(announcement_id: UUID, *, tries_again: bool = False, by: Actor) -> int:
    """Mail everybody with an address that the statement changes; once the mails have left, show it to who signs in.

    It counts as told when none of them waits and most have left, not when they were asked for. Where most couldn't
    leave, as with a mail server that is away, they are asked for once more each hour (`tries_again`), and nobody counts
    as told until then. Returns how many were asked for now. Safe to run again: what waits, left or was cancelled isn't
    sent once more.
    """
    row = get_announcement(announcement_id, by.scope, lock=True)
    if row.told_at is not None or row.cancelled_at is not None:
        return 0
    asked = 0
    if row.mail_ids is None:
        row.mail_ids = _ask_for_mails(row)
        asked = len(row.mail_ids)
    mails = count_mails(row)
    if mails.have_left:
        note_told(row, mails=mails.sent, readers=count_readers())
    elif mails.waiting:
        ask_to_look_again(row)
    elif tries_again:
        asked = mail.send_again(row.mail_ids)
        ask_to_look_again(row)
    else:
        ask_to_try_again(row)
    return asked


def _ask_for_mails(row: PolicyAnnouncement) -> list[UUID]:
    policy, made = announced_policy(row), []
    for each in list_addressees():
        code = each.language if each.language in LANGUAGES else DEFAULT
        made.append(
            mail.send(
                each.email,
                "purposes/statement_notice",
                language=code,
                account_id=each.account_id,
                learner_id=each.learner_id,
                contact_person_id=each.contact_person_id,
                name=each.name,
                school=current_school().name,
                day=format_date(row.in_force_on, "long", locale=code),
                is_in_force=row.in_force_at is not None,
                asked=_asked(policy, row.asked_anew, each, code),
                link=address_of("/privacyverklaring/bericht"),
                page=address_of(f"/privacy/{row.version}"),
            )
        )
    return made


def _asked(policy: Policy, purposes: list[str], to: Addressee, code: str) -> list[str]:
    """Return the titles of what a learner, or who acts for her, is asked anew; none for anybody else."""
    if to.learner_id is None:
        return []
    return [policy.text(policy.purpose(key).title, code).text for key in purposes]
