"""Telling learners, and who may act for them, what happened."""
