"""Who is asking, may she, and what she must do first."""

from flask import Response as FlaskResponse
from flask import current_app, g, redirect, render_template, url_for
from flask_login import LoginManager, current_user
from htmx_flask import make_response as htmx_response
from htmx_flask import request
from werkzeug.wrappers import Response

from portal.accounts.sessions.last_seen import see
from portal.accounts.sessions.services import is_fresh
from portal.core.db.scope import hidden_categories, reveal
from portal.core.errors import NotAllowed
from portal.core.http import access
from portal.core.http.access import Actor, set_actor
from portal.core.http.pages import page, see_other, where_she_was
from portal.permissions import REACHES_LEARNERS, Permission
from portal.policy.queries import current_policy
from portal.web.kept_forms import kept_form
from portal.web.signed_in import SignedIn, find_signed_in

OPEN_BEFORE_SECOND_STEP = frozenset(
    {
        "accounts.set_up_second_factor",
        "accounts.new_passkey",
        "accounts.passkey_creation_options",
        "accounts.sign_in_anew",
        "accounts.sign_in_anew_by_passkey",
    }
)
_OWN_PAGES = frozenset({Permission.RECORD_OWN, Permission.REQUEST_OWN})

login_manager = LoginManager()
login_manager.session_protection = None  # a session is a row, which ends; addresses of phones change all day


def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token at this school; None where the session has ended or was idle for too long.

    None too while no school is known: the page that says what went wrong before that asks who is signed in.
    """
    if "school" not in g:
        return None
    found = find_signed_in(token)
    if found is None or found.is_own_device:
        return found
    if not see(found.session_id, since=found.authenticated_at, idle_minutes=g.school.idle_minutes):
        g.was_idle = True
        return None
    return found


def identify() -> SignedIn | None:
    """Find out who is asking, for this request; None where nobody is signed in."""
    if not current_user.is_authenticated:
        return None
    holder: SignedIn = current_user
    g.account_language = holder.language
    set_actor(holder.actor)
    return holder


def check_access(holder: SignedIn | None) -> Response | None:
    """Refuse, or send elsewhere first, who may not open this address as things stand; None where she may."""
    asked = access.access_of(current_app, str(request.endpoint))
    if asked == "public":
        return None
    if holder is None:
        answer: Response = login_manager.unauthorized()
        return answer
    actor = holder.actor
    if not isinstance(asked, Permission) or not actor.may(asked):
        raise NotAllowed("not_allowed", permission=str(asked))
    if asked is Permission.RECORD_OWN or (asked in _OWN_PAGES and actor.learner_id is not None):
        set_actor(actor.on_own_record())
    first = _first(holder, actor, asked)
    return see_other(url_for(first, terug=where_she_was())) if first is not None else None


def reveal_own_record() -> None:
    """Let a learner, and who acts for her, see what she restricted, where she opens nothing but that record."""
    actor = access.current_actor()
    own_learner_id = actor.scope.own_learner_id if actor is not None else None
    if own_learner_id is not None:
        reveal(own_learner_id)


def hide_restricted_categories() -> None:
    """Let staff on a learner's pages neither see nor change the categories that she restricted (ST-08).

    Rows of such a category are hidden by the database; this is for the columns of her own row.
    """
    actor, learner_id = access.current_actor(), (request.view_args or {}).get("learner_id")
    if actor is not None and learner_id is not None:
        hidden = hidden_categories(learner_id)
        if hidden:
            set_actor(actor.without(hidden))


def _first(holder: SignedIn, actor: Actor, asked: Permission) -> str | None:
    """Return the endpoint of what she must do before this address opens; None where nothing stands in between."""
    endpoint = str(request.endpoint)
    wanted = not holder.has_second_factor and not actor.roles.isdisjoint(g.school.second_factor_roles)
    if wanted and endpoint not in OPEN_BEFORE_SECOND_STEP:
        return "accounts.sign_in_anew" if holder.may_give_second_step else "accounts.set_up_second_factor"
    minutes = access.fresh_minutes_of(current_app, endpoint)
    if minutes is not None and not is_fresh(holder, minutes):
        return "accounts.sign_in_anew"
    if asked in REACHES_LEARNERS and actor.is_staff:
        return None if current_policy().confidentiality.version in holder.accepted else "accounts.confidentiality"
    if asked in _OWN_PAGES and holder.must_choose and endpoint != "representation.choose_whom":
        return "representation.choose_whom"
    return None


def say_session_ended(status: int) -> FlaskResponse:
    """Say on top of the page that htmx asked from that its session ended; all that is on the page stays as it is."""
    part = render_template("layouts/_signed_out.html", has_ended=True, was_idle=g.get("was_idle", False))
    answer: FlaskResponse = htmx_response(part, status, retarget="#signed_out", reswap="outerHTML")
    return answer


def _ask_to_sign_in() -> Response:
    is_reading = request.method in access.READING
    if request.htmx and not is_reading:
        return say_session_ended(401)
    kept = None if is_reading else kept_form()
    if kept is not None:
        return page("errors/401.html", kept=kept, was_idle=g.get("was_idle", False), status=401)
    why = "stil" if g.get("was_idle") else None
    url = url_for("accounts.sign_in", terug=where_she_was(), reden=why, kwijt=None if is_reading else 1)
    if request.htmx:
        answer: Response = htmx_response("", 401, redirect=url)
        return answer
    return redirect(url, 303)


login_manager.user_loader(load_signed_in)
login_manager.unauthorized_handler(_ask_to_sign_in)
