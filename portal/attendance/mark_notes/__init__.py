"""A short note of a teacher or the office at what the register says of one learner, by default visible to her.

Tables: mark_note.
"""
