"""The record of a learner: her data by category, trajectories, enrolments, representatives, corrections, merging.

Tables: learner, field_origin, representative, organisation, contact_person, trajectory, enrolment, intake, correction,
and the entries of a record (appointment, invoice_line, order_line, complaint, correspondence, identity_document,
lesson_evidence). Job: learners.clear_lapsed, each day. Staff reach it by category and own groups; a learner her own.
What a field is stands in `fields.py`, which kinds of entries there are in `entries.py`; forms, pages, imports and files
are made from these two.
"""
