"""Levels of a learner or of a whole group."""
