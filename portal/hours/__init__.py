"""Contact hours of learners and groups, added up from marks: the only place that adds minutes.

Tables: none. Jobs: none. Used by: who sees figures, and each learner her own.
"""
