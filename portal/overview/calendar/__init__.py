"""Lessons of a teacher or a learner as a calendar reads them: her page about it, and the calendar itself."""
