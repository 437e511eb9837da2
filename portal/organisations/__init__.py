"""Organisations that a school deals with, and people who are no learners (LL-02).

Tables: contact_person, organisation. Jobs: none. Used by: administration.
"""
