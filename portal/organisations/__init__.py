"""Organisations a school deals with, and who works there (LL-02). Tables: organisation, contact_person."""
