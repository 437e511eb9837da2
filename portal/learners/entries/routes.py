"""The entries of a record (trajectories, intake, appointments and so on): one set of addresses for all kinds."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other, see_saved
from portal.learners.blueprint import blueprint
from portal.learners.completeness.way_back import list_asked, stored_from_list, way_back
from portal.learners.enrolments.labels import END_REASONS
from portal.learners.enrolments.models import Enrolment
from portal.learners.entries.kinds import KINDS, EntryKind, kinds_seen
from portal.learners.entries.presenters import show_entries
from portal.learners.entries.queries import get_entry, list_held
from portal.learners.entries.services import add_entry, change_entry, remove_entry
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.origins.queries import list_all_origins
from portal.learners.record.forms import BareForm, FieldsForm, OriginForm, make_form
from portal.learners.record.labels import CHANNELS, SOURCES
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.scope.services import get_within_reach
from portal.organisations.queries import list_contact_people, names_of_organisations
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@blueprint.get("/cursisten/<uuid:learner_id>/dossier")
@requires(Permission.LEARNER_VIEW)
def entries(learner_id: UUID) -> Response:
    """Show trajectories, groups and everything else that stands under a learner."""
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    kinds = kinds_seen(current_policy(), by)
    held = list_held(kinds, learner_id, by.scope)
    origins = list_all_origins(learner)
    audit.saw([learner_id], "learners.entries")
    return page(
        "learners/entries.html",
        learner=learner,
        sections=[(kind, show_entries(kind, held.rows.get(kind.model, []), held.names, origins)) for kind in kinds],
        enrolments=held.rows.get(Enrolment, []),
        end_reasons=END_REASONS,
        sources=SOURCES,
        channels=CHANNELS,
        changes=by.changes if by.may(Permission.LEARNER_KEEP) else frozenset(),
    )


@blueprint.get("/cursisten/<uuid:learner_id>/dossier/<slug>/nieuw")
@requires(Permission.LEARNER_KEEP)
def new_entry(learner_id: UUID, slug: str) -> Response:
    """Show an empty form for an entry."""
    kind, learner = _kind(slug), get_within_reach(learner_id, require_actor())
    return _entry_page(kind, learner, _form(kind)())


@blueprint.post("/cursisten/<uuid:learner_id>/dossier/<slug>/nieuw")
@requires(Permission.LEARNER_KEEP)
@creates
@collects_of_others
def store_entry(learner_id: UUID, slug: str) -> BaseResponse:
    """Add an entry."""
    by, kind = require_actor(), _kind(slug)
    learner, form = get_within_reach(learner_id, by), _form(kind)()
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            shown = request.form.get("statement_shown")
            add_entry(kind, learner_id, form.values(), **form.origin(is_new=True), statement_shown=shown, by=by)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            return _done(learner_id, kind, _("Toegevoegd."))
    return _entry_page(kind, learner, form, status=422)


@blueprint.get("/cursisten/<uuid:learner_id>/dossier/<slug>/<uuid:entry_id>")
@requires(Permission.LEARNER_KEEP)
def edit_entry(learner_id: UUID, slug: str, entry_id: UUID) -> Response:
    """Show the form of an entry."""
    kind, learner = _kind(slug), get_within_reach(learner_id, require_actor())
    form = _form(kind)()
    form.fill(values_of(get_entry(kind, learner_id, entry_id, require_actor().scope), kind.fields(current_policy())))
    return _entry_page(kind, learner, form, entry_id=entry_id)


@blueprint.post("/cursisten/<uuid:learner_id>/dossier/<slug>/<uuid:entry_id>")
@requires(Permission.LEARNER_KEEP)
@collects_of_others
def change_entry_of(learner_id: UUID, slug: str, entry_id: UUID) -> BaseResponse:
    """Store an entry; after a change by somebody else meanwhile, show what stands there now."""
    by, kind = require_actor(), _kind(slug)
    learner, form = get_within_reach(learner_id, by), _form(kind)()
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            change_entry(kind, learner_id, entry_id, form.values(), **form.origin(), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            return _conflict_page(kind, learner, form, entry_id, refusal.facts["mine"])
        else:
            listed = stored_from_list()
            return see_other(listed) if listed is not None else _done(learner_id, kind, _("Opgeslagen."))
    return _entry_page(kind, learner, form, entry_id=entry_id, status=422)


@blueprint.post("/cursisten/<uuid:learner_id>/dossier/<slug>/<uuid:entry_id>/verwijder")
@requires(Permission.LEARNER_KEEP)
def delete_entry(learner_id: UUID, slug: str, entry_id: UUID) -> BaseResponse:
    """Remove an entry."""
    by, kind = require_actor(), _kind(slug)
    get_within_reach(learner_id, by)
    remove_entry(kind, learner_id, entry_id, by=by)
    return _done(learner_id, kind, _("Verwijderd."))


def _kind(slug: str) -> EntryKind:
    """Return a kind of entry that the school keeps and this person may change; raises NotFound, NotAllowed."""
    kind, by = KINDS.get(slug), require_actor()
    if kind is None or not kind.is_kept(current_policy()):
        raise NotFound("kind")
    if kind.category not in by.changes:
        raise NotAllowed("category_not_changed", category=kind.category)
    return kind


def _form(kind: EntryKind) -> type[OriginForm]:
    fields = kind.fields(current_policy())
    links: Mapping[str, Mapping[UUID, str]] = {}
    if any(field.kind == "link" for field in fields):
        clients = names_of_organisations()
        people = {
            person.id: f"{person.name} ({clients[person.organisation_id]})"
            for person in list_contact_people()
            if person.organisation_id is not None
        }
        links = {"trajectory.client_id": clients, "trajectory.client_manager_id": people}
    return make_form(OriginForm, fields, links=links)


def _names() -> dict[UUID, str]:
    return names_of_organisations() | {person.id: person.name for person in list_contact_people()}


def _conflict_page(
    kind: EntryKind, learner: Learner, form: FieldsForm, entry_id: UUID, typed: Collection[str]
) -> Response:
    """Show what stands there now, and in the form what was typed; what was left as it was shown is as it is now."""
    row = get_entry(kind, learner.id, entry_id, require_actor().scope)
    form.fill(values_of(row, kind.fields(current_policy())), typed=typed)
    now = show_entries(kind, [row], _names(), [])[0].lines
    return _entry_page(kind, learner, form, entry_id=entry_id, status=409, now=now)


def _entry_page(
    kind: EntryKind,
    learner: Learner,
    form: FieldsForm,
    *,
    entry_id: UUID | None = None,
    status: int = 200,
    now: Sequence[tuple[str, str]] = (),
) -> Response:
    audit.saw([learner.id], "learners.entries")
    return page(
        "learners/entry.html",
        form=form,
        learner=learner,
        kind=kind,
        entry_id=entry_id,
        back=way_back(url_for("learners.entries", learner_id=learner.id)),
        listed=list_asked(),
        now=now,
        remove=BareForm(),
        statement=current_policy() if kind.mentions_statement and entry_id is None else None,
        statement_id=str(current_school().policy_version_id),
        statement_shown=request.form.get("statement_shown"),
        status=status,
    )


def _done(learner_id: UUID, kind: EntryKind, words: str) -> BaseResponse:
    return see_saved(url_for("learners.entries", learner_id=learner_id), place=kind.slug, said=words)
