"""The record of a learner: her data by category, enrolments, trajectories, coach, corrections, merging, finding her.

Higher features add kinds of entries to it by the port `learners.entry_kinds`. Tables: coach_substitute, coaching,
correction, enrolment, field_origin, learner, record_merge, trajectory, waiting_entry. Jobs:
learners.clear_expired_fields, learners.clear_merges, learners.pass_on_unanswered, learners.send_invitations,
learners.tell_of_lesson. Used by: staff by category and own groups; a learner her own.
"""
