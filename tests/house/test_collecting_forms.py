"""Every form that takes personal data shows the statement in force and why it asks; each form is named here (LB-01).

A new form fails until it is declared with `@collects` or `@collects_of_others` and has `collected` of
`components/collection.html`, or stands here among those that take nothing new of anybody.
"""

from pathlib import Path

import pytest
from flask import Flask

from portal.policy.privacy_notices.collection import is_collecting

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
COLLECTING = {
    "accounts.accept_invited": "accounts/invited.html",
    "accounts.change_email": "accounts/change_email.html",
    "accounts.first_time": "accounts/first_time.html",
    "accounts.invite": "accounts/invite_members.html",
    "attendance.hand_in_screenshot": "attendance/evidence.html",
    "attendance.store_report": "attendance/report_absence.html",
    "attendance.write_note": "attendance/_mark_note.html",
    "contacts.ask_question": "contacts/ask_question.html",
    "contacts.add_person": "contacts/edit_person.html",
    "contacts.change_person": "contacts/edit_person.html",
    "contacts.subscribe": "contacts/subscribe.html",
    "contacts.write_message": "contacts/_write_message.html",
    "imports.hand_in": "imports/runs.html",
    "intakes.sign_up": "intakes/sign_up.html",
    "learners.change": "learners/_edit.html",
    "learners.change_entry_of": "learners/entry.html",
    "learners.propose_for_own_entry": "learners/correct_entry.html",
    "learners.store": "learners/new.html",
    "learners.store_entry": "learners/entry.html",
    "learners.store_own_field": "learners/change_own_field.html",
    "overview.lost_address": "overview/lost_address.html",
    "progress.answer_joint_evaluation": "progress/_joint_evaluation.html",
    "progress.answer_own_evaluation": "progress/_joint_evaluation.html",
    "progress.enter_result": "progress/_results.html",
    "progress.write_evaluation": "progress/_evaluations.html",
    "progress.write_note": "progress/_notes.html",
    "representation.appoint": "representation/mine.html",
    "representation.new_representative": "representation/new_representative.html",
    "requests.ask_public": "requests/public/ask.html",
    "requests.complain": "requests/complain.html",
    "requests.complain_public": "requests/public/complain.html",
    "requests.enter": "requests/enter.html",
    "requests.enter_complaint_of": "requests/enter_complaint.html",
    "requests.file": "requests/ask.html",
    "requests.file_who_looked": "requests/ask_names.html",
    "requests.store_correction": "requests/correct.html",
    "requests.store_entry_correction": "requests/correct_entry.html",
    "requests.write_complaint": "requests/enter_complaint.html",
}
"""The forms that take personal data, each with the template that shows it."""
ENROLLING = {"learners.join", "learners.join_together", "learners.move", "learners.move_found", "learners.move_members",
             "learners.place_waiting"}  # fmt: skip
"""Those that enrol: they show the statement in a place of their own, and the enrolment keeps the version."""
OTHERS = {
    "accounts": """
        account_language change_own_password change_passkey_name choose_language choose_password confidentiality
        confirm_email end_member end_own_session forget_second_factor forgotten invite_member_again let_member_return
        member new_passkey new_recovery_codes offer_help record_council record_council_on_names second_step
        second_step_by_passkey set_up_second_factor sign_in_anew sign_in_anew_by_passkey
        sign_in_by_passkey sign_in_with_password sign_member_out sign_out sign_out_everywhere
        take_members take_passkey_away
        turn_off_second_factor
    """,
    "attendance": """
        drop_evidence everyone_present record remind take_absence_back undo
    """,
    "contacts": """
        add_mailing change_mailing close confirm_now erase_me erase_person note_offer preview send stop_now
    """,
    "copies": """
        begin begin_mine decide fetch give
    """,
    "courses": """
        add_course add_group add_holiday add_lesson cancel_lesson cancel_lessons_on change_course
        change_group change_lesson copy delete_lesson drop_term fill_in remove_holiday replace
        restore_lesson save_slot save_teacher stop_slot stop_teacher store_term take_back take_groups
    """,
    "disclosures": """
        fetch make set_address stop told
    """,
    "hours": """
        take_matrix
    """,
    "identity": """
        keep_document
    """,
    "imports": """
        choose choose_all choose_values decide decide_which discard give_back hand_in_results stop store
        take_result_list undo
    """,
    "intakes": """
        take_on
    """,
    "learners": """
        add_waiting ask_coach_found ask_end ask_join_found ask_mail ask_mail_found ask_move ask_move_found
        check_invitations coach_found decide delete_entry do_merge end_ground end_members give_one_coach
        join join_together leave letters mail_found mail_members move move_found move_members place_waiting
        reveal save_substitute send_invitations show_own_number show_proposal stop_substitute
        take_change_back take_coaches_back take_found take_incomplete take_invitable take_members
        take_off_waiting undo withdraw_own_correction
    """,
    "notifications": """
        leave_now see set_mail
    """,
    "organisations": """
        add_organisation change_organisation delete_organisation
    """,
    "overview": """
        end_calendar follow_notification keep_my_learners remove_goal renew_calendar save_handover set_goal
        take_my_learners take_school_figures tick_can_do
    """,
    "oversight": """
        advise_incident choose_data_touched decide_on_telling edit_incident incident_letters_on_ground
        incident_letters_sent mail_people_touched name_touched record_impact_assessment
        report_incident sign_access store_incident take_incident_file take_touched_off
    """,
    "policy": """
        announce cancel check_new_version read_notice
    """,
    "progress": """
        agree_joint_evaluation agree_own_evaluation assess_everyone delete_level record_assessment
        remove_joint_evaluation remove_question remove_statement show_note start_joint_evaluation
        store_question store_statement store_statement_text take_statements undo_assessment
    """,
    "purposes": """
        again check_untold give letter_sent letters_sent privacy_letters refuse tell withdraw
    """,
    "representation": """
        choose_whom end_own end_own_access end_representative give_access_back settle
    """,
    "requests": """
        accept_document agree_again answer_of_complaint ask_new_code ask_who combine confirm decide did_by_hand extend
        give_advice
        give_code give_public_code hand_in_own handle_complaint lift say_about say_whose_complaint
        refuse_document return_proposal saw_at_counter say_nothing_held
        say_person say_representative see_document stop take take_back tell_it_stops tell_recipient told_code use
    """,
    "retention": """
        confirm end hand_over store_hold take_back
    """,
    "schools": """
        add_host change_levels change_logo change_look change_notifications change_opening_hours
        change_retention change_sign_in_rules change_visitor_forms make_primary_host remove_host
    """,
    "signals": """
        store_answer store_rules
    """,
}
"""Forms that take nothing new of anybody: a choice, a tap, a decision, a file for a run, or what the school itself is
like; by the feature that has them. What is filed at an intake keeps the version too."""


def posted(app: Flask) -> set[str]:
    """Every endpoint that a form can be sent to."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_form_that_collects_is_named_here_and_the_rest_too(app: Flask) -> None:
    there = posted(app)
    declared = {endpoint for endpoint in there if is_collecting(app, endpoint)}
    others = {f"{feature}.{name}" for feature, names in OTHERS.items() for name in names.split()}

    assert declared == set(COLLECTING)
    assert sorted(there - declared - others) == [], "a new form: does it take personal data?"
    assert sorted(others - there) == []
    assert others >= ENROLLING


@pytest.mark.promise("LB-01", part="forms")
@pytest.mark.parametrize("endpoint", COLLECTING)
def test_the_page_of_each_has_the_statement_and_the_reasons(endpoint: str) -> None:
    text = (TEMPLATES / COLLECTING[endpoint]).read_text()
    [form] = [
        part.partition("</form>")[0] for part in text.split("<form")[1:] if "collected(" in part.partition("</form>")[0]
    ]
    assert "submit(" in form


RESTS_ON_LAW = {"requests/public/ask.html"}
"""Forms of visitors that feed nothing but what a law asks: there is nothing to object to."""


@pytest.mark.parametrize("template", sorted(set(COLLECTING.values()) - RESTS_ON_LAW))
def test_a_form_without_a_sign_in_has_the_right_to_object_apart(template: str) -> None:
    text = (TEMPLATES / template).read_text()

    if '"layouts/public.html"' in text:
        assert "may_object(" in text.partition("</form>")[2]
