"""The record of a learner: her data by category, trajectories, enrolments, representatives, corrections, merging.

Tables: learner, field_origin, representative, organisation, contact_person, trajectory, enrolment, intake, correction,
and the entries of a record (appointment, invoice_line, order_line, complaint, correspondence, identity_document,
lesson_evidence). Staff reach it by category and own groups; a learner reaches her own.
"""
