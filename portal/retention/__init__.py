"""Retention: until when data on a person may be held, from what is recorded and never from today.

Tables: none. Jobs: none. Used by: *Mijn gegevens*, where each learner reads until when each category is kept, and
whoever runs `portal retention preview`, which counts whose terms end.
"""
