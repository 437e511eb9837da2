"""Telling everybody of a new version of the privacy statement, by mail."""
