"""The people who are no learners: listed, added, changed, erased; what they wrote, and the questions that wait."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.contacts.blueprint import blueprint
from portal.contacts.labels import KINDS
from portal.contacts.mailings.labels import PURPOSES
from portal.contacts.messages.forms import CloseForm, MessageForm
from portal.contacts.messages.labels import WAYS
from portal.contacts.messages.models import MessageWay
from portal.contacts.messages.queries import (
    count_open_questions,
    get_message,
    list_messages,
    list_questions,
    read_messages,
)
from portal.contacts.messages.services import add_message, close_question
from portal.contacts.models import CorrespondenceKind
from portal.contacts.people.forms import ContactPersonForm, EraseForm
from portal.contacts.people.services import erase_contact
from portal.contacts.subscriptions.models import SERVICE_NEWS
from portal.contacts.subscriptions.queries import is_offered, list_subscriptions
from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import LANGUAGES, _, language
from portal.core.http.pages import id_asked, page, page_number, see_other
from portal.core.values import show_phone
from portal.organisations.labels import ORIGINS, RELATIONS
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.queries import get_contact_person, list_with_address, page_of_contact_people
from portal.organisations.services import save_contact_person
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy


def _saw(row: ContactPerson) -> None:
    audit.saw_person(("contact_person", row.id), "contacts.person")


@blueprint.get("/contacten")
@requires(Permission.CONTACT_VIEW)
def people() -> Response:
    """List the people who are no learners, all or those who answer to a search."""
    by, text = require_actor(), request.args.get("zoek", "").strip()
    relation = next((each for each in Relation if each.value == request.args.get("soort")), None)
    found = page_of_contact_people(text, relation, by.scope, page=page_number())
    return page(
        "contacts/people.html",
        "contacts/_people.html",
        found=found,
        text=text,
        relation=relation,
        relations=RELATIONS,
        questions=count_open_questions(by.scope),
        show_phone=show_phone,
    )


@blueprint.get("/contacten/nieuw")
@requires(Permission.CONTACT_KEEP)
def new_person() -> Response:
    """Show an empty form for somebody who is no learner."""
    organisation_id = id_asked("organisatie")
    form = ContactPersonForm(organisation_id=str(organisation_id) if organisation_id is not None else "")
    return page("contacts/edit_person.html", form=form, person=None)


@blueprint.post("/contacten/nieuw")
@requires(Permission.CONTACT_KEEP)
@creates
@collects_of_others
def add_person() -> BaseResponse:
    """Add somebody who is no learner."""
    return _save(None)


@blueprint.get("/contacten/<uuid:person_id>")
@requires(Permission.CONTACT_VIEW)
def person(person_id: UUID) -> Response:
    """Show what is known of somebody, and what she wrote or said."""
    return _person_page(person_id)


@blueprint.get("/contacten/<uuid:person_id>/wijzig")
@requires(Permission.CONTACT_KEEP)
def edit_person(person_id: UUID) -> Response:
    """Show the form of somebody who is no learner."""
    row = get_contact_person(person_id, require_actor().scope)
    form = ContactPersonForm(obj=row)
    form.relation.data, form.origin.data = row.relation.value, row.origin.value
    form.organisation_id.data = str(row.organisation_id or "")
    form.phone.data = show_phone(row.phone) if row.phone else ""
    _saw(row)
    return page("contacts/edit_person.html", form=form, person=row)


@blueprint.post("/contacten/<uuid:person_id>/wijzig")
@requires(Permission.CONTACT_KEEP)
@collects_of_others
def change_person(person_id: UUID) -> BaseResponse:
    """Store somebody who is no learner."""
    return _save(get_contact_person(person_id, require_actor().scope))


@blueprint.get("/contacten/<uuid:person_id>/wis")
@requires(Permission.CONTACT_ERASE)
def ask_erasure(person_id: UUID) -> Response:
    """Ask why somebody is erased, and say what goes."""
    row = get_contact_person(person_id, require_actor().scope)
    return _erase_page(row, EraseForm())


@blueprint.post("/contacten/<uuid:person_id>/wis")
@requires(Permission.CONTACT_ERASE)
def erase_person(person_id: UUID) -> BaseResponse:
    """Erase somebody who is no learner, and tell her where she has an address."""
    row, form = get_contact_person(person_id, require_actor().scope), EraseForm()
    if not form.validate_on_submit():
        return _erase_page(row, form, status=422)
    try:
        left = erase_contact(person_id, why=str(form.why.data), by=require_actor())
    except Conflict as refusal:
        form.refuse(refusal)
        return _erase_page(row, form, status=409)
    if left:
        flash(_("Gewist. Met hetzelfde e-mailadres staat er nog een contact: dit. Kijk of het ook weg moet."), "warn")
        return see_other(url_for("contacts.person", person_id=left[0].id))
    flash(_("Gewist. Er staat niets meer van deze persoon bij de contacten."), "good")
    return see_other(url_for("contacts.people"))


def _erase_page(row: ContactPerson, form: EraseForm, *, status: int = 200) -> Response:
    others = [each for each in list_with_address(row.email, require_actor().scope) if each.id != row.id]
    _saw(row)
    return page("contacts/erase_person.html", form=form, person=row, others=others, relations=RELATIONS, status=status)


@blueprint.post("/contacten/<uuid:person_id>/berichten")
@requires(Permission.CONTACT_KEEP)
@creates
@collects_of_others
def write_message(person_id: UUID) -> BaseResponse:
    """Write down what somebody wrote or said."""
    by, form = require_actor(), MessageForm()
    get_contact_person(person_id, by.scope)
    if form.validate_on_submit():
        try:
            add_message(
                person_id,
                kind=CorrespondenceKind(form.kind.data),
                way=MessageWay(form.way.data),
                received_on=form.received_on.data,
                body=str(form.body.data),
                by=by,
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("contacts.person", person_id=person_id))
    return _person_page(person_id, form, status=422)


def _person_page(person_id: UUID, form: MessageForm | None = None, *, status: int = 200) -> Response:
    """Show somebody, with the form for a message in hand where it was refused."""
    by = require_actor()
    row = get_contact_person(person_id, by.scope)
    _saw(row)
    return page(
        "contacts/person.html",
        person=row,
        said=list_messages(person_id, by.scope),
        others=[each for each in list_with_address(row.email, by.scope) if each.id != row.id],
        subscriptions=list_subscriptions(person_id, by.scope),
        news_labels=PURPOSES,
        has_news=is_offered(SERVICE_NEWS),
        form=form or MessageForm(received_on=today()),
        relations=RELATIONS,
        origins=ORIGINS,
        languages=LANGUAGES,
        kinds=KINDS,
        ways=WAYS,
        show_phone=show_phone,
        status=status,
    )


def _save(row: ContactPerson | None) -> BaseResponse:
    form = ContactPersonForm()
    if form.validate_on_submit():
        try:
            stored = save_contact_person(row.id if row is not None else None, form.facts(), by=require_actor())
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("contacts.person", person_id=stored.id))
    if row is not None:
        _saw(row)
    return page("contacts/edit_person.html", form=form, person=row, status=422)


@blueprint.get("/vragen")
@requires(Permission.CONTACT_VIEW)
def questions() -> Response:
    """List the questions that wait for an answer, or those in the archive."""
    is_open = request.args.get("welke") != "archief"
    found = list_questions(require_actor().scope, is_open=is_open, page=page_number())
    return page("contacts/questions.html", found=found, is_open=is_open, ways=WAYS)


@blueprint.get("/contacten/<uuid:person_id>/berichten/<uuid:message_id>/klaar")
@requires(Permission.CONTACT_KEEP)
def ask_close(person_id: UUID, message_id: UUID) -> Response:
    """Show a question, and ask for the answer and whether it is archived."""
    return _close_page(person_id, message_id, CloseForm())


@blueprint.post("/contacten/<uuid:person_id>/berichten/<uuid:message_id>/klaar")
@requires(Permission.CONTACT_KEEP)
def close(person_id: UUID, message_id: UUID) -> BaseResponse:
    """Close a question: answered, and archived for a reason or not."""
    by, form = require_actor(), CloseForm()
    get_message(person_id, message_id, by.scope)
    if form.validate_on_submit():
        reason = form.archive_reason.data if form.is_archived.data else None
        try:
            is_there = close_question(person_id, message_id, reply=form.reply.data, archive_reason=reason, by=by)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            return _closed(person_id, is_there=is_there)
    return _close_page(person_id, message_id, form, status=422)


def _close_page(person_id: UUID, message_id: UUID, form: CloseForm, *, status: int = 200) -> Response:
    by = require_actor()
    person = get_contact_person(person_id, by.scope)
    each = read_messages([get_message(person_id, message_id, by.scope)])[0]
    policy = current_policy()
    use = policy.contact_use("question")
    _saw(person)
    return page(
        "contacts/close.html",
        form=form,
        person=person,
        each=each,
        kinds=KINDS,
        ways=WAYS,
        term=policy.text(policy.term(use.term).title, language()) if use is not None else None,
        status=status,
    )


def _closed(person_id: UUID, *, is_there: bool) -> BaseResponse:
    if is_there:
        flash(_("De vraag is afgehandeld."), "good")
        return see_other(url_for("contacts.person", person_id=person_id))
    flash(_("De vraag is afgehandeld. De gegevens van deze persoon zijn gewist: u hebt ze niet meer nodig."), "good")
    return see_other(url_for("contacts.questions"))
