"""Asking for a file: the policy decides whether it may be made at all."""

from datetime import date
from uuid import UUID

from portal.core import audit, jobs
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.disclosures.models import Disclosure, DisclosureState, FileFormat
from portal.disclosures.queries import get_offer
from portal.organisations.models import Organisation
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.policy.schema.recipients import Template
from portal.schools.queries import current_school

MAKE = "disclosures.make_file"
MOST_DAYS = 800


def check_period(starts_on: date, ends_on: date) -> None:
    """Raise Invalid for a period that ends before it starts, is longer than a file is for, or lies ahead."""
    if ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if (ends_on - starts_on).days > MOST_DAYS:
        raise Invalid("ends_on", "period_too_long", most=MOST_DAYS)
    if starts_on > today():
        raise Invalid("starts_on", "period_ahead")


def check_client(template: Template, client_id: UUID | None) -> UUID | None:
    """Return the client that the file is for, where its template asks one; raises Invalid without one (MN-08)."""
    if "paid_by_recipient" not in template.only:
        return None
    if client_id is None or session.get(Organisation, (current_school_id(), client_id)) is None:
        raise Invalid("client_id", "client_needed")
    return client_id


def ask_for_file(
    template: str, *, starts_on: date, ends_on: date, form: FileFormat, client_id: UUID | None, by: Actor
) -> Disclosure:
    """Ask the worker for a file from a template of the policy: its recipient and purpose are the policy's (LB-03).

    Raises NotFound for a template that the policy hasn't, Conflict where the recipient has no recorded agreement
    (OP-08, LL-15), and Invalid for the period, the form or the client.
    """
    by.must(Permission.FILE_MAKE)
    offer = get_offer(template)
    if not offer.is_usable:
        raise Conflict("no_agreement", recipient=offer.recipient.key)
    check_period(starts_on, ends_on)
    if form.value not in offer.template.formats:
        raise Invalid("form", "form_not_offered")
    client = check_client(offer.template, client_id)
    policy = current_policy()
    version = current_school().policy_version_id
    if version is None:
        raise Conflict("no_policy")
    disclosure = Disclosure(
        recipient=offer.recipient.key,
        template=offer.template.key,
        purpose=offer.template.purpose,
        categories=list(policy.categories_in(offer.template)),
        fields=list(offer.template.fields),
        client_id=client,
        starts_on=starts_on,
        ends_on=ends_on,
        format=form,
        state=DisclosureState.WAITING,
        left_out={},
        policy_version_id=version,
        made_by=by.account_id,
        made_by_name=by.name,
        made_at=now(),
    )
    session.add(disclosure)
    session.flush()
    ask_to_make(disclosure)
    audit.record(
        "disclosures.file_asked",
        subject=("disclosure", disclosure.id),
        facts={"template": template, "recipient": disclosure.recipient, "purpose": disclosure.purpose},
        by=by,
    )
    return disclosure


def ask_to_make(disclosure: Disclosure) -> None:
    """Ask the worker to make this file."""
    job = jobs.ask(MAKE, {"disclosure_id": str(disclosure.id)}, unique=str(disclosure.id))
    disclosure.job_id = job.id
    session.flush()
