"""Organisations that a school deals with, and who works there (LL-02).

Tables: contact_person, organisation. Jobs: none. Used by: administration.
"""
