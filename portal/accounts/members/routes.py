"""Members: who works at the school, inviting, roles, ending."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint
from portal.accounts.labels import ROLES
from portal.accounts.members import services
from portal.accounts.members.forms import HelpForm, InviteForm, ReturnForm, RolesForm
from portal.accounts.queries import (
    MEMBER_ORDERS,
    Member,
    get_account,
    get_member,
    list_members,
    list_sessions,
)
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n, comma
from portal.core.http.lists import format_asked, in_order, order_asked, send_list
from portal.core.http.pages import page, see_other
from portal.permissions import Permission, Role
from portal.policy.privacy_notices.collection import collects_of_others


@blueprint.get("/medewerkers")
@requires(Permission.MEMBER_KEEP)
def members() -> Response:
    """List who works at the school, in the order that was asked, and who did."""
    order, found = _members()
    ended = list_members(ended=True)
    return page("accounts/members.html", members=found, order=order, ended=ended, role_names=ROLES)


@blueprint.post("/medewerkers/ophalen")
@requires(Permission.MEMBER_KEEP)
@freshly(60)
def take_members() -> Response:
    """Give the list of who works at the school as a file, as it is sorted."""
    wanted, (_order, found) = format_asked(), _members()
    headings = [_("Naam"), _("E-mailadres"), _("Rollen"), _("Tweede stap")]
    rows = [(each.name, each.email, _roles(each), _("aan") if each.has_second_factor else _("uit")) for each in found]
    services.take_list(len(rows), wanted.value, by=require_actor())
    return send_list(_("Medewerkers"), wanted, headings, rows)


def _members() -> tuple[str, list[Member]]:
    order = order_asked(MEMBER_ORDERS, "name")
    return order, in_order(list_members(), order, MEMBER_ORDERS)


def _roles(member: Member) -> str:
    return comma().join(str(ROLES[role]) for role in member.roles)


@blueprint.route("/medewerkers/uitnodigen", methods=["GET", "POST"])
@requires(Permission.MEMBER_KEEP)
@creates
@freshly(60)
@collects_of_others
def invite() -> Response | BaseResponse:
    """Invite one person or a list of them in the same roles."""
    form = InviteForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            people = services.read_people(str(form.people.data))
            invited = services.invite_members(people, _chosen(form), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            count = len(invited)
            flash(_n("%(num)s medewerker is uitgenodigd.", "%(num)s medewerkers zijn uitgenodigd.", count), "good")
            return see_other(url_for("accounts.members"))
    return page("accounts/invite_members.html", form=form, status=status)


@blueprint.route("/medewerkers/<uuid:account_id>", methods=["GET", "POST"])
@requires(Permission.MEMBER_KEEP)
@freshly(60)
def member(account_id: UUID) -> Response | BaseResponse:
    """Show a member and change her roles; of one whose account was ended, ask in which roles she comes back."""
    found = get_member(account_id, require_actor().scope)
    form = ReturnForm() if found.ended_at else RolesForm(roles=[role.value for role in found.roles])
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            services.change_roles(account_id, _chosen(form), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De rollen zijn opgeslagen."), "good")
            return see_other(url_for("accounts.members"))
    return _member_page(account_id, form, status)


def _chosen(form: RolesForm) -> frozenset[Role]:
    return frozenset(Role(role) for role in form.roles.data or ())


def _member_page(account_id: UUID, form: RolesForm, status: int, help_form: HelpForm | None = None) -> Response:
    found = get_member(account_id, require_actor().scope)
    is_own = account_id == require_actor().account_id
    audit.saw_person(("account", account_id), "accounts.member")
    return page(
        "accounts/member.html",
        form=form,
        help_form=help_form or HelpForm(formdata=None, obj=get_account(account_id, require_actor().scope)),
        member=found,
        session_count=len(list_sessions(account_id, require_actor().scope)),
        is_own=is_own,
        may_widen=not is_own or services.is_alone_in_charge(found),
        status=status,
    )


@blueprint.post("/medewerkers/<uuid:account_id>/hulp")
@requires(Permission.MEMBER_KEEP)
def offer_help(account_id: UUID) -> BaseResponse:
    """Say what a member can be asked about, on the page *Hulp*."""
    found = get_member(account_id, require_actor().scope)
    form = HelpForm()
    if form.validate_on_submit():
        try:
            services.offer_help(
                account_id, helps_with=form.helps_with.data, help_phone=form.help_phone.data, by=require_actor()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen. Zo staat het op de pagina Hulp."), "good")
            return see_other(url_for("accounts.member", account_id=account_id))
    roles = RolesForm(formdata=None, roles=[role.value for role in found.roles])
    return _member_page(account_id, roles, 422, form)


@blueprint.post("/medewerkers/<uuid:account_id>/uitnodigen")
@requires(Permission.MEMBER_KEEP)
def invite_member_again(account_id: UUID) -> BaseResponse:
    """Send a new invitation."""
    services.invite_again(account_id, by=require_actor())
    flash(_("Er is een nieuwe uitnodiging verstuurd. De vorige link werkt niet meer."), "good")
    return see_other(url_for("accounts.member", account_id=account_id))


@blueprint.post("/medewerkers/<uuid:account_id>/einde")
@requires(Permission.MEMBER_KEEP)
def end_member(account_id: UUID) -> BaseResponse:
    """End a member's account."""
    services.end_member(account_id, by=require_actor())
    flash(_("Deze medewerker kan niet meer inloggen."), "good")
    return see_other(url_for("accounts.members"))


@blueprint.post("/medewerkers/<uuid:account_id>/terug")
@requires(Permission.MEMBER_KEEP)
@freshly(60)
def let_member_return(account_id: UUID) -> Response | BaseResponse:
    """Invite a member whose account was ended anew, in the roles that are chosen now."""
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            services.let_member_return(account_id, _chosen(form), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Deze medewerker is opnieuw uitgenodigd."), "good")
            return see_other(url_for("accounts.member", account_id=account_id))
    return _member_page(account_id, form, 422)


@blueprint.post("/medewerkers/<uuid:account_id>/uitloggen")
@requires(Permission.MEMBER_KEEP)
def sign_member_out(account_id: UUID) -> BaseResponse:
    """End every session of a member."""
    services.sign_member_out(account_id, by=require_actor())
    flash(_("Deze medewerker is overal uitgelogd."), "good")
    return see_other(url_for("accounts.member", account_id=account_id))


@blueprint.post("/medewerkers/<uuid:account_id>/tweede-stap-weg")
@requires(Permission.MEMBER_KEEP)
@freshly()
def forget_second_factor(account_id: UUID) -> BaseResponse:
    """Turn off the second step of a member who lost her phone."""
    services.forget_second_factor(account_id, by=require_actor())
    flash(_("De tweede stap van deze medewerker staat uit."), "good")
    return see_other(url_for("accounts.member", account_id=account_id))
