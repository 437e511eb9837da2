"""Whose names a learner reads of the staff who looked at her data, and her question who it was (C-579/21)."""
