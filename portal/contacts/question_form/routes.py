"""Asking the school something without a sign-in (LL-08)."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.contacts.blueprint import blueprint
from portal.contacts.question_form.forms import QuestionForm
from portal.contacts.question_form.services import ask_school, must_take_questions
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import public
from portal.core.http.creation import creates
from portal.core.http.languages import language
from portal.core.http.pages import form_page, page, see_other
from portal.policy.privacy_notices.collection import collects, note_collected_by_contact
from portal.policy.queries import current_policy


@blueprint.route("/vraag", methods=["GET", "POST"])
@public
@creates
@collects
def ask_question() -> Response | BaseResponse:
    """Store what somebody asks, and thank her."""
    must_take_questions()
    form = QuestionForm(language=language())
    if form.validate_on_submit():
        is_old_enough = form.age.data == "ja"
        try:
            person = ask_school(
                form.facts(), str(form.body.data), is_old_enough=is_old_enough, address=request.remote_addr
            )
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            note_collected_by_contact(person.id)
            return see_other(url_for("contacts.asked"))
    policy = current_policy()
    use = policy.contact_use("question")
    kept = policy.text(policy.term(use.term).title, language()) if use is not None else None
    return form_page("contacts/ask_question.html", form, kept=kept)


@blueprint.get("/vraag/gelukt")
@public
def asked() -> Response:
    """Say that a question came in, to whoever opens it."""
    must_take_questions()
    return page("contacts/asked.html")
