"""Evidence of presence in a lesson at a distance: of a screenshot each learner's own part, and nobody else's.

Tables: lesson_evidence.
"""
