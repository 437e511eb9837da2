"""The record of a learner: her data by category, enrolments, trajectories, corrections, merging, finding her.

Higher features add kinds of entries to it by the port `learners.entry_kinds`. Tables: correction, enrolment,
field_origin, learner, trajectory. Jobs: learners.clear_expired_fields, learners.pass_on_unanswered,
learners.send_invitations. Used by: staff by category and own groups; a learner her own.
"""
