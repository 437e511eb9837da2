"""Complaints of learners and how they were handled.

Tables: complaint. Jobs: none. Used by: management, seen by the privacy officer; a learner sees her own.
"""
